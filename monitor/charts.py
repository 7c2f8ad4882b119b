"""Brief → Vega-Lite: one definition of the chart for page, mail (PNG) and export (SVG).

One panel per line of the brief, each with its own axis: numbers of two classes never share one. Cells are bars, what
is usual a dashed line, spikes a second colour, and a gap a shaded hole, so that blind hours do not look quiet. Times
are on the campaign's clock and run from left to right in every language, as Arabic newspapers draw them; titles read
from right to left in Arabic.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any, Literal
from zoneinfo import ZoneInfo

import altair as alt
import fontpkg_noto_sans_arabic
import vl_convert
from babel import Locale, dates

from monitor.model.brief import Brief, Line, Point, Spike
from monitor.model.spelling import visible

WIDTH = 600  # pixels: what mail programs show without scrolling
SHARPNESS = 2  # image pixels per pixel, for the screens of phones
MARGIN = 64  # of the width, for the numbers of the axis
HEIGHTS = (170, 90)  # of the first panel, of the others
LATIN, ARABIC = "Liberation Sans", fontpkg_noto_sans_arabic.FAMILY  # both come with the libraries
RIGHT_TO_LEFT, END = "\u2067", "\u2069"  # RLI and PDI: the text turns by itself, whoever draws it

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
LOCALES = {"en": "en_GB", "ar": "ar_SY"}
MOST_PANELS = 3
LONGEST_TITLE = 60  # characters that fit into the width
FEW = 4  # counts up to this have a tick each
NOTHING = Line(name="posts", cell_seconds=3600, points=())  # an empty panel, for a brief without a line
TICKS = (
    (timedelta(hours=26), timedelta(hours=3), "%H:%M"),
    (timedelta(hours=50), timedelta(hours=6), "%H:%M"),
    (timedelta(days=10, hours=2), timedelta(days=1), "%a %-d"),
)
"""For windows up to the first: how far apart its ticks are, and what they say."""


def chart(brief: Brief, language: str = "en", *, width: int = WIDTH) -> dict[str, Any]:
    """Return the Vega-Lite spec of a brief's lines, the headline first; `language` is `en` or `ar`."""
    lines = sorted(brief.lines or [NOTHING], key=lambda line: line.name != brief.headline_metric)[:MOST_PANELS]
    kinds = _kinds(brief, lines)
    panels = [_panel(brief, line, language, kinds, is_first=line is lines[0]) for line in lines]
    drawn = alt.vconcat(*panels, spacing=14, title=_title(brief, language), background="white")
    return {**drawn.to_dict(), "config": _config(language, width)}


def png(brief: Brief, language: str = "en", *, width: int = WIDTH) -> bytes:
    """Return the chart as an image for mails, twice as sharp as its width in pixels."""
    _register_font()
    return _packed(vl_convert.vegalite_to_png(json.dumps(chart(brief, language, width=width)), scale=SHARPNESS))


def svg(brief: Brief, language: str = "en", *, width: int = WIDTH) -> str:
    """Return the chart as SVG."""
    _register_font()
    return vl_convert.vegalite_to_svg(json.dumps(chart(brief, language, width=width)))


def font(text: str) -> str:
    """Return the font that draws all of `text`: a letter of another font would fall back to any that has it."""
    return LATIN if any(letter.isalpha() and letter < "\u0590" for letter in text) or text.isascii() else ARABIC


@cache
def _register_font() -> None:
    vl_convert.register_font_directory(str(fontpkg_noto_sans_arabic.ROOT / "files"))


def _packed(image: bytes) -> bytes:
    """Return the same PNG a fifth as large: vl-convert compresses for speed, a mail wants few bytes."""
    chunks = list(_chunks(image))
    pixels = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    kept = [chunk for chunk in chunks if chunk[0] not in {b"IDAT", b"IEND"}]
    packed = [*kept, (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b"")]
    return image[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in packed
    )


def _chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the parts of a PNG: its kind and its body."""
    at = 8
    while at < len(image):
        length = int.from_bytes(image[at : at + 4], "big")
        yield image[at + 4 : at + 8], image[at + 8 : at + 8 + length]
        at += length + 12


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
    x = alt.X("from:T", scale=alt.Scale(type="utc", domain=_domain(brief, line)), axis=_time_axis(brief), title=None)
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
    title = _text(_line_name(line, words), language)
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
        yield {"from": _wall(point.at, brief.zone), "value": point.value, "kind": "usual"}


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
    return {"from": _wall(start, brief.zone), "to": _wall(start + timedelta(seconds=seconds), brief.zone)}


def _wall(moment: datetime, zone: str) -> int:
    """Return what the campaign's clock shows, as milliseconds that a chart in UTC draws unchanged."""
    return int(moment.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC).timestamp() * 1000)


