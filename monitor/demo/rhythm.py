"""When people speak: by the hour of the day, more on Fridays, and once all at the same time."""

import math
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from monitor.demo.plan import ZONE, Plan

FRIDAY = 4
_BY_HOUR = (3, 2, 1, 1, 1, 2, 3, 4, 6, 7, 8, 8, 9, 9, 8, 8, 9, 10, 11, 12, 12, 10, 8, 5)
_MEAN = sum(_BY_HOUR) / 24
_FRIDAY_NOON = range(11, 19)  # the protests: from the noon prayer to the evening
_HALF_LIFE = 10.0  # hours


def level(plan: Plan, hour: int) -> float:
    """Return how much is said in an hour of the world, compared with an average hour."""
    moment = (plan.start + timedelta(hours=hour)).astimezone(ZoneInfo(ZONE))
    usual = _BY_HOUR[moment.hour] / _MEAN
    if moment.weekday() == FRIDAY and moment.hour in _FRIDAY_NOON:
        usual *= 3.0
    return usual + surge(plan, hour)


def surge(plan: Plan, hour: int) -> float:
    """Return what the surge adds: it comes within the hour and halves every ten hours."""
    since = hour - (plan.surge - plan.start) / timedelta(hours=1)
    return 0.0 if since < 0 else 22.0 * 0.5 ** (since / _HALF_LIFE)


def moments(plan: Plan, chance: Random, per_hour: float) -> Iterator[int]:
    """Yield epoch seconds at which something is said, in order, `per_hour` times in an average hour."""
    for hour in range(plan.days * 24):
        begin = int((plan.start + timedelta(hours=hour)).timestamp())
        count = _poisson(chance, per_hour * plan.size * level(plan, hour))
        yield from sorted(begin + chance.randrange(3600) for _ in range(count))


def _poisson(chance: Random, mean: float) -> int:
    """Return a random count around `mean` (Knuth's multiplication, enough for some hundreds)."""
    floor, product, count = math.exp(-mean), chance.random(), 0
    while product > floor:
        product *= chance.random()
        count += 1
    return count
