"""One import as it is ordered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from monitor.imports.found import Rejected
from monitor.imports.recognise import Asked
from monitor.model.campaign import Campaign
from monitor.model.mention import Mention
from monitor.model.sighting import Sighting


class Observed(Protocol):
    """What of some mentions belongs to the campaign and may be counted."""

    @property
    def posts(self) -> Sequence[Sighting]: ...

    @property
    def refused(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Job:
    """One file for one campaign; `observe` finds the campaign's posts, `now` decides what lies in the future.

    `restart` reads from the begin what an earlier run had begun; `also_watched` brings in days that were collected live
    and are forgotten by now, too. `at` hears how many bytes are read, `reject` gets what
    could not be taken; both are called from a thread of their own. `goes_on` hears first how many lines an earlier run
    has read, when it goes on after them.
    """

    path: Path
    campaign: Campaign
    observe: Callable[[Iterable[Mention]], Observed]
    now: datetime
    asked: Asked = field(default_factory=Asked)
    restart: bool = False
    also_watched: bool = False
    at: Callable[[int], None] = lambda _: None
    reject: Callable[[Rejected], None] = lambda _: None
    goes_on: Callable[[int], None] = lambda _: None
