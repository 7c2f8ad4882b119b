"""What was in a file, and what became of it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from monitor.imports.found import Read
from monitor.model.sighting import Sighting

_RARE = 100  # posts of which one may be doubted by chance
_SPELLING = 3  # parts of the subject of a spelling: tag, family, spelling


@dataclass(slots=True)
class Report:
    """What this run read of a file, and what became of it.

    `read` posts lie between `first` and `last`; `beside` ones came along with them. `kept` posts name the campaign by
    these `spellings`, or by `unlisted` ones akin to them; `measured` of them tell impressions. `new` were never seen
    before, and `raised` counters of known ones rose. `refused` posts lie in the future or before the campaign,
    `counted` ones in days that were collected live and are forgotten by now. Pieces were `rejected` for these reasons;
    those that were `passed` by are no posts and need not be, `hidden` ones are not public, and `unchosen` ones are not
    those that the mapping asks for. The ids of `doubted` ones look rounded by a spreadsheet. `resumed` is how many an
    earlier run had read, `damaged` what broke the file off.
    """

    format: str = ""
    about: str = ""
    platform: str = ""
    note: str = ""
    resumed: int = 0
    read: int = 0
    beside: int = 0
    first: datetime | None = None
    last: datetime | None = None
    kept: int = 0
    measured: int = 0
    new: int = 0
    raised: int = 0
    refused: int = 0
    counted: int = 0
    passed: int = 0
    hidden: int = 0
    unchosen: int = 0
    doubted: int = 0
    damaged: str = ""
    rejected: dict[str, int] = field(default_factory=dict)
    spellings: dict[str, int] = field(default_factory=dict)
    unlisted: dict[str, int] = field(default_factory=dict)

    def add_kept(self, sightings: list[Sighting]) -> None:
        """Count what belongs to the campaign."""
        self.kept += len(sightings)
        self.measured += sum(one.counts.impressions is not None for one in sightings)
        for name, many in Counter(name for one in sightings for name in one.seen).items():
            self.unlisted[name] = self.unlisted.get(name, 0) + many
        for subjects, many in Counter(one.subjects for one in sightings).items():
            for subject in subjects:
                kind, *rest = subject.split("/", _SPELLING - 1)
                if kind == "tag" and len(rest) == _SPELLING - 1:
                    self.spellings[rest[-1]] = self.spellings.get(rest[-1], 0) + many

    def add_aside(self, read: Read) -> None:
        """Count what a piece held that is no post to be counted, or a doubtful one."""
        self.passed += read.passed
        self.hidden += read.hidden
        self.unchosen += read.unchosen
        self.doubted += read.doubted

    @property
    def looks_rounded(self) -> bool:
        """Whether so many ids look rounded that it can not be chance."""
        return self.doubted > 0 and self.doubted * _RARE >= self.read

    def add_rejected(self, reason: str) -> None:
        known = reason.partition(":")[0]
        self.rejected[known] = self.rejected.get(known, 0) + 1
