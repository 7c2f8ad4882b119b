"""What stands on the board: what goes on, what is muted and until when, what was told."""

import json
from datetime import datetime

from monitor.alerts.finding import Active, Message, Silence, State
from monitor.model.table import Record
from monitor.store import alerts
from monitor.store.store import Store

_AT_ONCE = 50  # messages that are looked through for one of them


class Board(Record):
    """Alerts as `monitor alerts --json` shows them; history newest first."""

    active: tuple[Active, ...] = ()
    silences: tuple[Silence, ...] = ()
    history: tuple[Message, ...] = ()
    waiting: int = 0  # parcels that no channel took yet


async def board(store: Store, now: datetime, *, most: int) -> Board:
    """Return what stands on the board; what only happened once is history."""
    states = [State.model_validate_json(one) for one in (await alerts.states(store)).values()]
    active = [one for state in states for one in state.active.values() if one.finding.lasts]
    return Board(
        active=tuple(sorted(active, key=lambda one: (-one.finding.weight, one.since))),
        silences=tuple(one for one in await silences(store) if one.until > now),
        history=tuple(await told(store, most)),
        waiting=len(await alerts.waiting(store)),
    )


async def silences(store: Store) -> list[Silence]:
    """Return every silence, over or not, the first to end first."""
    kept = [Silence.model_validate_json(one) for one in (await alerts.silences(store)).values()]
    return sorted(kept, key=lambda one: (one.until, one.id))


async def silence(store: Store, one: Silence) -> Silence:
    """Keep a silence and return it as it was kept first; those that are over go."""
    over = [kept.id for kept in await silences(store) if kept.until <= one.begun]
    await alerts.unsilence(store, *over)
    return Silence.model_validate_json(await alerts.silence(store, one.id, one.model_dump_json()))


async def told(store: Store, limit: int, after: str | None = None) -> list[Message]:
    """Return messages, newest first: those that come after one in this order; nothing when it is not remembered."""
    start = 0 if after is None else await _place(store, after)
    return (
        [] if start is None else [Message.model_validate_json(one) for one in await alerts.history(store, limit, start)]
    )


async def _place(store: Store, name: str) -> int | None:
    """Return the place behind a message."""
    for start in range(0, alerts.HISTORY_KEPT, _AT_ONCE):
        names = [json.loads(one)["id"] for one in await alerts.history(store, _AT_ONCE, start)]
        if name in names:
            return start + names.index(name) + 1
    return None
