"""What a chart of one number over time shows, cell by cell; the table behind it is made of the same cells."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from monitor.model.window import Window


class Cell(NamedTuple):
    """One cell: `value` is None where nobody knows, `partial` makes it a lower bound.

    `usual`, `low` and `high`: what was expected, and what holds nine of ten. `beside`: the same cell of another window.
    """

    at: datetime
    until: datetime
    value: float | None
    partial: bool = False
    usual: float | None = None
    low: float | None = None
    high: float | None = None
    beside: float | None = None


class Mark(NamedTuple):
    """A stretch of time with words beside it: a spike, a gap, the moment from which on something counts otherwise."""

    start: datetime
    end: datetime
    words: str
    link: str | None = None


class Drawing(NamedTuple):
    """One number in one window, on the clock of `zone`."""

    number: str
    window: Window
    zone: str
    cells: tuple[Cell, ...]
    spikes: tuple[Mark, ...] = ()
    gaps: tuple[Mark, ...] = ()
    breaks: tuple[Mark, ...] = ()

    @property
    def across(self) -> Window:
        """What the axis of time reaches across."""
        return _whole(self.window, [cell.at for cell in self.cells], [cell.until for cell in self.cells])

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is drawn, so that a legend explains nothing else."""
        whole = any(cell.value is not None and not cell.partial for cell in self.cells)
        drawn = {
            "counted": whole or not self.cells,
            "partial": any(cell.value is not None and cell.partial for cell in self.cells),
            "usual": any(cell.usual is not None for cell in self.cells),
            "band": any(cell.low is not None for cell in self.cells),
            "beside": any(cell.beside is not None for cell in self.cells),
            "spike": bool(self.spikes),
            "gap": bool(self.gaps),
            "parting": bool(self.breaks),
        }
        return tuple(kind for kind, is_drawn in drawn.items() if is_drawn)


class Part(NamedTuple):
    """One part of a whole, such as a platform: its name as it is said, and a value for each cell.

    Cells that are `partial` are lower bounds.
    """

    name: str
    values: tuple[float | None, ...]
    partial: tuple[bool, ...] = ()

    def is_partial(self, place: int) -> bool:
        """Tell whether a cell is a lower bound."""
        return place < len(self.partial) and self.partial[place]


class Parts(NamedTuple):
    """The parts of one number over the same cells; `gaps` are not watched."""

    window: Window
    zone: str
    at: tuple[datetime, ...]
    until: tuple[datetime, ...]
    parts: tuple[Part, ...]
    gaps: tuple[Mark, ...] = ()

    @property
    def across(self) -> Window:
        """What the axis of time reaches across."""
        return _whole(self.window, self.at, self.until)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What is drawn beside the parts themselves, so that a legend explains nothing else."""
        pale = any(value and part.is_partial(place) for part in self.parts for place, value in enumerate(part.values))
        return (*(["partial"] if pale else []), *(["gap"] if self.gaps else []))


def _whole(window: Window, starts: Sequence[datetime], ends: Sequence[datetime]) -> Window:
    """Return a window that may begin inside an hour, wide enough for its cells: each tells of a whole hour or day."""
    return Window(min(window.start, *starts[:1]), max(window.end, *ends[-1:])) if starts else window
