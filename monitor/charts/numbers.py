"""Brief → Vega-Lite: one definition of the chart for page, mail (PNG) and export (SVG).

One panel per line of the brief, each with its own axis: numbers of two classes never share one. Cells are bars, what
is usual a dashed line, spikes a second colour, and a gap a shaded hole, so that blind hours do not look quiet. Times
are on the campaign's clock and run from left to right in every language, as Arabic newspapers draw them; titles and
the legend read from right to left in Arabic.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import altair as alt

from monitor.charts import paper
from monitor.model.brief import Brief, Line, Point, Spike, Stir
from monitor.words.voice import Voice, harmless, message

HEIGHTS = (170, 90)  # of the first panel, of the others

COLOURS = {"counted": "#33658a", "spike": "#d1495b", "gap": "#dcd6cc"}
DASHES = [5, 3]  # of the usual level, on the paper and in the legend
KINDS = {
    "counted": message("Counted"),
    "spike": message("Spike"),
    "gap": message("Not watched"),
    "usual": message("Usual level"),
}
NAMES = {
    "posts": message("Posts"),
    "impressions": message("Impressions (measured)"),
    "articles": message("Articles"),
    "engagement": message("Engagement"),
}
HOURLY, DAILY = message("{name} per hour"), message("{name} per day")
AN_HOUR = 3600
MOST_PANELS = 3
FEW = 4  # counts up to this have a tick each
NOTHING = Line(name="posts", cell_seconds=3600, points=())  # an empty panel, for a brief without a line

Shown = Brief | Stir


@paper.trusting()
def chart(brief: Shown, reader: Voice = paper.ENGLISH, *, width: int = paper.WIDTH) -> dict[str, Any]:
    """Return the Vega-Lite spec of a brief's lines, the headline first."""
    lines = sorted(brief.lines or [NOTHING], key=lambda line: line.name != brief.headline_metric)[:MOST_PANELS]
    kinds = _kinds(brief, lines)
    panels = [_panel(brief, line, reader, kinds if line is lines[0] else ()) for line in lines]
    drawn = alt.vconcat(*panels, spacing=14, title=_title(brief, reader), background="white")
    return {**drawn.to_dict(validate=False), "config": paper.config(reader, width)}


def png(brief: Shown, reader: Voice = paper.ENGLISH, *, width: int = paper.WIDTH) -> bytes:
    """Return the chart as an image for mails, twice as sharp as its width in pixels."""
    return paper.png(chart(brief, reader, width=width))


def svg(brief: Shown, reader: Voice = paper.ENGLISH, *, width: int = paper.WIDTH) -> str:
    """Return the chart as SVG."""
    return paper.svg(chart(brief, reader, width=width))


def _panel(brief: Shown, line: Line, reader: Voice, explained: Sequence[str]) -> alt.LayerChart | alt.FacetChart:
    """Return one line of the brief as bars, its usual level above them, its gaps behind; what its legend explains."""
    ends = _ends(brief, line)
    x = alt.X(
        "from:T",
        scale=alt.Scale(type="utc", domain=[paper.wall(end, brief.zone) for end in ends]),
        axis=paper.time_axis(*ends, brief.zone, reader),
        title=None,
    )
    y = _counts(line)
    colour = _filled(reader, [kind for kind in explained if kind in COLOURS])
    gaps = alt.Chart(_rows(_gaps(brief, line))).mark_rect().encode(x=x, x2="to:T", color=colour)
    bars = (
        alt.Chart(_rows(_bars(brief, line)))
        .mark_bar(binSpacing=0)
        .encode(x=x, x2="to:T", y=y, y2=alt.datum(0), color=colour)
    )
    usual = (
        alt.Chart(_rows(_usual(brief, line)))
        .mark_line(interpolate="step-after", strokeWidth=1.6, color="#4a4a4a")
        .encode(x=x, y=y, strokeDash=_dashed(reader, is_explained="usual" in explained))
    )
    title = paper.heading(_line_name(line, reader), reader)
    return alt.layer(gaps, bars, usual, title=title, height=HEIGHTS[0 if explained else 1])


def _filled(reader: Voice, explained: Sequence[str]) -> alt.Color:
    """Return the colours of what is filled, and the squares that explain them, in the order they are read."""
    kinds = [*reversed(explained)] if reader.is_rtl else [*explained]
    scale = alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()])
    return alt.Color("kind:N", scale=scale, legend=_legend(kinds, reader) if kinds else None)


