"""An account in memory: for a look without a store, and for tests."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.clock import Clock
from monitor.errors import RateLimited, Reason
from monitor.model.account import Allowance

NEARLY = 1e-9  # what sums of cents may be off by


@dataclass
class Pocket:
    """What one key has spent and kept since the program began."""

    clock: Clock
    _spent: defaultdict[tuple[str, datetime], float] = field(default_factory=lambda: defaultdict(float))
    _kept: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    _admitted: dict[str, dict[str, datetime]] = field(default_factory=dict)
    _taken: dict[str, tuple[str, datetime]] = field(default_factory=dict)  # where each was last taken from

    async def take(self, amounts: Mapping[Allowance, float]) -> None:
        for allowance, amount in amounts.items():
            if amount > await self.left(allowance) + NEARLY:
                wait = (allowance.window(self.clock.now()).end - self.clock.now()).total_seconds()
                raise RateLimited(spent(allowance, amount), wait, reason=Reason.BUDGET)
        for allowance, amount in amounts.items():
            self._taken[allowance.name] = place = self._place(allowance)
            self._spent[place] += amount

    async def give_back(self, amounts: Mapping[Allowance, float]) -> None:
        for allowance, amount in amounts.items():
            place = self._taken.get(allowance.name, self._place(allowance))
            self._spent[place] = max(0.0, self._spent[place] - amount)

    async def left(self, allowance: Allowance) -> float:
        return max(0.0, allowance.most - self._spent[self._place(allowance)])

    async def recall(self, name: str) -> str | None:
        until, text = self._kept.get(name, (None, None))
        return text if until is not None and self.clock.now() < until else None

    async def keep(self, name: str, text: str, *, seconds: float) -> None:
        self._kept[name] = self.clock.now() + timedelta(seconds=seconds), text

    async def admit(self, name: str, member: str, *, most: int, seconds: float) -> float:
        now, length = self.clock.now(), timedelta(seconds=seconds)
        known = {one: at for one, at in self._admitted.get(name, {}).items() if now < at + length}
        if member not in known and len(known) >= most:
            return (min(known.values()) + length - now).total_seconds()
        self._admitted[name] = {**known, member: now}
        return 0.0

    def _place(self, allowance: Allowance) -> tuple[str, datetime]:
        return allowance.name, allowance.window(self.clock.now()).start


def spent(allowance: Allowance, amount: float) -> str:
    """Say that an allowance is used up, and what to do."""
    return (
        f"the {allowance.period} allows {allowance.most:g} {allowance.unit} ({allowance.name}) and {amount:g} more "
        "would pass that; it goes on with the next period, or raise the limit in the campaign's file"
    )
