"""Everything a brief is made of, as read from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model.brief import Headline
from monitor.model.campaign import Campaign
from monitor.model.series import Frame
from monitor.model.sighting import SourceState
from monitor.trends.compare import Windows
from monitor.trends.coverage import is_imported, waited_since


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

    @property
    def watch(self) -> Frame:
        """What tells most finely when platforms were watched: the hours, unless they do not reach back far enough."""
        reach = self.hours.known.index
        return self.hours if len(reach) and reach[0] <= self.windows.now.start else self.cells

    @property
    def social(self) -> tuple[str, ...]:
        """The platforms that bring posts."""
        return tuple(name for name in self.cells.known.columns if name not in self.press)

    @property
    def papers(self) -> tuple[str, ...]:
        """The platforms that bring articles."""
        return tuple(name for name in self.cells.known.columns if name in self.press)
