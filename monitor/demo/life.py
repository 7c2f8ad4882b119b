"""How counters live: they grow fast, then slowly, then rest; some are purged after their rest."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from monitor.demo.plan import SETTLED

_GROWN = SETTLED.total_seconds()
_DIP = (5 * 3600.0, 9 * 3600.0)  # the age at which a purge bites for some hours, long before the counter has settled
LOST = 0.2  # of a counter, to a purge
THOUSAND, MILLION = 10**3, 10**6


class Totals(NamedTuple):
    """What a post's counters come to in the end; None where the platform does not count."""

    impressions: int | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """The growth of one post's counters: born at an epoch second, `tau` seconds for the first two thirds.

    `falls` is when a part of it is taken back for good; None for the many whose counters only rise.
    """

    born: float
    tau: float
    falls: float | None = None

    def share(self, moment: float) -> float:
        """Return which part of the totals the platform shows at a moment: 0 to 1, exactly 1 once it has settled."""
        age = moment - self.born
        if age <= 0:
            return 0.0
        if self.falls is not None and (moment >= self.falls or _DIP[0] <= age < _DIP[1]):
            return self._grown(age) * (1 - LOST)
        return self._grown(age)

    def _grown(self, age: float) -> float:
        if age >= _GROWN:
            return 1.0
        return math.expm1(-age / self.tau) / math.expm1(-_GROWN / self.tau)


def shown(total: int | None, share: float) -> int | None:
    """Return a counter as it is told when `share` of it has come."""
    return None if total is None else int(total * share)


def rounded(views: int) -> int:
    """Return views as Telegram prints them: cut to a tenth of a thousand or of a million."""
    step = 1 if views < THOUSAND else THOUSAND // 10 if views < MILLION else MILLION // 10
    return views - views % step