def _dashed(reader: Voice, *, is_explained: bool) -> alt.StrokeDash:
    """Return the dashes of the usual level, which a dashed line explains."""
    legend = _legend(["usual"], reader, symbolType="stroke", symbolSize=500, symbolStrokeWidth=1.6)
    scale = alt.Scale(domain=["usual"], range=[DASHES])
    return alt.StrokeDash("kind:N", scale=scale, legend=legend if is_explained else None)


def _legend(kinds: Sequence[str], reader: Voice, **symbol: Any) -> alt.Legend:
    names = {kind: paper.turned(reader.say(KINDS[kind]), reader) for kind in kinds}
    written = f"({json.dumps(names, ensure_ascii=False)})[datum.value]"
    return alt.Legend(
        title=None, orient="bottom", direction="horizontal", values=[*kinds], labelExpr=written, columns=3, **symbol
    )


def _bars(brief: Shown, line: Line) -> Iterator[dict[str, Any]]:
    """Yield one row per known cell."""
    for point in line.points:
        if point.value is not None:
            kind = "spike" if _is_spike(point, line, brief.spikes) else "counted"
            yield {**_stretch(brief, point.at, line.cell_seconds), "value": point.value, "kind": kind}


def _usual(brief: Shown, line: Line) -> Iterator[dict[str, Any]]:
    """Yield the usual level, and its last cell once more at its end, so that the step is drawn."""
    points = [*line.expected]
    if points:
        last = points[-1]
        points.append(Point(at=last.at + timedelta(seconds=line.cell_seconds), value=last.value))
    for point in points:
        yield {"from": paper.wall(point.at, brief.zone), "value": point.value, "kind": "usual"}


def _gaps(brief: Shown, line: Line) -> Iterator[dict[str, Any]]:
    """Yield one row per hole of the line."""
    passed = [point for point in line.points if point.at < brief.made_at]
    for is_gap, points in groupby(passed, key=lambda point: point.value is None):
        hole = list(points)
        if is_gap:
            seconds = (hole[-1].at - hole[0].at).total_seconds() + line.cell_seconds
            yield {**_stretch(brief, hole[0].at, seconds), "kind": "gap"}


def _is_spike(point: Point, line: Line, spikes: Sequence[Spike]) -> bool:
    end = point.at + timedelta(seconds=line.cell_seconds)
    return any(spike.name == line.name and spike.start < end and point.at < spike.end for spike in spikes)


def _kinds(brief: Shown, lines: Sequence[Line]) -> list[str]:
    """Return what the legend explains: only what is drawn, or in an empty chart what would be."""
    drawn = {row["kind"] for line in lines for rows in (_bars, _usual, _gaps) for row in rows(brief, line)}
    return [kind for kind in KINDS if kind in drawn] or ["counted"]


def _rows(rows: Iterator[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=[*rows])


def _stretch(brief: Shown, start: datetime, seconds: float) -> dict[str, int]:
    return {"from": paper.wall(start, brief.zone), "to": paper.wall(start + timedelta(seconds=seconds), brief.zone)}


def _ends(brief: Shown, line: Line) -> tuple[datetime, datetime]:
    """Return what the axis of time reaches across: whole cells, also where the window begins inside one."""
    if not line.points:
        return brief.window.start, brief.window.end
    return line.points[0].at, line.points[-1].at + timedelta(seconds=line.cell_seconds)


def _counts(line: Line) -> alt.Y:
    """Return an axis of whole numbers; one that nothing is measured by ends at one."""
    top = max((point.value or 0 for point in (*line.points, *line.expected)), default=0)
    few = alt.Axis(format=",d", values=list(range(int(top) + 2)))
    scale = alt.Scale(domainMin=0, nice=True) if top else alt.Scale(domain=[0, 1])
    return alt.Y("value:Q", title=None, scale=scale, axis=few if top <= FEW else alt.Axis(format=",d", tickCount=FEW))


def _line_name(line: Line, reader: Voice) -> str:
    name = reader.say(NAMES[line.name]) if line.name in NAMES else line.name
    return reader.say(HOURLY if line.cell_seconds <= AN_HOUR else DAILY, name=name)


def _title(brief: Shown, reader: Voice) -> alt.TitleParams:
    name = harmless(brief.titles.get(reader.language, brief.title))[: paper.LONGEST_TITLE]
    first, last = brief.window.start, brief.window.end - timedelta(seconds=1)
    days = dict.fromkeys(reader.dated("d MMMM y", moment, brief.zone) for moment in (first, last))
    return paper.title(name, [" - ".join(days)], reader)
