"""One number over time: its cells, what was usual around them, spikes, gaps, breaks, and another window beside it.

Cells are bars and never joined over a gap. A spike leads to its reasons. Times run from left to right in every
language, as Arabic newspapers draw them.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import altair as alt

from monitor.charts import paper, stage
from monitor.charts.drawing import Cell, Drawing, Mark
from monitor.charts.palette import PAPER, Palette
from monitor.charts.stage import WIDE, Size
from monitor.words.voice import Voice, message

KINDS = {
    "counted": message("Counted"),
    "partial": message("Counted in part: at least this many"),
    "spike": message("Spike"),
    "usual": message("Usual level"),
    "band": message("Nine of ten lie in here"),
    "beside": message("The window beside it"),
    "gap": message("Not watched"),
    "parting": message("Counted otherwise from here on"),
}
DASHES = [5, 3]


@paper.trusting()
def chart(drawing: Drawing, reader: Voice, *, size: Size = WIDE, palette: Palette = PAPER) -> dict[str, Any]:
    """Return the Vega-Lite spec of a number over time."""
    layers = _Layers(drawing, reader, palette)
    return stage.spec(alt.layer(*layers.all()), reader, size, palette)


def words(cell: Cell, drawing: Drawing, reader: Voice) -> str:
    """Return what one cell says when it is pointed at."""
    parts = [amount(cell.value, reader, partial=cell.partial)]
    if cell.usual is not None:
        parts.append(reader.say("{usual} would be usual", usual=reader.number(cell.usual)))
    if cell.beside is not None:
        parts.append(reader.say("{number} in the window beside it", number=reader.number(cell.beside)))
    return f"{when(cell, drawing, reader)}: {reader.strung(parts)}"


def amount(value: float | None, reader: Voice, *, partial: bool = False) -> str:
    """Return a value as it is said: a lower bound as one, and what nobody knows as n/a."""
    if value is None:
        return reader.say("n/a")
    told = reader.number(value)
    return reader.say("at least {number}", number=told) if partial else told


def holes(gaps: Iterable[Mark], zone: str, palette: Palette) -> alt.Chart:
    """Return what lies behind the cells where nobody watched."""
    rows = [{"from": paper.wall(gap.start, zone), "to": paper.wall(gap.end, zone), "words": gap.words} for gap in gaps]
    drawn: alt.Chart = stage.layer(rows).mark_rect(fill=palette.gap, aria=False)
    return drawn


def when(cell: Cell, drawing: Drawing, reader: Voice) -> str:
    """Return the moment at which a cell begins, or its day."""
    is_day = (cell.until - cell.at).total_seconds() > 2 * 3600
    return reader.dated("EEE d MMM" if is_day else "EEE d MMM HH:mm", cell.at, drawing.zone)


class _Layers:
    """The layers of a chart, from the ground up."""

    def __init__(self, drawing: Drawing, reader: Voice, palette: Palette) -> None:
        self._drawing, self._reader, self._palette = drawing, reader, palette
        known = [value for cell in drawing.cells for value in (cell.value, cell.high, cell.beside) if value is not None]
        self._x = stage.times(drawing.across, drawing.zone, reader)
        self._y = stage.counts(max(known, default=0.0), reader)

    def all(self) -> Iterator[alt.Chart]:
        yield from self._gaps()
        yield from self._around()
        yield from self._bars()
        yield from self._band()
        yield from self._steps("usual", self._palette.usual, DASHES)
        yield from self._steps("beside", self._palette.beside, [1, 0])
        yield from self._breaks()
        yield from self._links()

    def _gaps(self) -> Iterator[alt.Chart]:
        drawn = holes(self._drawing.gaps, self._drawing.zone, self._palette)
        yield drawn.encode(x=self._x, x2="to:T", tooltip="words:N")

    def _around(self) -> Iterator[alt.Chart]:
        rows = [self._span(spike) for spike in self._drawing.spikes]
        yield stage.layer(rows).mark_rect(fill=self._palette.around, aria=False).encode(x=self._x, x2="to:T")

    def _band(self) -> Iterator[alt.Chart]:
        rows = [
            {"from": self._wall(at), "value": cell.low, "high": cell.high, "run": run}
            for run, cell, at in self._stepped(lambda cell: cell.low)
        ]
        if not rows:
            return  # an axis can not be measured by nothing
        drawn = stage.layer(rows).mark_area(
            color=self._palette.band, interpolate="step-after", fillOpacity=0.3, aria=False
        )
        yield drawn.encode(x=self._x, y=self._y, y2="high:Q", detail="run:N")

    def _bars(self) -> Iterator[alt.Chart]:
        rows = [
            {**self._span(cell), "value": cell.value, "kind": self._kind(cell),
             "words": words(cell, self._drawing, self._reader)}
            for cell in self._drawing.cells if cell.value is not None
        ]  # fmt: skip
        kinds = ["counted", "partial", "spike"]
        scale = alt.Scale(domain=kinds, range=[getattr(self._palette, kind) for kind in kinds])
        colour = alt.Color("kind:N", scale=scale, legend=None)
        drawn = stage.layer(rows).mark_bar(binSpacing=0, aria=False)
        yield drawn.encode(x=self._x, x2="to:T", y=self._y, y2=alt.datum(0), color=colour, tooltip="words:N")

    def _steps(self, name: str, colour: str, dash: list[int]) -> Iterator[alt.Chart]:
        rows = [
            {"from": self._wall(at), "value": getattr(cell, name), "run": run}
            for run, cell, at in self._stepped(lambda cell: getattr(cell, name))
        ]
        if not rows:
            return
        line = stage.layer(rows).mark_line(
            interpolate="step-after", strokeWidth=1.6, strokeDash=dash, color=colour, aria=False
        )
        yield line.encode(x=self._x, y=self._y, detail="run:N")

    def _breaks(self) -> Iterator[alt.Chart]:
        rows = [{**self._span(one), "words": one.words} for one in self._drawing.breaks]
        drawn = stage.layer(rows).mark_rule(color=self._palette.parting, strokeWidth=2, strokeDash=[2, 3], aria=False)
        yield drawn.encode(x=self._x, tooltip="words:N")

    def _links(self) -> Iterator[alt.Chart]:
        """Yield what lies over the spikes and leads to their reasons."""
        rows = [
            {**self._span(one), "words": one.words, "link": one.link}
            for one in self._drawing.spikes if one.link
        ]  # fmt: skip
        drawn = stage.layer(rows).mark_rect(fill=self._palette.spike, fillOpacity=0.08, cursor="pointer")
        yield drawn.encode(x=self._x, x2="to:T", href="link:N", tooltip="words:N", description="words:N")

    def _stepped(self, value: Any) -> Iterator[tuple[int, Cell, Any]]:
        """Yield the known cells run by run, the last of each once more at its end, so that its step is drawn."""
        run, before = 0, None
        for cell in (*self._drawing.cells, None):
            is_known = cell is not None and value(cell) is not None
            if before is not None and (not is_known or cell is None):
                yield run, before, before.until
                run += 1
            if cell is not None and is_known:
                yield run, cell, cell.at
            before = cell if is_known else None

    def _kind(self, cell: Cell) -> str:
        is_spike = any(spike.start < cell.until and cell.at < spike.end for spike in self._drawing.spikes)
        return "spike" if is_spike else "partial" if cell.partial else "counted"

    def _span(self, one: Any) -> dict[str, Any]:
        start, end = (one.at, one.until) if isinstance(one, Cell) else (one.start, one.end)
        return {"from": self._wall(start), "to": self._wall(end)}

    def _wall(self, moment: Any) -> int:
        return paper.wall(moment, self._drawing.zone)
