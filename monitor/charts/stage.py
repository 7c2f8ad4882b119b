"""What the charts of a page share: their sizes, their axes, and their colours."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import altair as alt

from monitor.charts import paper
from monitor.charts.palette import Palette
from monitor.model.window import Window
from monitor.words.voice import Voice


class Size(NamedTuple):
    """How large a chart is drawn, in pixels; letters are `letters` tall."""

    width: int
    height: int
    letters: int


WIDE, NARROW = Size(1100, 300, 13), Size(330, 230, 11)
"""For desks and for phones; a page holds both, and its style sheet shows the one that fits."""

EDGE = 58 + 14  # of the width, about: the numbers of the axis, and what the last label of time needs
TICKS = 4
FEW = 4  # counts up to this have a tick each


def times(window: Window, zone: str, reader: Voice, field: str = "from:T") -> alt.X:
    """Return the axis of time."""
    ends = [paper.wall(moment, zone) for moment in (window.start, window.end)]
    axis = paper.time_axis(window.start, window.end, zone, reader)
    axis.values = alt.ExprRef(f"{axis.values}")  # as numbers a browser that may not eval would take them for years
    domain = alt.ExprRef(f"{ends}")  # as numbers its ends would be read in two ways, for x and for x2, and conflict
    return alt.X(field, scale=alt.Scale(type="utc", domain=domain, nice=False), axis=axis, title=None)


def counts(top: float, reader: Voice, field: str = "value:Q") -> alt.Y:
    """Return an axis of whole numbers, large ones in thousands and millions."""
    axis = alt.Axis(format=",d", tickCount=TICKS)
    if top <= FEW:
        axis = alt.Axis(format=",d", values=list(range(int(top) + 2)))
    elif top >= 10_000:  # noqa: PLR2004 - five digits do not fit beside a phone's chart
        axis = alt.Axis(labelExpr=_short(reader), tickCount=TICKS)
    scale = alt.Scale(domainMin=0, nice=True) if top else alt.Scale(domain=[0, 1])
    return alt.Y(field, title=None, scale=scale, axis=axis)


def _short(reader: Voice) -> str:
    """Return the expression that writes 200,000 as `200K`, with the words of the reader's language."""

    def told(power: int) -> str:
        words = json.dumps(paper.turned(f"#{reader.compact(10**power)[1:]}", reader), ensure_ascii=False)
        return f"replace({words}, '#', format(datum.value / 1e{power}, '~g'))"

    return f"datum.value < 1e3 ? format(datum.value, 'd') : datum.value < 1e6 ? {told(3)} : {told(6)}"


def layer(rows: Iterable[Mapping[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=[*rows]))


def spec(
    drawn: alt.LayerChart | alt.FacetChart | alt.Chart, reader: Voice, size: Size, palette: Palette
) -> dict[str, Any]:
    """Return a chart as Vega-Lite, in its size and colours."""
    told = drawn.properties(background=palette.ground).to_dict(validate=False)
    config = paper.config(reader, size.width)
    lines = {"labelColor": palette.ink, "gridColor": palette.grid, "domainColor": palette.ink, "tickColor": palette.ink}
    axis = {**config["axis"], **lines, "labelFontSize": size.letters}
    return {**told, "width": size.width - EDGE, "height": size.height, "config": {**config, "axis": axis}}


def fitted(told: Mapping[str, Any], size: Size) -> dict[str, Any]:
    """Return the same chart with all that is written on it in exactly this size, whatever letters the reader has."""
    axis = {**told["config"]["axis"], "labelFontSize": size.letters}
    whole = {"width": size.width, "height": size.height, "autosize": {"type": "fit", "contains": "padding"}}
    return {**told, **whole, "config": {**told["config"], "axis": axis}}
