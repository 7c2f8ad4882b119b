"""Listening without end: who listens to the same shares one connection, and each asks what it has heard since.

The hub is the daemon's and lives on the machine's own clock. Whoever has none (a look from the command line, a world
that is played) listens with `listened` from where a campaign stands until now, and ends.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor import log
from monitor.clock import Clock
from monitor.collect.channel import TICK, Channel
from monitor.collect.ear import Ear, Heard
from monitor.collect.page import Assignment
from monitor.errors import SourceError, StoreError
from monitor.model.source import STREAM, Stream

SILENCE = 3.0  # real seconds after which a stream that says nothing is taken to have come to its end
ENDS_WITHIN = 1.0  # seconds that a cancelled connection has to close

_logger = log.get("listen")


def is_only_heard(given: Assignment) -> bool:
    """Tell whether a source brings everything by being listened to."""
    walks = given.source.walks(given.campaign)
    return isinstance(given.source, Stream) and [walk.name for walk in walks] == [STREAM]


async def listened(given: Assignment, *, silence: float = SILENCE) -> Heard:
    """Listen from where a campaign stands until now, once, or until that breaks off."""
    ear = Ear(given)
    channel = Channel(_channel(given) or "", [ear], given.clock)
    try:
        await channel.catch_up(given.clock.now(), silence=silence)
    except SourceError as error:
        return replace(channel.heard(ear), trouble=error)
    return channel.heard(ear)


@dataclass(frozen=True)
class _Running:
    channel: Channel
    task: asyncio.Task[None]

    def serves(self, listeners: Sequence[Assignment]) -> bool:
        return [ear.given for ear in self.channel.ears] == list(listeners)


class Hub:
    """All connections of a daemon."""

    def __init__(self, clock: Clock, *, tick: float = TICK) -> None:
        self._clock, self._tick = clock, tick
        self._running: dict[str, _Running] = {}

    async def become(self, listeners: Iterable[Assignment], *, grace: float = ENDS_WITHIN) -> None:
        """Listen for these from now on; a connection whose listeners changed goes on where the last of them stands."""
        wanted = _by_channel(listeners)
        changed = [name for name, running in self._running.items() if not running.serves(wanted.get(name, ()))]
        known = {ear.key: ear for name in changed for ear in self._running[name].channel.ears}
        await asyncio.gather(*(self._end(self._running.pop(name), grace) for name in changed))
        for name in wanted.keys() - self._running.keys():
            ears = [_taken_over(known.get((given.campaign.slug, given.source.name)), given) for given in wanted[name]]
            channel = Channel(name, ears, self._clock, tick=self._tick)
            self._running[name] = _Running(channel, asyncio.create_task(channel.listen(), name=f"listen/{name}"))

    async def stop(self, *, grace: float) -> None:
        """Listen to nothing more; what waits is stored within `grace` seconds, or heard again by the next daemon."""
        await self.become((), grace=grace)

    def heard(self, campaign: str, source: str) -> Heard | None:
        """Return what was heard for a source since it was asked last; None when it is not listened to."""
        for running in self._running.values():
            for ear in running.channel.ears:
                if ear.key == (campaign, source):
                    return running.channel.heard(ear)
        return None

    async def _end(self, running: _Running, grace: float) -> None:
        running.task.cancel()
        await asyncio.wait({running.task}, timeout=ENDS_WITHIN)
        try:
            async with asyncio.timeout(grace):
                await running.channel.settle()
        except (StoreError, TimeoutError) as error:
            _logger.warning("not stored, it is heard again", channel=running.channel.name, problem=str(error))


def _by_channel(listeners: Iterable[Assignment]) -> Mapping[str, list[Assignment]]:
    found = defaultdict[str, list[Assignment]](list)
    for given in listeners:
        if (name := _channel(given)) is not None:
            found[name].append(given)
    return found


def _channel(given: Assignment) -> str | None:
    return given.source.channel if isinstance(given.source, Stream) else None


def _taken_over(ear: Ear | None, given: Assignment) -> Ear:
    """Return the ear there was, with what it kept; a changed campaign gets one of its own."""
    return ear if ear is not None and ear.given == given else Ear(given)
