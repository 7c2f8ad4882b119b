"""A race as numbers: the looks at one poll side by side, one row each, one column an option. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from monitor.model.poll import Option, Tally, Votes

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Race:
    """All looks that told numbers, oldest first.

    `at` is in epoch seconds; `low` and `high` bound the votes, rows are looks and columns are `options`; NaN: not told.
    """

    tallies: tuple[Tally, ...]
    options: tuple[Option, ...]
    at: Numbers
    low: Numbers
    high: Numbers

    @classmethod
    def of(cls, tallies: Sequence[Tally]) -> "Race":
        """Return the race of tallies whose options carry their identities; options are labelled as last written."""
        telling = tuple(sorted((tally for tally in tallies if tally.tells), key=lambda tally: tally.at))
        latest = {option.key: option for tally in telling for option in tally.options}
        options = tuple(latest.values())
        bounds = [[_bounds(tally.by_key.get(option.key)) for option in options] for tally in telling]
        cells = np.array(bounds, dtype=float).reshape(len(telling), len(options), 2)
        at = np.array([tally.at.timestamp() for tally in telling], dtype=float)
        return cls(telling, options, at, cells[:, :, 0], cells[:, :, 1])

    @classmethod
    def by_place(cls, tallies: Sequence[Tally]) -> "tuple[Race, ...]":
        """Return a race for each place that the poll was posted at."""
        places = dict.fromkeys(tally.place for tally in tallies)
        return tuple(cls.of([tally for tally in tallies if tally.place == place]) for place in places)

    @property
    def votes(self) -> Numbers:
        """The votes; the middle of their bounds where only those are known."""
        return (self.low + self.high) / 2

    @property
    def current(self) -> Sequence[int]:
        """The columns of the options that the last look showed."""
        return [] if not self.tallies else [place for place, low in enumerate(self.low[-1]) if not np.isnan(low)]

    def until(self, moment: datetime) -> "Race":
        """Return the looks not later than `moment`."""
        last = int(np.searchsorted(self.at, moment.timestamp(), side="right"))
        return Race(self.tallies[:last], self.options, self.at[:last], self.low[:last], self.high[:last])

    def moment(self, row: int) -> datetime:
        """Return when a look was made."""
        return datetime.fromtimestamp(float(self.at[row]), UTC)


def _bounds(votes: Votes | None) -> tuple[float, float]:
    if votes is None or votes.low is None or votes.high is None:
        return float("nan"), float("nan")
    return float(votes.low), float(votes.high)
