"""What charts are drawn on: fonts, the campaign's clock, writing that runs from right to left, PNG and SVG.

Whatever is written on an axis is written here, in the reader's language and digits. Mail programs shrink a picture to
the width of a phone, so letters are large and charts are narrow.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import altair as alt
import fontpkg_noto_sans_arabic
from altair.utils.schemapi import debug_mode

from monitor.charts.painter import PAINTER
from monitor.model.window import local_day
from monitor.words.voice import Voice, voice

ENGLISH = voice("en")
WIDTH = 440  # pixels: on a phone of 360 its letters are still as tall as those of a caption
LABEL, HEADING, TITLE = 14, 14, 18  # pixels of letters
MARGIN = 78  # of the width, for the numbers of the axis
APART = 4  # pixels between two labels of time, at least
LONGEST_TITLE = 44  # characters that fit into the width
LATIN, ARABIC = "Liberation Sans", fontpkg_noto_sans_arabic.FAMILY  # both come with the libraries
RIGHT_TO_LEFT, END = "\u2067", "\u2069"  # RLI and PDI: the text turns by itself, whoever draws it
TICKS = (
    (timedelta(hours=26), timedelta(hours=4), "HH:mm"),
    (timedelta(hours=50), timedelta(hours=12), "HH:mm"),
    (timedelta(days=10, hours=2), timedelta(days=1), "EEE d"),
)
"""For windows up to the first: how far apart its ticks are, and what they say."""
BY_WEEKS = timedelta(days=100)  # longer windows have a tick each month


@contextmanager
def trusting() -> Iterator[None]:
    """Build charts without checking each part against the schema, which takes longer than drawing; the tests check."""
    with debug_mode(arg=False):
        yield


def png(spec: Mapping[str, Any]) -> bytes:
    """Return a Vega-Lite chart as an image for mails, twice as sharp as its width in pixels."""
    return _packed(PAINTER.draw("png", spec))


def svg(spec: Mapping[str, Any]) -> str:
    """Return a Vega-Lite chart as SVG."""
    return PAINTER.draw("svg", spec).decode()


def font(text: str) -> str:
    """Return the font that draws all of `text`: a letter of another font would fall back to any that has it."""
    return LATIN if any(letter.isalpha() and letter < "\u0590" for letter in text) or text.isascii() else ARABIC


def _packed(image: bytes) -> bytes:
    """Return the same PNG a fifth as large: vl-convert compresses for speed, a mail wants few bytes."""
    chunks = list(_chunks(image))
    pixels = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    kept = [chunk for chunk in chunks if chunk[0] not in {b"IDAT", b"IEND"}]
    packed = [*kept, (b"IDAT", zlib.compress(pixels, 6)), (b"IEND", b"")]
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


def wall(moment: datetime, zone: str) -> int:
    """Return what the campaign's clock shows, as milliseconds that a chart in UTC draws unchanged."""
    return int(moment.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC).timestamp() * 1000)


def time_axis(start: datetime, end: datetime, zone: str, reader: Voice) -> alt.Axis:
    """Return hours for up to two days, days for up to ten, beginnings of the reader's weeks or of months beyond."""
    labels = {wall(moment, zone): turned(label, reader) for moment, label in _ticks(start, end, zone, reader)}
    written = f"({json.dumps(labels, ensure_ascii=False)})[time(datum.value)]"
    return alt.Axis(
        values=list(labels), labelExpr=written, grid=False, labelOverlap=True, labelSeparation=APART, labelBound=True
    )


def _ticks(start: datetime, end: datetime, zone: str, reader: Voice) -> Iterator[tuple[datetime, str]]:
    """Yield the moments that are written below a chart, and what is written there."""
    for longest, step, pattern in TICKS:
        if end - start <= longest:
            yield from ((at, reader.dated(pattern, at, zone)) for at in _steps(start, end, zone, step))
            return
    by_weeks = end - start <= BY_WEEKS
    for day in _steps(start, end, zone, timedelta(days=1)):
        local = day.astimezone(ZoneInfo(zone))
        if by_weeks and local.weekday() == reader.locale.first_week_day:
            yield day, reader.dated("d MMM", day, zone)
        if not by_weeks and local.day == 1:
            yield day, reader.dated("MMM", day, zone)


def _steps(start: datetime, end: datetime, zone: str, step: timedelta) -> Iterator[datetime]:
    """Yield the full hours of the campaign's clock that are whole steps of the day, both ends included."""
    begin = local_day(start, zone).start
    for number in range(int((end - begin + timedelta(hours=2)) / step) + 2):
        local = begin.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + number * step
        moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        if start <= moment <= end:
            yield moment


def heading(text: str, reader: Voice) -> alt.TitleParams:
    """Return the title of a panel."""
    return alt.TitleParams(
        text=turned(text, reader), font=font(text), fontSize=HEADING, anchor=side(reader), fontWeight="normal"
    )


def title(text: str, below: Sequence[str], reader: Voice) -> alt.TitleParams:
    """Return the title of a whole chart, and the smaller lines under it."""
    return alt.TitleParams(
        text=turned(text, reader),
        font=font(text),
        fontSize=TITLE,
        fontWeight="normal",
        subtitle=[turned(line, reader) for line in below],
        subtitleFont=base(reader),
        subtitleFontSize=LABEL,
        anchor=side(reader),
        offset=10,
    )


def side(reader: Voice) -> Literal["start", "end"]:
    return "end" if reader.is_rtl else "start"


def turned(text: str, reader: Voice) -> str:
    return f"{RIGHT_TO_LEFT}{text}{END}" if reader.is_rtl else text


def base(reader: Voice) -> str:
    return ARABIC if reader.is_rtl else LATIN


def config(reader: Voice, width: int) -> dict[str, Any]:
    """Return fonts and digits; where one reads from right to left the numbers stand at the right."""
    letters = base(reader)
    return {
        "font": letters,
        "locale": {"number": _numbers(reader)},
        "axis": {"labelFont": letters, "labelFontSize": LABEL, "labelColor": "#333", "gridColor": "#e8e8e8"},
        "axisY": {"orient": "right" if reader.is_rtl else "left", "minExtent": 58, "maxExtent": 58},
        "legend": {
            "labelFont": letters,
            "labelFontSize": LABEL,
            "symbolType": "square",
            "labelLimit": 240,
            "columnPadding": 8,
            "layout": {"bottom": {"anchor": side(reader)}},
        },
        "view": {"stroke": None, "continuousWidth": width - MARGIN},
    }


def _numbers(reader: Voice) -> dict[str, Any]:
    plain = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]}
    if reader.digits == "western":
        return plain
    return plain | {"decimal": "٫", "thousands": "٬", "percent": "٪", "numerals": list("٠١٢٣٤٥٦٧٨٩")}
