"""Every error the monitor raises itself; each message says what to do next.

    MonitorError
    ├── SettingsError        a file or variable of the operator is wrong        -> exit code 2
    ├── SourceError          somebody else's server; carries the run's outcome
    │   ├── SourceUnavailable    no answer, 5xx, a timeout: try again later
    │   ├── RateLimited          told to wait; `retry_after` seconds where known
    │   ├── AccessRefused        a key, a permission or the terms: a person must act
    │   ├── UnexpectedPayload    an answer we cannot read: HTML, a broken body, a changed field
    │   └── Blind                an answer of nothing where the platform itself says that there is something
    ├── StoreError           Redis is missing, too old or misconfigured
    ├── ArchiveError         a file or the folder of the archive can not be read or written
    └── DeliveryError        a mail or message was not taken; `permanent` when repeating is pointless
        └── AddressRefused       no mail to this address will ever be taken, whatever stands in it

They are caught at the edge of a run and at the edge of a command, nowhere else.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

MOST_NAMED = 20  # names in one sentence


class MonitorError(Exception):
    """Whatever the monitor can explain in one sentence."""


def instead(name: str, known: Collection[str], otherwise: str | None = None) -> str:
    """Return what to write instead of a name nobody knows: the nearest, else `otherwise`, or which there are."""
    if near := nearest(name, known):
        return f"did you mean {near}?"
    return f"there are: {listing(known) or 'none'}" if otherwise is None else otherwise


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name that was meant; None where none is near."""
    near = get_close_matches(name[:80], known, n=1)  # what is longer is no slip of the hand, and takes long
    return near[0] if near else None


def listing(known: Collection[str]) -> str:
    """Return names in order, as many as fit into a sentence."""
    return ", ".join(sorted(known)[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the settings: which file, where in it, and what to write instead."""

    file: str
    place: str
    advice: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.place, self.advice) if part)


class SettingsError(MonitorError):
    """All problems of the settings at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class Reason(StrEnum):
    """Why a source fails, as people are told it who can not read our messages: these are in English."""

    KEY = "key"  # it is refused
    RIGHTS = "rights"
    PAID = "paid"  # it wants to be
    GONE = "gone"  # there is nothing at its address
    QUESTION = "question"  # it does not accept it
    BUDGET = "budget"  # our own
    SLOW = "slow"
    UNREACHED = "unreached"
    TROUBLE = "trouble"  # of its server
    CHANGED = "changed"  # what answers


class SourceError(MonitorError):
    """A source did not give what was asked; `reason` is None where the kind of error says all."""

    reason: Reason | None = None

    def __init__(self, message: str, *, reason: Reason | None = None) -> None:
        super().__init__(message)
        self.reason = reason or self.reason


class SourceUnavailable(SourceError):
    """No usable answer came; the same call may succeed later."""


class RateLimited(SourceError):
    """The server asked us to wait `retry_after` seconds; None when it did not say how long."""

    def __init__(self, message: str, retry_after: float | None = None, *, reason: Reason | None = None) -> None:
        super().__init__(message, reason=reason)
        self.retry_after = retry_after


class AccessRefused(SourceError):
    """The server will not answer us until a person changes something."""


class UnexpectedPayload(SourceError):
    """The answer came but is not what the platform's documentation promises."""

    reason = Reason.CHANGED


class Blind(SourceError):
    """The answer was silence, and there is proof that it is not true: nothing is known of that time."""


class StoreError(MonitorError):
    """Redis cannot do what the monitor needs; the message says what to change."""


class ArchiveError(MonitorError):
    """A file of the archive is broken, or its folder takes nothing; the message names it."""


class DeliveryError(MonitorError):
    """A message was not accepted; `permanent` says that sending it again is pointless."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class AddressRefused(DeliveryError):
    """The mailbox is gone, full or closed: no fault of ours or of the mail, and for good."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)
