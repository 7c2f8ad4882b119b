"""Who collects: one daemon holds the lease, every other stands by and takes over when it is not renewed."""

import asyncio
import os
import secrets
import socket

from monitor import log
from monitor.errors import StoreError
from monitor.store import leases
from monitor.store.store import Store

STAND_BY = 2.0  # seconds until a stand-by looks again
RENEWALS = 4  # in the time of one lease: two may be lost to a hiccup

_logger = log.get("lease")


class Lease:
    """One daemon's hold on the one lease."""

    def __init__(self, store: Store, seconds: float) -> None:
        self.who = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.held: bool | None = None
        """Whether this daemon may collect; None when the store does not say and an earlier answer has run out."""
        self.answered = True
        """Whether the store answered when it was asked last."""
        self._store, self._seconds = store, seconds
        self._good_until = 0.0

    @property
    def pause(self) -> float:
        """Seconds until the next renewal; who stands by looks more often."""
        between = self._seconds / RENEWALS
        return between if self.held else min(between, STAND_BY)

    async def renew(self) -> bool | None:
        """Take or renew the lease, and return whether it is ours."""
        asked = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._seconds / RENEWALS):
                self.held = await leases.hold(self._store, self.who, self._seconds)
        except (StoreError, TimeoutError) as error:
            self.answered = False
            _logger.warning("lease unknown", problem=str(error) or "the store did not answer in time")
            if not (self.held and asked + self._seconds / RENEWALS < self._good_until):
                self.held = None
        else:
            self.answered = True
            self._good_until = asked + self._seconds
        return self.held

    async def release(self) -> None:
        """Let a stand-by begin at once; a store that does not answer lets the lease run out by itself."""
        try:
            async with asyncio.timeout(1.0):
                await leases.release(self._store, self.who)
        except (StoreError, TimeoutError) as error:
            _logger.warning("lease not released", problem=str(error) or "the store did not answer in time")
        self.held = False
