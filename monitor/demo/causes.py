"""What caused the surges of a world, beside what the monitor says of them."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from monitor.demo.plan import ZONE
from monitor.demo.row import Row
from monitor.demo.stirs import SEEN, Stir, stirs
from monitor.demo.world import World
from monitor.model.brief import Brief, Spike
from monitor.model.finding import Cause, Driver
from monitor.model.metric import Metric
from monitor.model.window import Window

EVENTS = frozenset({Cause.HEADLINE, Cause.POLL})
PASSED_ON = timedelta(hours=6)
"""So long after it is written a message that everybody passes on is seen above all others."""


def causes(world: World, brief: Brief) -> Iterator[Row]:
    """Yield of how many surges the cause was told first, then each of them."""
    told = [(stir, _is_told(stir, world, brief)) for stir in stirs(world.plan) if stir.start >= brief.window.start]
    if told:
        right = sum(is_right for _, is_right in told)
        yield Row("surges of which the cause was told first", len(told), (right,))
    for stir, is_right in told:
        here = stir.start.astimezone(ZoneInfo(ZONE))
        cause = f"{stir.cause} {stir.name}" if stir.cause else "no single driver"
        yield Row(f"cause of {here:%a %d %b %H:%M}: {cause}", 1, (int(is_right),))


def _is_told(stir: Stir, world: World, brief: Brief) -> bool:
    """Tell whether a spike in the hours of a stir is told with its cause first, or without any where it has none."""
    hours = _hours(stir, world)
    wanted = Metric.IMPRESSIONS if stir.cause is Cause.POST else Metric.POSTS
    found = [one for one in brief.spikes if one.start < hours.end and one.end > hours.start and one.name == wanted]
    return any(_fits(stir, spike) for spike in found)


def _fits(stir: Stir, spike: Spike) -> bool:
    parts = [_named(driver) for driver in spike.drivers if driver.cause not in EVENTS]
    if stir.cause is Cause.HEADLINE:
        return not parts and (stir.cause, stir.name) in map(_named, spike.drivers)
    return parts[:1] == ([(stir.cause, stir.name)] if stir.cause else [])


def _named(driver: Driver) -> tuple[Cause, str]:
    return driver.cause, driver.name


def _hours(stir: Stir, world: World) -> Window:
    """Return the hours of a stir; those of a message begin when it is written."""
    if stir.cause is not Cause.POST:
        return Window(stir.start, stir.end)
    written = (message.created for messages in world.channels.values() for message in messages if message.views == SEEN)
    start = stir.start + timedelta(seconds=min(written, default=stir.start.timestamp()) - stir.start.timestamp())
    return Window(start, start + PASSED_ON)
