"""The port for campaigns that keep evidence: who is told of everything that is read before it is counted."""

from collections.abc import Sequence
from typing import Protocol

from monitor.model.run import Run
from monitor.model.sighting import Seen


class Witness(Protocol):
    """Keeps what it is told; where it can not, counting goes on, and `trouble` tells why."""

    @property
    def trouble(self) -> str | None: ...

    async def saw(self, seen: Seen) -> None:
        """Keep what was read; it is on the disk when this returns."""
        ...

    async def ran(self, run: Run, asked: Sequence[str]) -> None:
        """Keep how a run went and what was asked for."""
        ...
