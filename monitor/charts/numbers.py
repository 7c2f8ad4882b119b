"""Brief → Vega-Lite: one definition of the chart for page, mail (PNG) and export (SVG).

One panel per line of the brief, each with its own axis: numbers of two classes never share one. Cells are bars, what
is usual a dashed line, spikes a second colour, and a gap a shaded hole, so that blind hours do not look quiet. Times
are on the campaign's clock and run from left to right in every language, as Arabic newspapers draw them; titles read
from right to left in Arabic.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import altair as alt

from monitor.charts import paper
from monitor.model.brief import Brief, Line, Point, Spike
from monitor.model.spelling import visible

HEIGHTS = (170, 90)  # of the first panel, of the others

COLOURS = {"counted": "#33658a", "spike": "#d1495b", "usual": "#4a4a4a", "gap": "#dcd6cc"}
WORDS = {
    "en": {
        "counted": "Counted",
        "spike": "Spike",
        "usual": "Usual level",
        "gap": "Gap: not watched",
        "posts": "Posts",
        "impressions": "Impressions (measured)",
        "articles": "Articles",
        "hourly": "{name} per hour",
        "daily": "{name} per day",
    },
    "ar": {
        "counted": "المعدود",
        "spike": "قفزة",
        "usual": "المستوى المعتاد",
        "gap": "فجوة بلا رصد",
        "posts": "المنشورات",
        "impressions": "المشاهدات المقيسة",
        "articles": "المقالات",
        "hourly": "{name} في الساعة",
        "daily": "{name} في اليوم",
    },
}
MOST_PANELS = 3
FEW = 4  # counts up to this have a tick each
NOTHING = Line(name="posts", cell_seconds=3600, points=())  # an empty panel, for a brief without a line


def chart(brief: Brief, language: str = "en", *, width: int = paper.WIDTH) -> dict[str, Any]:
    """Return the Vega-Lite spec of a brief's lines, the headline first; `language` is `en` or `ar`."""
    lines = sorted(brief.lines or [NOTHING], key=lambda line: line.name != brief.headline_metric)[:MOST_PANELS]
    kinds = _kinds(brief, lines)
    panels = [_panel(brief, line, language, kinds, is_first=line is lines[0]) for line in lines]
    drawn = alt.vconcat(*panels, spacing=14, title=_title(brief, language), background="white")
    return {**drawn.to_dict(), "config": paper.config(language, width)}


def png(brief: Brief, language: str = "en", *, width: int = paper.WIDTH) -> bytes:
    """Return the chart as an image for mails, twice as sharp as its width in pixels."""
    return paper.png(chart(brief, language, width=width))


def svg(brief: Brief, language: str = "en", *, width: int = paper.WIDTH) -> str:
    """Return the chart as SVG."""
    return paper.svg(chart(brief, language, width=width))


def _panel(
    brief: Brief, line: Line, language: str, kinds: Sequence[str], *, is_first: bool
) -> alt.LayerChart | alt.FacetChart:
    """Return one line of the brief as bars, its usual level above them, its gaps behind; a legend under the first."""
    words = WORDS.get(language, WORDS["en"])
    legend = alt.Legend(title=None, orient="bottom", direction="horizontal") if is_first else None
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=[words[kind] for kind in kinds], range=[COLOURS[kind] for kind in kinds]),
        legend=legend,
    )
    x = alt.X(
        "from:T",
        scale=alt.Scale(type="utc", domain=_domain(brief, line)),
        axis=paper.time_axis(brief.window.start, brief.window.end, brief.zone),
        title=None,
    )
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domainMin=0, nice=True), axis=_count_axis(line))
    gaps = alt.Chart(_rows(_gaps(brief, line), words)).mark_rect().encode(x=x, x2="to:T", color=colour)
    bars = (
        alt.Chart(_rows(_bars(brief, line), words))
        .mark_bar(binSpacing=0)
        .encode(x=x, x2="to:T", y=y, y2=alt.datum(0), color=colour)
    )
    usual = (
        alt.Chart(_rows(_usual(brief, line), words))
        .mark_line(interpolate="step-after", strokeDash=[4, 3], strokeWidth=1.4)
        .encode(x=x, y=y, color=colour)
    )
    title = paper.heading(_line_name(line, words), language)
    return alt.layer(gaps, bars, usual, title=title, height=HEIGHTS[0 if is_first else 1])


def _bars(brief: Brief, line: Line) -> Iterator[dict[str, Any]]:
    """Yield one row per known cell."""
    for point in line.points:
        if point.value is not None:
            kind = "spike" if _is_spike(point, line, brief.spikes) else "counted"
            yield {**_stretch(brief, point.at, line.cell_seconds), "value": point.value, "kind": kind}


def _usual(brief: Brief, line: Line) -> Iterator[dict[str, Any]]:
    """Yield the usual level, and its last cell once more at its end, so that the step is drawn."""
    points = [*line.expected]
    if points:
        last = points[-1]
        points.append(Point(at=last.at + timedelta(seconds=line.cell_seconds), value=last.value))
    for point in points:
        yield {"from": paper.wall(point.at, brief.zone), "value": point.value, "kind": "usual"}


def _gaps(brief: Brief, line: Line) -> Iterator[dict[str, Any]]:
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


def _kinds(brief: Brief, lines: Sequence[Line]) -> list[str]:
    """Return what the legend explains: only what is drawn, or in an empty chart what would be."""
    drawn = {row["kind"] for line in lines for rows in (_bars, _usual, _gaps) for row in rows(brief, line)}
    return [kind for kind in COLOURS if kind in drawn] or ["counted"]


def _rows(rows: Iterator[dict[str, Any]], words: dict[str, str]) -> alt.InlineData:
    return alt.InlineData(values=[{**row, "kind": words[row["kind"]]} for row in rows])


def _stretch(brief: Brief, start: datetime, seconds: float) -> dict[str, int]:
    return {"from": paper.wall(start, brief.zone), "to": paper.wall(start + timedelta(seconds=seconds), brief.zone)}


def _domain(brief: Brief, line: Line) -> list[int]:
    ends = [brief.window.start, brief.window.end]
    if line.points:
        ends = [line.points[0].at, line.points[-1].at + timedelta(seconds=line.cell_seconds)]
    return [paper.wall(end, brief.zone) for end in ends]


def _count_axis(line: Line) -> alt.Axis:
    """Return an axis of whole numbers."""
    top = max((point.value or 0 for point in (*line.points, *line.expected)), default=0)
    if top <= FEW:
        return alt.Axis(format=",d", values=list(range(int(top) + 2)))
    return alt.Axis(format=",d", tickCount=FEW)


def _line_name(line: Line, words: dict[str, str]) -> str:
    name = words.get(line.name, line.name)
    return words["hourly" if line.cell_seconds <= 3600 else "daily"].format(name=name)  # noqa: PLR2004 - an hour


def _title(brief: Brief, language: str) -> alt.TitleParams:
    name = " ".join(visible(brief.titles.get(language, brief.title), kept="\u200c").split())[: paper.LONGEST_TITLE]
    first, last = brief.window.start, brief.window.end - timedelta(seconds=1)
    days = list(dict.fromkeys(paper.day(moment, brief.zone, language) for moment in (first, last)))
    return alt.TitleParams(
        text=paper.turned(name, language),
        font=paper.font(name),
        fontSize=18,
        fontWeight="normal",
        subtitle=paper.turned(" - ".join(days), language),
        subtitleFont=paper.base(language),
        subtitleFontSize=12,
        anchor=paper.side(language),
        offset=10,
    )
