"""One campaign that listens to one source: what it heard and is not stored yet, and how it went since it was asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.collect import page
from monitor.collect.observe import Observed, observe
from monitor.collect.pile import Pile
from monitor.errors import MonitorError
from monitor.model.mention import Mention
from monitor.model.source import STREAM, Cursor, Page, Walk
from monitor.model.window import Window
from monitor.store import runs

QUIET = timedelta(seconds=30)
"""How often the place of a campaign is stored that nobody talks of: 200 of them are 7 writes a second."""

SILENT = timedelta(seconds=60)
"""A connection on which nothing at all is said for so long, not even that there is nothing to say, may be deaf."""

BEHIND = timedelta(minutes=5)  # the stream is being caught up with; more than that is worth telling

_NOTHING = Observed((), (), 0, 0)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard since the last time, and what is wrong with the connection, if anything is.

    `breaks` counts how often it broke meanwhile; `deaf`: nothing at all was said for a while, not even elsewhere;
    `behind` is how far back in the stream we are; `cut`: the stream no longer had everything since we listened last.
    """

    kept: page.Kept = field(default_factory=page.Kept)
    trouble: MonitorError | None = None
    breaks: int = 0
    deaf: bool = False
    cut: bool = False
    behind: timedelta = timedelta()

    @property
    def remark(self) -> str:
        """What else is worth telling, in words."""
        broke = f"the connection broke {self.breaks} times" if self.breaks else ""
        late = f"still {self.behind.total_seconds() / 60:.0f} minutes behind" if self.behind >= BEHIND else ""
        return ", ".join(filter(None, (broke, late)))


class Ear:
    """What a campaign hears of a stream."""

    def __init__(self, given: page.Assignment) -> None:
        self.given = given
        self.kept = page.Kept()
        self.stood: float | None = None
        """How far the place reached, in epoch seconds, from which on it listens."""
        self.is_cut = False
        self.is_sound = True
        """False while something that was taken to be stored may be lost; then the stream must be heard once more."""
        self._pile = Pile(given, Walk(STREAM))
        self._stored = given.clock.now()

    @property
    def key(self) -> tuple[str, str]:
        return self.given.campaign.slug, self.given.source.name

    async def place(self) -> Cursor | None:
        """Return where this campaign stands in the stream, as it is stored."""
        slug, name = self.key
        cursor = (await runs.standing(self.given.store, slug, name, STREAM)).cursor
        self.stood = float(cursor["at"]) if cursor else None
        return cursor

    def hear(self, mentions: Sequence[Mention], refused: int = 0) -> None:
        """Keep what is of the campaign until it is stored."""
        now = self.given.clock.now()
        self._pile.add(Page(refused=refused), observe(self.given.campaign, mentions, now=now), now)

    @property
    def is_full(self) -> bool:
        """Whether enough waits, or waits for long enough."""
        return self._pile.is_full(self.given.clock.now())

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is time to store, also that nothing came."""
        return self.is_full or now - self._stored >= QUIET

    async def store(self, place: Cursor | None, covered: Sequence[Window]) -> None:
        """Store what waits, and with it how far the stream was heard."""
        now = self.given.clock.now()
        self._pile.add(Page(cursor=place), _NOTHING, now)
        for window in covered:
            self._pile.add(Page(covered=window), _NOTHING, now)
        self.is_sound, self._stored = False, now
        stored = await self._pile.store(now)
        self.kept += stored  # not before: meanwhile somebody may have asked, and it is counted from nothing again
        self.is_sound = True

    def forget(self) -> None:
        """Drop what waits: the stream is heard once more from the place that is stored."""
        self._pile, self.is_sound = Pile(self.given, Walk(STREAM)), True
