"""What charts are drawn on: fonts, the campaign's clock, writing that runs from right to left, PNG and SVG."""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import altair as alt
import fontpkg_noto_sans_arabic
import vl_convert
from babel import Locale, dates

WIDTH = 600  # pixels: what mail programs show without scrolling
SHARPNESS = 2  # image pixels per pixel, for the screens of phones
MARGIN = 64  # of the width, for the numbers of the axis
LONGEST_TITLE = 60  # characters that fit into the width
LATIN, ARABIC = "Liberation Sans", fontpkg_noto_sans_arabic.FAMILY  # both come with the libraries
RIGHT_TO_LEFT, END = "\u2067", "\u2069"  # RLI and PDI: the text turns by itself, whoever draws it
LOCALES = {"en": "en_GB", "ar": "ar_SY"}
TICKS = (
    (timedelta(hours=26), timedelta(hours=3), "%H:%M"),
    (timedelta(hours=50), timedelta(hours=6), "%H:%M"),
    (timedelta(days=10, hours=2), timedelta(days=1), "%a %-d"),
)
"""For windows up to the first: how far apart its ticks are, and what they say."""


def png(spec: Mapping[str, Any]) -> bytes:
    """Return a Vega-Lite chart as an image for mails, twice as sharp as its width in pixels."""
    _register_font()
    return _packed(vl_convert.vegalite_to_png(json.dumps(spec), scale=SHARPNESS))


def svg(spec: Mapping[str, Any]) -> str:
    """Return a Vega-Lite chart as SVG."""
    _register_font()
    return vl_convert.vegalite_to_svg(json.dumps(spec))


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


def wall(moment: datetime, zone: str) -> int:
    """Return what the campaign's clock shows, as milliseconds that a chart in UTC draws unchanged."""
    return int(moment.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC).timestamp() * 1000)


def time_axis(start: datetime, end: datetime, zone: str) -> alt.Axis:
    """Return hours for up to two days, weekdays for up to ten, dates beyond; on the campaign's clock."""
    for longest, step, pattern in TICKS:
        if end - start <= longest:
            ticks = _ticks(start, end, zone, step)
            return alt.Axis(format=pattern, values=ticks, grid=False, labelOverlap=True, labelBound=True)
    return alt.Axis(format="%-d %b", tickCount=8, grid=False, labelBound=True)


def _ticks(start: datetime, end: datetime, zone: str, step: timedelta) -> list[int]:
    first, last = wall(start, zone), wall(end, zone)
    width = int(step.total_seconds() * 1000)
    return list(range(-(-first // width) * width, last + 1, width))


def day(moment: datetime, zone: str, language: str) -> str:
    return dates.format_date(moment.astimezone(ZoneInfo(zone)), "d MMMM y", locale=_locale(language))


def heading(text: str, language: str) -> alt.TitleParams:
    """Return the title of a panel."""
    return alt.TitleParams(
        text=turned(text, language), font=font(text), fontSize=13, anchor=side(language), fontWeight="normal"
    )


def side(language: str) -> Literal["start", "end"]:
    return "end" if language == "ar" else "start"


def turned(text: str, language: str) -> str:
    return f"{RIGHT_TO_LEFT}{text}{END}" if language == "ar" else text


def base(language: str) -> str:
    return ARABIC if language == "ar" else LATIN


def config(language: str, width: int) -> dict[str, Any]:
    """Return fonts and the names of days and months; in Arabic the numbers stand at the right."""
    letters = base(language)
    return {
        "font": letters,
        "locale": {"number": _NUMBERS, "time": _names(language)},
        "axis": {"labelFont": letters, "labelFontSize": 12, "labelColor": "#333", "gridColor": "#e8e8e8"},
        "axisY": {"orient": "right" if language == "ar" else "left", "minExtent": 46, "maxExtent": 46},
        "legend": {"labelFont": letters, "labelFontSize": 12, "symbolType": "square", "labelLimit": 240},
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
