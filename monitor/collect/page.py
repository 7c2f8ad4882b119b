"""Writing what was observed: in atomic batches, of which only the last moves the cursor, the coverage or the ladder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.clock import Clock
from monitor.collect.observe import OBSERVED_FOR, Observed
from monitor.collect.witness import Witness
from monitor.model.campaign import Campaign
from monitor.model.mention import Reported
from monitor.model.sighting import Batch, Seen, Sighting
from monitor.model.source import Kind, Source, Standing
from monitor.sources import platforms
from monitor.store import ingest
from monitor.store.store import Store

AT_ONCE = 500  # sightings in one script call: some milliseconds during which Redis serves nobody else
KEEP = OBSERVED_FOR + timedelta(days=1)
"""How long the peaks of a live post outlive their last write: longer than it can be observed."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What every step of a run needs: where to store, whom to ask, for which campaign, by which clock.

    `witness` is told of everything before it is stored, where the campaign keeps evidence.
    """

    store: Store
    source: Source
    campaign: Campaign
    clock: Clock
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Along:
    """What the last write of a page carries along: where its walk stands then, what was asked again and reported."""

    walk: str | None = None
    standing: Standing | None = None
    asked: Sequence[str] = ()
    reported: Sequence[Reported] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read, and what became of it."""

    read: int = 0
    kept: int = 0
    new: int = 0
    refused: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(self.read + other.read, self.kept + other.kept, self.new + other.new, self.refused + other.refused)


def kept_for(platform: str) -> timedelta:
    """Return how long the peaks of a post outlive their last write, at most as long as the platform's terms allow."""
    known = platforms().get(platform)
    return min(KEEP, (known and known.Settings.FORGET_AFTER) or KEEP)


async def write(given: Assignment, seen: Observed, now: datetime, along: Along) -> Kept:
    """Store all sightings of a page, then, with the last of them, what follows from having stored it."""
    if given.witness is not None and seen.mentions:
        source = given.source
        await given.witness.saw(Seen(given.campaign.slug, source.name, source.platform, now, seen.mentions))
    epoch = int(now.timestamp())
    chunks = list(_chunks(seen))
    new = 0
    for number, (kind, sightings) in enumerate(chunks, start=1):
        last = along if number == len(chunks) else Along()
        batch = Batch(
            campaign=given.campaign.slug,
            zone=given.campaign.zone,
            platform=given.source.platform,
            source=given.source.name,
            kind=kind,
            observed=epoch,
            now=epoch,
            sightings=sightings,
            walk=last.walk,
            standing=last.standing,
            asked=last.asked,
            reported=last.reported,
            keep=int(kept_for(given.source.platform).total_seconds()),
        )
        new += (await ingest.write(given.store, batch)).new
    return Kept(read=seen.read, kept=len(seen.posts) + len(seen.articles), new=new, refused=seen.refused)


def _chunks(seen: Observed) -> Iterator[tuple[Kind, Sequence[Sighting]]]:
    """Yield at least one chunk: a page without mentions still moves its cursor."""
    kinds: tuple[tuple[Kind, tuple[Sighting, ...]], ...] = (("articles", seen.articles), ("posts", seen.posts))
    for kind, sightings in kinds:
        for start in range(0, len(sightings), AT_ONCE):
            yield kind, sightings[start : start + AT_ONCE]
    if not seen.posts and not seen.articles:
        yield "posts", ()
