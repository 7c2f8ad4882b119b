"""Looks at the naming polls of a demo when they are due, and watches their names, as the daemon does."""

from dataclasses import dataclass
from datetime import datetime

from monitor import app
from monitor.clock import Simulated
from monitor.collect import polls
from monitor.settings.schema import Settings


@dataclass
class Looking:
    """The monitor as it is watched now, on a simulated clock; `settings` are those without anybody's names.

    Nobody looks after `last`, when all polls of the world are over: none would open any more.
    """

    monitor: app.Monitor
    clock: Simulated
    settings: Settings
    last: datetime

    async def until(self, moment: datetime) -> None:
        """Live through all looks that are due before a moment.

        Unlike in the daemon no surge is held against what is posted: under names to come nobody posts in this world,
        and to read that for every look would take longer than all the rest.
        """
        looked, end = False, min(moment, self.last)
        dues = [(await polls.due(followed), number) for number, followed in enumerate(self.monitor.polls)]
        while dues and min(dues)[0] < end:
            due, number = min(dues)
            self.clock.move_to(due)
            followed = self.monitor.polls[number]
            looked = bool(await polls.look(followed)) or looked
            dues[number] = (await polls.due(followed), number)
        if looked:
            await self._name()

    async def _name(self) -> None:
        """Watch the names that are voted on or won, if they are others than before."""
        named = await app.watched(self.settings, self.monitor.store, self.clock.now())
        if named is not None and named != self.monitor.settings:
            self.monitor = self.monitor.rebuilt(named)
            await self.monitor.declare()
