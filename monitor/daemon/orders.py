"""What the operator wants of a running daemon, as signals say it."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


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
