"""Everything a brief is made of, as read from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import pandas as pd

from monitor.model.brief import Headline
from monitor.model.campaign import Campaign
from monitor.model.mention import Reported
from monitor.model.poll_week import PollWeek
from monitor.model.rise import no_rises
from monitor.model.series import Frame
from monitor.model.sighting import SourceState
from monitor.model.spread import Spread
from monitor.trends import coverage
from monitor.trends.compare import Windows
from monitor.trends.frame import unseen
from monitor.trends.stories import clustered


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
    `press` are the platforms that bring articles; all others bring posts. `reported` is what platforms count
    themselves, `beside` our own posts and articles of the same. `unlisted`: spellings nobody listed, and their posts.
    `polls`: how the naming polls stand.

    `headlines` are those of all compared windows, the newest first. `press_parts`: articles by region and language, by
    the hour, weeks back.

    `tongues`: posts by language, as fine as `cells`. `parts`: posts and impressions of every spelling and language by
    the hour, weeks back. By the hour, two weeks back, empty or NaN where nothing is kept: `tags`, posts that carry each
    other tag (columns `#Aleppo`); `largest`, what the largest posts gained (`model.rise`); `people_by_hour`, authors.
    `spreads`: how the posts of local days of the window spread over authors and wordings.
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
    reported: Mapping[str, Sequence[Reported]] = field(default_factory=dict)
    beside: Frame | None = None
    unlisted: Mapping[str, int] = field(default_factory=dict)
    polls: Sequence[PollWeek] = ()
    tongues: Frame | None = None
    press_parts: Frame | None = None
    parts: Frame | None = None
    tags: pd.DataFrame = field(default_factory=pd.DataFrame)
    largest: pd.DataFrame = field(default_factory=no_rises)
    people_by_hour: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    spreads: Sequence[Spread] = ()

    @property
    def configured(self) -> frozenset[str]:
        """The platforms that are asked; what only ever came from files blinds nobody by its end."""
        return coverage.configured(self.sources)

    @property
    def imported(self) -> frozenset[str]:
        """The platforms of which there are only files."""
        return frozenset(source.platform for source in self.sources) - self.configured

    @property
    def awaited(self) -> Mapping[str, datetime]:
        """Until when a platform was watched, where none of its sources is due to be asked again yet."""
        return coverage.awaited(self.sources, self.now)

    @cached_property
    def missed(self) -> pd.DataFrame:
        """Where a platform should have been watched by all of its sources, and was not."""
        return unseen(self.watch.known.astype(bool), self.configured, self.awaited)

    @cached_property
    def copies(self) -> Sequence[int]:
        """Of each headline the number of its story."""
        return clustered(self.headlines)

    @property
    def watch(self) -> Frame:
        """The cells that tell when a platform was watched: hours, unless they do not reach back far enough."""
        return self.hours if self._hours_reach else self.cells

    @property
    def usable_watch(self) -> pd.DataFrame:
        """Which cells of `watch` most of a platform's sources watched."""
        return self.usable_hours if self._hours_reach else self.usable_cells

    @property
    def _hours_reach(self) -> bool:
        hours = self.hours.known.index
        return bool(len(hours) and hours[0] <= self.windows.now.start)

    @cached_property
    def usable_cells(self) -> pd.DataFrame:
        """Which cells may be compared: those that most of a platform's sources watched."""
        return coverage.usable(self.cells, self.sources, self.now)

    @cached_property
    def usable_hours(self) -> pd.DataFrame:
        """Which hours are history."""
        return coverage.usable(self.hours, self.sources, self.now)

    @cached_property
    def usable_days(self) -> pd.DataFrame:
        """Which days may be compared."""
        return coverage.usable(self.days, self.sources, self.now)

    @property
    def social(self) -> tuple[str, ...]:
        """The platforms that bring posts."""
        return tuple(name for name in self.cells.known.columns if name not in self.press)

    @property
    def papers(self) -> tuple[str, ...]:
        """The platforms that bring articles."""
        return tuple(name for name in self.cells.known.columns if name in self.press)

    @property
    def of_press_alone(self) -> bool:
        """Whether only articles are watched, so that a number of posts is not missing but was never asked for."""
        return bool(self.papers) and not self.social
