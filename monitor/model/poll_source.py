"""The port of polls: what every file of `monitor/sources/polls/` offers."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from pydantic import Field

from monitor.model.poll import Tally
from monitor.model.table import Table


class PollSettings(Table):
    """Where a poll appears; a platform's own settings derive from it."""

    platform: str
    accept_terms: bool = False
    quickest_minutes: float = Field(default=1.0, ge=0.5, le=1440.0)  # never asked more often, however near its end

    TERMS: ClassVar[str | None] = None
    """What the platform's terms forbid or limit, in our words; such a place needs `accept_terms = true`."""

    @property
    def off(self) -> str | None:
        """Why this place is not asked, in words; None when it is."""
        return "off until accept_terms = true" if self.TERMS and not self.accept_terms else None


class PollSource(Protocol):
    """One place where polls appear. Every method raises SourceError only; an answer that is no poll is one, too.

    A page that shows something else than a poll (a login, an error, a captcha) raises UnexpectedPayload: nothing is
    made up, and the last good tally stays.
    """

    platform: str
    name: str

    async def newest(self, now: datetime) -> Sequence[Tally]:
        """Return the polls that the place shows now, newest first; a fixed address shows one. None shown: empty."""
        ...

    async def look(self, place: str, now: datetime) -> Tally:
        """Look again at the poll that an earlier tally named; AccessRefused when it is gone."""
        ...

    async def probe(self, now: datetime) -> str:
        """Ask once and say in one sentence what is there."""
        ...
