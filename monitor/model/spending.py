"""What an account has used of an allowance, and where that leads at this pace. Pure."""

from datetime import datetime, timedelta
from typing import Any

from monitor.model.account import Allowance, Period
from monitor.model.table import Record

LEAST = timedelta(hours=1)
"""What was spent in less time tells no pace: the first run of a campaign looks back a week at once."""

DOLLARS = "dollars"


class Spending(Record):
    """One allowance of one account in the period that runs, for `monitor status` and Prometheus.

    `expected` is how much will be used when the period ends, `runs_out_at` when nothing is left before that, both at
    the pace since the first use; None while that is too young to tell. `sources` are those that share the account.
    """

    account: str
    platform: str
    allowance: str
    unit: str
    period: Period
    used: float
    most: float
    renewed_at: datetime
    expected: float | None = None
    runs_out_at: datetime | None = None
    sources: tuple[str, ...] = ()


def spending(allowance: Allowance, used: float, since: datetime | None, now: datetime, **whose: Any) -> Spending:
    """Return what was used of an allowance, and what follows from it; `whose`: account, platform, sources."""
    window = allowance.window(now)
    plain = Spending(
        allowance=allowance.name,
        unit=allowance.unit,
        period=allowance.period,
        used=round(used, 6),  # sums of cents
        most=float(allowance.most),
        renewed_at=window.end,
        **whose,
    )
    if used >= allowance.most:
        return plain.model_copy(update={"expected": used, "runs_out_at": now})
    if since is None or now - since < LEAST:
        return plain
    pace = used / (now - since).total_seconds()
    expected = used + pace * (window.end - now).total_seconds()
    out = now + timedelta(seconds=(allowance.most - used) / pace) if expected > allowance.most else None
    return plain.model_copy(update={"expected": expected, "runs_out_at": out})
