"""How a run went: everything that went wrong on the way, and the one outcome it makes together. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.errors import AccessRefused, Blind, RateLimited, Reason, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.model.run import Outcome

_GRAVEST_FIRST = (
    Outcome.REFUSED, Outcome.RATE_LIMITED, Outcome.SOFT_ERROR, Outcome.UNAVAILABLE, Outcome.BLIND, Outcome.TRUNCATED,
)  # fmt: skip
_OUTCOMES: dict[type[SourceError], Outcome] = {
    RateLimited: Outcome.RATE_LIMITED,
    AccessRefused: Outcome.REFUSED,
    SourceUnavailable: Outcome.UNAVAILABLE,
    UnexpectedPayload: Outcome.SOFT_ERROR,
    Blind: Outcome.BLIND,
}
_LONGEST_MESSAGE = 300  # characters of all messages that are kept with the run
_LONGEST_PAUSE = 86400.0  # a day: a server that asks for more is asked once a day


@dataclass(slots=True)
class Course:
    """What happened in one run, noted as it goes."""

    read: int = 0
    unchanged: list[bool] = field(default_factory=list)  # one per page: did the server say "not modified"?
    retry_at: datetime | None = None
    _wrong: dict[str, tuple[Outcome, Reason | None]] = field(default_factory=dict)

    def note(self, outcome: Outcome, message: str, reason: Reason | None = None) -> None:
        """Remember that something went wrong, or is worth a remark (OK); the same words are kept once."""
        self._wrong.setdefault(message, (outcome, reason))

    def failed(self, error: SourceError, now: datetime) -> None:
        """Remember an error of the source, and until when it wants to be left alone."""
        self.note(_OUTCOMES.get(type(error), Outcome.UNAVAILABLE), str(error), error.reason)
        if isinstance(error, RateLimited):
            wait = min(max(error.retry_after or 0.0, 0.0), _LONGEST_PAUSE)
            self.retry_at = now + timedelta(seconds=wait)

    @property
    def outcome(self) -> Outcome:
        """The gravest thing that happened; else whether anything was read."""
        happened = {outcome for outcome, _ in self._wrong.values()}
        for outcome in _GRAVEST_FIRST:
            if outcome in happened:
                return outcome
        if self.read:
            return Outcome.OK
        return Outcome.UNCHANGED if self.unchanged and all(self.unchanged) else Outcome.EMPTY

    @property
    def reason(self) -> Reason | None:
        """Why the gravest thing happened, where that is known."""
        gravest = self.outcome
        return next((reason for outcome, reason in self._wrong.values() if outcome is gravest and reason), None)

    @property
    def message(self) -> str:
        """Everything that went wrong, and every remark, in words."""
        return "; ".join(self._wrong)[:_LONGEST_MESSAGE]


NEVER = datetime.min.replace(tzinfo=UTC)
"""Before everything: for walks that have covered nothing and campaigns without a beginning."""
