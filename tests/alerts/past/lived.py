"""A stretch that is lived through, look by look as the daemon does, to be held beside what is played again after it."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

from monitor.alerts.finding import Message
from monitor.alerts.rounds import Rounds, Watched
from monitor.alerts.settings import Settings
from monitor.clock import Simulated
from monitor.model.window import Window
from monitor.store.store import Store

Happen = Callable[[datetime], Awaitable[None]]
"""Lets happen what happens at a moment."""

Look = Callable[[Rounds, datetime], Awaitable[Sequence[Message]]]
SETTINGS = Settings()


async def of_campaign(looking: Rounds, _now: datetime) -> Sequence[Message]:
    return await looking.look(looking.watched[0])


async def of_house(looking: Rounds, _now: datetime) -> Sequence[Message]:
    return await looking.look_at_house([])


async def lived(  # noqa: PLR0917 - the order in which one says it
    store: Store,
    watched: Watched,
    window: Window,
    step: timedelta,
    happen: Happen,
    look: Look = of_campaign,
    settings: Settings = SETTINGS,
) -> list[Message]:
    """Return what was told while a stretch was lived through."""
    clock, told = Simulated(window.start), list[Message]()
    looking = Rounds(store, settings, clock, [watched])
    while clock.now() <= window.end:
        await happen(clock.now())
        told += await look(looking, clock.now())
        clock.move_to(clock.now() + step)
    return told


def told(messages: Iterable[Message]) -> list[tuple[str, ...]]:
    """Return what messages tell, without when."""
    parts = ("new", "again", "over")
    return [
        (one.group, *(f"{part} {finding.key} {finding.kind}" for part in parts for finding in getattr(one, part)))
        for one in messages
    ]


def late(lived: Sequence[Message], played: Sequence[Message]) -> timedelta:
    """Return by how much the same messages differ in time."""
    return max(abs(one.at - other.at) for one, other in zip(lived, played, strict=True))
