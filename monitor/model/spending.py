"""What an account has used of an allowance, and where that leads at this pace. Pure."""

from datetime import datetime, timedelta
from typing import Any

from monitor.model.account import Allowance, Period
from monitor.model.table import Record

LEAST = timedelta(hours=1)
"""What was spent in less time tells no pace: the first run of a campaign looks back a week at once."""

DOLLARS = "dollars"
_NOW = {Period.DAY: "today", Period.WEEK: "this week", Period.MONTH: "this month"}


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


def sentence(spent: Spending, here: datetime) -> str:
    """Say what was used, and when it runs out or where it leads, in the zone of `here`, which is now."""
    told = (
        f"{spent.allowance}: {_number(spent.used, spent.unit)} of {amount(spent.most, spent.unit)} {_NOW[spent.period]}"
    )
    if spent.used >= spent.most:
        return f"{told}; used up, renewed {_moment(spent.renewed_at, here)}"
    if spent.runs_out_at is not None:
        return f"{told}; runs out {_moment(spent.runs_out_at, here)} at this pace"
    if spent.expected:
        return f"{told}; about {amount(spent.expected, spent.unit)} by the end of the {spent.period} at this pace"
    return told


def amount(value: float, unit: str) -> str:
    """Return an amount with its unit."""
    return _number(value, unit) if unit == DOLLARS else f"{_number(value, unit)} {unit}"


def _number(value: float, unit: str) -> str:
    if unit != DOLLARS:
        return f"{value:,.0f}"
    return f"${value:,.0f}" if value.is_integer() else f"${value:,.2f}"


def _moment(moment: datetime, here: datetime) -> str:
    local = moment.astimezone(here.tzinfo)
    return local.strftime("at %H:%M" if local.date() == here.date() else "on %d.%m. at %H:%M")
