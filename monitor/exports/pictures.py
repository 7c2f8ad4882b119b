"""Every chart by its name, as a picture with the method under it. A new chart is one more line in the table."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from monitor.charts import numbers, paper, race
from monitor.digest import terms
from monitor.errors import MonitorError
from monitor.exports.asked import Asked
from monitor.exports.book import Book
from monitor.exports.note import coverage
from monitor.model.brief import Brief
from monitor.words.voice import Voice, bare

Spec = Mapping[str, Any]
Draw = Callable[[Brief, Voice], Spec]

CHARTS: dict[str, Draw] = {"numbers": numbers.chart}
"""The charts that every brief has."""

SMALL, LINE = 11, 15  # pixels of letters, and from line to line
ACROSS = 78  # characters of a line below a chart
GREY = "#555"


def charts(brief: Brief) -> dict[str, Draw]:
    """Return the charts of a brief by their names; the race of a poll is called as in the mail, `poll-NAME`."""
    races = {
        week.picture: lambda told, voice, week=week: race.chart(week, told.zone, voice)
        for week in brief.polls
        if any(course.points for course in week.courses)
    }
    return {**CHARTS, **races}


def drawn(brief: Brief, name: str, voice: Voice) -> Spec:
    """Return the Vega-Lite of a chart; say which there are where nobody knows it."""
    known = charts(brief)
    if name not in known:
        raise MonitorError(f"no chart is called like this; there are: {', '.join(known)}")
    return known[name](brief, voice)


def png(book: Book, asked: Asked, file: BinaryIO) -> None:
    """Write a chart as an image."""
    file.write(paper.png(_captioned(book, asked)))


def svg(book: Book, asked: Asked, file: BinaryIO) -> None:
    """Write a chart as SVG."""
    file.write(paper.svg(_captioned(book, asked)).encode())


def _captioned(book: Book, asked: Asked) -> Spec:
    lines = [part for line in _caption(book) for part in textwrap.wrap(bare(line), ACROSS)]
    return captioned(drawn(book.brief, asked.picture, book.voice), lines, book.voice)


def _caption(book: Book) -> Iterator[str]:
    """Yield the method in few lines; Latin letters stand in one of their own, for no font has those of all."""
    brief, voice = book.brief, book.voice
    drawn = {line.name for line in brief.lines}
    yield voice.listed([*dict.fromkeys(terms.platform(one.platform, voice) for one in brief.sources)])
    yield from coverage([total for total in brief.totals if total.name in drawn], voice)
    yield " · ".join([*(total.definition for total in brief.totals if total.name in drawn), brief.zone])


def captioned(spec: Spec, lines: Sequence[str], reader: Voice) -> Spec:
    """Return a chart with small lines under it, each in a font that has its letters."""
    around = {name: spec[name] for name in ("config", "$schema", "title", "datasets") if name in spec}
    inner = {name: part for name, part in spec.items() if name not in {*around, "background"}}
    parts = inner.get("vconcat", [inner])
    below = {
        "width": paper.WIDTH - paper.MARGIN,
        "height": len(lines) * LINE,
        "view": {"stroke": None},
        "layer": [_line(text, place * LINE, reader) for place, text in enumerate(lines)],
    }
    return {**around, "background": "white", "vconcat": [*parts, below], "spacing": 14}


def _line(text: str, height: int, reader: Voice) -> Spec:
    mark = {
        "type": "text",
        "text": paper.turned(text, reader),
        "font": paper.font(text),
        "fontSize": SMALL,
        "color": GREY,
        "baseline": "top",
        "align": "right" if reader.is_rtl else "left",
        "x": {"expr": "width"} if reader.is_rtl else 0,
        "y": height,
    }
    return {"data": {"values": [{}]}, "mark": mark}
