"""A small line for a card: the course of one number, its usual level behind it, gaps as gaps. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from monitor.model.figure import Line, Point

WIDTH, HEIGHT, EDGE = 240, 48, 3  # of the drawing; the style sheet says how large it is shown


@dataclass(frozen=True)
class Spark:
    """Paths and bars of an SVG of WIDTH by HEIGHT. `gaps` are left edge and width of what nobody saw."""

    line: str
    usual: str
    gaps: tuple[tuple[float, float], ...]
    width: int = WIDTH
    height: int = HEIGHT


def spark(line: Line) -> Spark | None:
    """Return a line as it is drawn; None when nothing of it is known."""
    known = [point.value for point in (*line.points, *line.expected) if point.value is not None]
    if not any(point.value is not None for point in line.points):
        return None
    scale = _Scale(len(line.points), max(known) or 1.0)
    return Spark(scale.path(line.points), scale.path(line.expected), tuple(scale.gaps(line.points)))


@dataclass(frozen=True)
class _Scale:
    cells: int
    top: float

    def path(self, points: Sequence[Point]) -> str:
        """Return a path that breaks off at gaps; a point between two gaps is a dot."""
        return "".join(f"M{steps[0]}{'L' + ' '.join(steps[1:]) if steps[1:] else 'h0'}" for steps in self._runs(points))

    def gaps(self, points: Sequence[Point]) -> Iterator[tuple[float, float]]:
        for is_gap, cells in groupby(range(len(points)), lambda place: points[place].value is None):
            if is_gap:
                held = list(cells)
                yield round(held[0] * self._step, 1), round(len(held) * self._step, 1)

    def _runs(self, points: Sequence[Point]) -> Iterator[list[str]]:
        placed = enumerate(points)
        for is_known, run in groupby(placed, lambda one: one[1].value is not None):
            if is_known:
                yield [self._at(place, point.value or 0.0) for place, point in run]

    @property
    def _step(self) -> float:
        return WIDTH / max(self.cells, 1)

    def _at(self, place: int, value: float) -> str:
        """Return the middle of a cell at the height of its value."""
        high = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / self.top
        return f"{(place + 0.5) * self._step:.1f},{high:.1f}"
