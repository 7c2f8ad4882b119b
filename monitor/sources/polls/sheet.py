"""A published Google Sheet, or the answers of a Google Form in one: a row for each ballot, or a table of sums.

Of ballots only the column with the names is kept: a form's sheet often holds addresses of people.
"""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from monitor.errors import UnexpectedPayload
from monitor.fetch.client import Client
from monitor.model.option import option_key
from monitor.model.poll import Option, Tally, Votes
from monitor.model.poll_source import PollSettings
from monitor.sources.polls import page
from monitor.sources.polls._rows import Csv

LIMIT = 20_000_000  # bytes: some 200,000 ballots
MOST_OPTIONS = 200


class Settings(PollSettings):
    """A sheet by the address of its published CSV."""

    platform: Literal["sheet"] = "sheet"
    url: str = Field(pattern=r"^https?://\S+$", description="publish the sheet as CSV and write that address")
    holds: Literal["ballots", "table"] = "ballots"
    label: str = Field(min_length=1, max_length=300)  # the header of the column with the names
    votes: str = "Votes"  # of a table: the header of the column with the sums
    several: str | None = None  # what stands between the names of one ballot where several may be chosen, such as ", "
    question: str = ""
    quickest_minutes: float = Field(default=5.0, ge=0.5, le=1440.0)  # what is published is renewed about so often


class Source:
    """Reads one sheet."""

    platform = "sheet"
    spacing: ClassVar[float] = 5.0

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = "sheet"

    async def newest(self, now: datetime) -> Sequence[Tally]:
        """Return the one poll that the sheet holds."""
        answer = await self._client.get(self._settings.url, limit=LIMIT)
        return [read(answer.body, answer.text(), self._settings, now)]

    async def look(self, place: str, now: datetime) -> Tally:  # noqa: ARG002 - the sheet is the place
        """Read the sheet again."""
        return (await self.newest(now))[0]

    async def probe(self, now: datetime) -> str:
        """Say what the sheet holds."""
        (tally,) = await self.newest(now)
        return f"the sheet holds {tally.voters or tally.total} ballots for {len(tally.options)} options"


def read(body: bytes, text: str, settings: Settings, at: datetime) -> Tally:
    """Return what a sheet holds; UnexpectedPayload for a login page, a missing column, ballots for nobody."""
    if settings.holds == "table":
        wanted = page.Settings(url=settings.url, kind="csv", label=settings.label, votes=settings.votes)
        return page.read(body, wanted, at, text=text)
    sheet = Csv(text)
    ballots = [str(cell) for row in sheet.rows if (cell := sheet.field(row, settings.label))]
    names = [name for ballot in ballots for name in _names(ballot, settings.several)]
    if not names:
        raise UnexpectedPayload(
            f"the sheet has no ballots in its column {settings.label!r} yet, or shows something else"
        )
    counts = Counter(map(option_key, names))
    if len(counts) > MOST_OPTIONS:
        raise UnexpectedPayload(f"the ballots name {len(counts)} different things; check which column has the names")
    labels = {option_key(name): name for name in reversed(names)}
    base = len(ballots)
    return Tally(
        place=settings.url,
        at=at,
        question=settings.question,
        options=tuple(Option.of(labels[key]) for key in counts),
        votes=tuple(Votes.exactly(votes, base) for votes in counts.values()),
        total=len(names),
        voters=base,
        is_multiple=settings.several is not None,
        raw=_kept(settings.label, ballots),
    )


def _names(ballot: str, several: str | None) -> list[str]:
    parts = ballot.split(several) if several else [ballot]
    return [name for part in parts if (name := " ".join(part.split()))]


def _kept(header: str, ballots: Sequence[str]) -> bytes:
    """Return the proof: the ballots alone, as a table of one column."""
    written = io.StringIO()
    csv.writer(written).writerows([[header], *([ballot] for ballot in ballots)])
    return written.getvalue().encode()
