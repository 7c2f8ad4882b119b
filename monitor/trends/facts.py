"""Everything a brief is made of, as read from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd

from monitor.model.brief import Headline
from monitor.model.campaign import Campaign
from monitor.model.gaps import is_imported, waited_since
from monitor.model.series import Frame
from monitor.model.sighting import SourceState
from monitor.model.source import Standing
from monitor.trends.compare import Windows
from monitor.trends.coverage import mostly
from monitor.trends.frame import unseen


@dataclass(frozen=True)
class Authors:
    """Distinct authors in each of the compared windows, over the local days they touch."""

    now: int = 0
    before: int = 0
    week_before: int = 0


@dataclass(frozen=True)
class Facts:
    """What was read for one brief; `windows.now` ends at `now` at the latest.

    `cells`: the whole campaign, fine enough to cut the windows exactly. `hours`: the whole campaign by the hour, weeks
    back. `days`: potential reach, by local day. `spellings`: their posts. `outlets`: articles of outlets and languages.
    `press` are the platforms that bring articles; all others bring posts.
    """

    campaign: Campaign
    windows: Windows
    now: datetime
    cells: Frame
    hours: Frame
    days: Frame
    spellings: Frame
    outlets: Frame
    authors: Authors = Authors()
    press: frozenset[str] = frozenset()
    sources: Sequence[SourceState] = ()
    headlines: Sequence[Headline] = ()

    @property
    def configured(self) -> frozenset[str]:
        """The platforms that are asked; what only ever came from files blinds nobody by its end."""
        return frozenset(source.platform for source in self.sources if not is_imported(source))

    @property
    def awaited(self) -> Mapping[str, datetime]:
        """Until when a platform was watched, where none of its sources is due to be asked again yet."""
        told: dict[str, list[datetime | None]] = {}
        for source in self.sources:
            if not is_imported(source):
                told.setdefault(source.platform, []).append(waited_since(source, self.now))
        return {name: min(filter(None, moments)) for name, moments in told.items() if None not in moments}

    @cached_property
    def missed(self) -> pd.DataFrame:
        """Where a platform should have been watched by all of its sources, and was not."""
        watch = self.hours if self._hours_reach else self.cells
        return unseen(watch.known.astype(bool), self.configured, self.awaited)

    @property
    def usable_watch(self) -> pd.DataFrame:
        """Which cells most of a platform's sources watched: hours, unless they do not reach back far enough."""
        return self.usable_hours if self._hours_reach else self.usable_cells

    @property
    def _hours_reach(self) -> bool:
        hours = self.hours.known.index
        return bool(len(hours) and hours[0] <= self.windows.now.start)

    @cached_property
    def usable_cells(self) -> pd.DataFrame:
        """Which cells may be compared: those that most of a platform's sources watched."""
        return self._usable(self.cells)

    @cached_property
    def usable_hours(self) -> pd.DataFrame:
        """Which hours are history."""
        return self._usable(self.hours)

    @cached_property
    def usable_days(self) -> pd.DataFrame:
        """Which days may be compared."""
        return self._usable(self.days)

    def _usable(self, frame: Frame) -> pd.DataFrame:
        starts = pd.DatetimeIndex(frame.known.index).as_unit("s").asi8.astype(float)
        last = min(frame.window.end, self.now).timestamp()
        ends = np.minimum(np.append(starts[1:], frame.window.end.timestamp())[: len(starts)], last)
        walks: dict[str, list[Standing]] = {}
        for source in self.sources:
            walks.setdefault(source.platform, []).extend(source.walks.values())
        usable = frame.known.astype(bool)
        for name in usable:
            usable[name] |= mostly(walks.get(str(name), []), starts, ends)
        return usable

    @property
    def social(self) -> tuple[str, ...]:
        """The platforms that bring posts."""
        return tuple(name for name in self.cells.known.columns if name not in self.press)

    @property
    def papers(self) -> tuple[str, ...]:
        """The platforms that bring articles."""
        return tuple(name for name in self.cells.known.columns if name in self.press)
