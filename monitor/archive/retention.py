"""How long things are kept, in days: less than by themselves, or not for ever.

Two kinds. What is written with an end (`ENDING`) is counted from the last time it was written, so that an import of
2016 stays as long as today's posts; a shorter time is taken off what is left. What has no end goes by the day it tells
of, where a time is set for it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field

from monitor.model.table import Table
from monitor.store.store import Store

Days = Annotated[int, Field(ge=1, le=36_500)]
_WINDOWS = 190  # the page compares 90 days with the 90 before
_HOURS = 400  # what is kept by the hour must not outlive its days
_SENT_ONCE = 31  # days: a mail that is not known to have been sent would be sent once more


class Settings(Table):
    """The table [retention]; None keeps for ever."""

    causes: int = Field(21, ge=2, le=21)  # other tags, largest posts with their links, authors by the hour
    spread: int = Field(9, ge=2, le=9)  # how posts spread over authors and wordings, by hashes of one day
    authors: int = Field(400, ge=_WINDOWS, le=400)  # how many different people there were, by the day
    spellings: int = Field(400, ge=31, le=400)  # unlisted spellings
    mails: int = Field(400, ge=_SENT_ONCE, le=400)  # who got which mail, by their hashes
    series: Annotated[int, Field(ge=_HOURS, le=36_500)] | None = None  # all numbers, with what imports are known by
    archive: Annotated[int, Field(ge=430, le=36_500)] | None = None  # files of five minutes and hours
    evidence: Days | None = None  # files of posts, where a campaign keeps them
    headlines: Days | None = None  # titles of articles
    polls: Annotated[int, Field(ge=31, le=36_500)] | None = None  # looks at polls, their votes and weeks
    runs: Days | None = None  # how sources did
    briefs: Days | None = None  # the stream of briefs
    alerts: Days | None = None  # messages that were told, and silences that are over


class Ending(NamedTuple):
    """Keys that end by themselves: how their names begin behind the campaign, and days after their last write."""

    kinds: tuple[bytes, ...]
    days: int


ENDING = {
    "causes": Ending((b"tags:", b"largest:", b"people:"), 21),
    "spread": Ending((b"loud:", b"alike:"), 9),
    "authors": Ending((b"au:",), 400),
    "spellings": Ending((b"seen:",), 400),
    "mails": Ending((b"digest:",), 400),
}


@dataclass(frozen=True)
class Purge:
    """What to keep how long, of which store and archive, and what time it is."""

    store: Store
    rules: Settings
    archive: Path
    now: datetime
    mails_for: timedelta
    dry: bool = False

    def before(self, days: int) -> datetime:
        """Return the UTC midnight before which nothing is kept."""
        return datetime.combine(self.now.astimezone(UTC).date() - timedelta(days=days), time(), UTC)
