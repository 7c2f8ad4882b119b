"""Ids of posts, by the software of their server: they rise with time, which can be read out of them and put in. Pure.

Mastodon counts milliseconds shifted by 16 bits (snowflakes), GoToSocial writes ULIDs, Pleroma and Akkoma flakes.
"""

import string
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Ids:
    """One way of making ids: a time in milliseconds, `shift` more bits, written in `digits`, `width` of them or any."""

    name: str
    digits: str
    shift: int
    width: int = 0

    def at(self, time: datetime) -> str:
        """Return the lowest id of a moment."""
        number, written = int(time.timestamp() * 1000) << self.shift, ""
        while number:
            number, digit = divmod(number, len(self.digits))
            written = self.digits[digit] + written
        return written.rjust(self.width, self.digits[0])

    def writes(self, mark: str) -> bool:
        """Tell whether an id may be one of these, by its letters."""
        return set(mark) <= set(self.digits)

    def time(self, mark: str) -> datetime | None:
        """Return the moment in an id; None for an id of other software."""
        if (self.width and len(mark) != self.width) or not self.writes(mark):
            return None
        number = 0
        for digit in mark:
            number = number * len(self.digits) + self.digits.index(digit)
        try:
            return datetime.fromtimestamp((number >> self.shift) / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return None


SNOWFLAKES = Ids("snowflakes", string.digits, 16)
ULIDS = Ids("ulids", "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 80, 26)
FLAKES = Ids("flakes", string.digits + string.ascii_uppercase + string.ascii_lowercase, 64, 18)


def order(mark: str) -> tuple[int, str]:
    """Return what ids of one server are sorted by."""
    return len(mark), mark
