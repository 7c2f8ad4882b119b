"""One call of one collector, and how it ended."""

from datetime import datetime
from enum import StrEnum

from monitor.errors import Reason
from monitor.model.table import Record


class Outcome(StrEnum):
    """Exactly one per run. Only OK, EMPTY and UNCHANGED let a silence count as zero."""

    OK = "ok"
    EMPTY = "empty"
    UNCHANGED = "not-modified"
    TRUNCATED = "truncated"
    BLIND = "blind"  # it brings nothing, not even what its canary query always brings
    RATE_LIMITED = "rate-limited"
    REFUSED = "refused"
    SOFT_ERROR = "soft-error"
    UNAVAILABLE = "unavailable"

    @property
    def is_up(self) -> bool:
        """Whether the source answered in a way that can be trusted."""
        return self in {Outcome.OK, Outcome.EMPTY, Outcome.UNCHANGED, Outcome.TRUNCATED}


class Run(Record):
    """What one run did; stored, logged and shown."""

    campaign: str
    source: str
    platform: str
    started_at: datetime
    seconds: float
    outcome: Outcome
    read: int = 0  # mentions the source gave, of this campaign or not
    kept: int = 0  # mentions of this campaign that were stored
    new: int = 0  # of them, never seen before
    refused: int = 0  # mentions left out: unreadable, from the future, or too old to be counted exactly
    skipped: int = 0  # known to be there, left for later because a budget allowed no more
    calls: int = 0
    quota_left: int | None = None
    message: str = ""
    reason: Reason | None = None  # of the gravest thing that went wrong
    retry_at: datetime | None = None  # the server asked not to be asked before
