"""The parts of a number over time, upon each other: as they were counted, or as shares of each cell."""

from collections.abc import Iterator
from typing import Any

import altair as alt

from monitor.charts import paper, series, stage
from monitor.charts.drawing import Parts
from monitor.charts.palette import PAPER, Palette
from monitor.charts.stage import WIDE, Size
from monitor.words.voice import Voice

PALE = 0.55  # how opaque what was counted in part is


@paper.trusting()
def chart(
    parts: Parts, reader: Voice, *, shares: bool = False, size: Size = WIDE, palette: Palette = PAPER
) -> dict[str, Any]:
    """Return the Vega-Lite spec of the parts, the largest at the bottom; where nobody watched, it is hatched."""
    x = stage.times(parts.across, parts.zone, reader)
    order = [str(place) for place in range(len(parts.parts))]
    scale = alt.Scale(domain=order, range=[*palette.parts])
    gaps = series.holes(parts.gaps, parts.zone, palette).encode(x=x, x2="to:T", tooltip="words:N")
    drawn = stage.layer(_rows(parts, reader, shares=shares)).mark_bar(binSpacing=0, aria=False)
    axis = _shares() if shares else stage.counts(_top(parts), reader, "low:Q")
    colour = alt.Color("part:N", scale=scale, legend=None)
    pale = alt.Opacity("pale:O", scale=alt.Scale(domain=[False, True], range=[1, PALE]), legend=None)
    bars = drawn.encode(x=x, x2="to:T", y=axis, y2="high:Q", color=colour, opacity=pale, tooltip="words:N")
    return stage.spec(alt.layer(gaps, bars), reader, size, palette)


def _rows(parts: Parts, reader: Voice, *, shares: bool) -> Iterator[dict[str, Any]]:
    """Yield the stacked pieces of each cell."""
    for place, (at, until) in enumerate(zip(parts.at, parts.until, strict=True)):
        whole = sum(part.values[place] or 0.0 for part in parts.parts)
        unit, low = whole if shares else 1.0, 0.0
        for number, part in enumerate(parts.parts):
            value = part.values[place]
            if not value:
                continue
            high = low + value / unit
            told = series.amount(value, reader, partial=part.is_partial(place))
            yield {
                "from": paper.wall(at, parts.zone), "to": paper.wall(until, parts.zone), "low": low, "high": high,
                "part": str(number), "pale": part.is_partial(place),
                "words": f"{part.name}: {told} ({reader.percent(value / whole)})",
            }  # fmt: skip
            low = high


def _top(parts: Parts) -> float:
    cells = range(len(parts.at))
    return max((sum(part.values[place] or 0.0 for part in parts.parts) for place in cells), default=0.0)


def _shares() -> alt.Y:
    return alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=4))
