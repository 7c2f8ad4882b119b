"""From rounded shares to votes: what the whole percents and a total allow, and no more. Pure."""

from math import ceil, floor

from monitor.model.poll import Votes
from monitor.sources.polls._numbers import Number


def between(share: Number | None, total: Number | None) -> Votes:
    """Return the votes that a rounded share of a (rounded) total may stand for: 61 % of 1234 are 747 to 758."""
    if share is None:
        return Votes()
    if total is None:
        return Votes(share=share.value / 100)
    half = share.step / 2
    low = ceil(max(share.value - half, 0.0) / 100 * total.low - 1e-9)
    high = floor(min(share.value + half, 100.0) / 100 * total.high + 1e-9)
    exact = low if low == high else None
    return Votes(exact, min(low, high), max(low, high), share.value / 100)


def exactly(told: Number | None, sum_of_all: float | None) -> Votes:
    """Return the votes that were told: exact, or between the bounds of an abbreviation."""
    if told is None:
        return Votes()
    share = told.value / sum_of_all if sum_of_all else None
    exact = int(told.value) if told.step <= 1 else None
    return Votes(exact, told.low, told.high, share)
