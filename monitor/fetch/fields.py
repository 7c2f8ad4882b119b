"""Careful reading of the fields of somebody else's JSON: whatever is not what was promised counts as not told."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_COUNTABLE = 2**53  # a series keeps whole numbers exactly up to here
_FIRST_YEAR = 2000  # no platform is older; year 1 and 1970 are defaults that somebody forgot to fill in


def count(told: Any) -> int | None:
    """Return a counter; None for what can not be one: a string, -1, 1e308, true."""
    return told if type(told) is int and 0 <= told < _COUNTABLE else None


def moment(told: Any) -> datetime | None:
    """Return a time of ISO 8601 in UTC; one without a zone is taken as UTC."""
    if not isinstance(told, str):
        return None
    try:
        read = datetime.fromisoformat(told)
        read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return read if read.year >= _FIRST_YEAR else None


def epoch(told: Any, first_year: int = _FIRST_YEAR) -> datetime | None:
    """Return a time of seconds since 1970; None for one before the platform's first year."""
    try:
        read = datetime.fromtimestamp(told, UTC) if type(told) in {int, float} else None
    except (ValueError, OverflowError, OSError):
        return None
    return read if read and read.year >= first_year else None


def text(told: Any, longest: int | None = None) -> str | None:
    """Return a string that says something, and is not longer than `longest` characters."""
    if not (isinstance(told, str) and told):
        return None
    return told if longest is None or len(told) <= longest else None


def table(told: Any) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}


def rows(told: Any) -> Sequence[Mapping[str, Any]]:
    """Return the tables of a list; nothing when it is no list."""
    return [row for row in told if isinstance(row, dict)] if isinstance(told, list) else ()
