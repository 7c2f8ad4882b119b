"""What the operator wants of a running daemon, as signals say it, and the life that goes on until then."""

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

_T = TypeVar("_T")


@dataclass
class Orders:
    """Stop (SIGTERM, SIGINT) and read the settings again (SIGHUP)."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    reread: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Listen to the signals; inside the event loop only."""
        loop = asyncio.get_running_loop()
        meant = {signal.SIGTERM: self.stop, signal.SIGINT: self.stop, signal.SIGHUP: self.reread}
        for number, event in meant.items():
            loop.add_signal_handler(number, event.set)
        try:
            yield
        finally:
            for number in meant:
                loop.remove_signal_handler(number)


class Life:
    """One life of the daemon: it is over when the operator says stop, or when it is ended for another to begin."""

    def __init__(self, orders: Orders) -> None:
        self._orders, self._over = orders, asyncio.Event()

    def end(self) -> None:
        """Let every loop of this life come to its end."""
        self._over.set()

    @property
    def goes_on(self) -> bool:
        return not (self._over.is_set() or self._orders.stop.is_set())

    async def pause(self, seconds: float | None, *wake: asyncio.Event) -> bool:
        """Wait so long (None: to the end), or until one of the events; return whether this life goes on."""
        events = [asyncio.create_task(event.wait()) for event in (self._over, self._orders.stop, *wake)]
        try:
            await asyncio.wait(events, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for event in events:
                event.cancel()
        return self.goes_on

    async def finish(self, work: Coroutine[Any, Any, _T]) -> _T | None:
        """Do something that may wait for others to its end; when this life is over first, give it up: None."""
        doing, done = asyncio.create_task(work), asyncio.Event()
        doing.add_done_callback(lambda _: done.set())
        try:
            await self.pause(None, done)
        finally:
            doing.cancel()  # nothing happens to what is done
        while not doing.done():  # a library that swallows the first word to end hears another
            doing.cancel()
            await asyncio.wait({doing}, timeout=0.2)
        return None if doing.cancelled() else doing.result()