def _domain(brief: Brief, line: Line) -> list[int]:
    ends = [brief.window.start, brief.window.end]
    if line.points:
        ends = [line.points[0].at, line.points[-1].at + timedelta(seconds=line.cell_seconds)]
    return [_wall(end, brief.zone) for end in ends]


def _time_axis(brief: Brief) -> alt.Axis:
    """Return hours for up to two days, weekdays for up to ten, dates beyond; on the campaign's clock."""
    length = brief.window.end - brief.window.start
    for longest, step, pattern in TICKS:
        if length <= longest:
            return alt.Axis(format=pattern, values=_ticks(brief, step), grid=False, labelOverlap=True, labelBound=True)
    return alt.Axis(format="%-d %b", tickCount=8, grid=False, labelBound=True)


def _count_axis(line: Line) -> alt.Axis:
    """Return an axis of whole numbers."""
    top = max((point.value or 0 for point in (*line.points, *line.expected)), default=0)
    if top <= FEW:
        return alt.Axis(format=",d", values=list(range(int(top) + 2)))
    return alt.Axis(format=",d", tickCount=FEW)


def _ticks(brief: Brief, step: timedelta) -> list[int]:
    first, last = (_wall(moment, brief.zone) for moment in (brief.window.start, brief.window.end))
    width = int(step.total_seconds() * 1000)
    return list(range(-(-first // width) * width, last + 1, width))


def _line_name(line: Line, words: dict[str, str]) -> str:
    name = words.get(line.name, line.name)
    return words["hourly" if line.cell_seconds <= 3600 else "daily"].format(name=name)  # noqa: PLR2004 - an hour


def _title(brief: Brief, language: str) -> alt.TitleParams:
    name = " ".join(visible(brief.titles.get(language, brief.title), kept="\u200c").split())[:LONGEST_TITLE]
    first, last = brief.window.start, brief.window.end - timedelta(seconds=1)
    days = list(dict.fromkeys(_day(moment, brief.zone, language) for moment in (first, last)))
    return alt.TitleParams(
        text=_turned(name, language),
        font=font(name),
        fontSize=18,
        fontWeight="normal",
        subtitle=_turned(" - ".join(days), language),
        subtitleFont=_base(language),
        subtitleFontSize=12,
        anchor=_side(language),
        offset=10,
    )


def _day(moment: datetime, zone: str, language: str) -> str:
    return dates.format_date(moment.astimezone(ZoneInfo(zone)), "d MMMM y", locale=_locale(language))


def _text(text: str, language: str) -> alt.TitleParams:
    turned = _turned(text, language)
    return alt.TitleParams(text=turned, font=font(text), fontSize=13, anchor=_side(language), fontWeight="normal")


def _side(language: str) -> Literal["start", "end"]:
    return "end" if language == "ar" else "start"


def _turned(text: str, language: str) -> str:
    return f"{RIGHT_TO_LEFT}{text}{END}" if language == "ar" else text


def _base(language: str) -> str:
    return ARABIC if language == "ar" else LATIN


def _config(language: str, width: int) -> dict[str, Any]:
    """Return fonts and the names of days and months; in Arabic the numbers stand at the right."""
    base = _base(language)
    return {
        "font": base,
        "locale": {"number": _NUMBERS, "time": _names(language)},
        "axis": {"labelFont": base, "labelFontSize": 12, "labelColor": "#333", "gridColor": "#e8e8e8"},
        "axisY": {"orient": "right" if language == "ar" else "left", "minExtent": 46, "maxExtent": 46},
        "legend": {"labelFont": base, "labelFontSize": 12, "symbolType": "square", "labelLimit": 240},
        "view": {"stroke": None, "continuousWidth": width - MARGIN},
    }


def _names(language: str) -> dict[str, Any]:
    locale = _locale(language)
    days, months = locale.days["format"], locale.months["format"]
    sunday_first = [6, 0, 1, 2, 3, 4, 5]
    return {
        "dateTime": "%c",
        "date": "%x",
        "time": "%X",
        "periods": ["AM", "PM"],
        "days": [days["wide"][day] for day in sunday_first],
        "shortDays": [days["abbreviated"][day] for day in sunday_first],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
    }


def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, LOCALES["en"]))


_NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]}
