"""Every chart by its name, as a picture with its legend and the method under it."""

import textwrap
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, NamedTuple

from monitor.charts import numbers, paper, race, series, split
from monitor.charts.palette import PAPER
from monitor.charts.stage import Size
from monitor.digest import terms
from monitor.errors import MonitorError
from monitor.exports import drawn
from monitor.exports.asked import Asked
from monitor.exports.desk import Desk
from monitor.exports.note import coverage
from monitor.exports.series import Split
from monitor.model.brief import Brief
from monitor.model.poll_week import PollWeek
from monitor.words.voice import Voice, bare

Spec = Mapping[str, Any]


class Picture(NamedTuple):
    """A chart, what its colours mean, and the small lines under it, which reach across `width` pixels."""

    spec: Spec
    width: int
    legend: tuple[tuple[str, str], ...] = ()
    caption: tuple[str, ...] = ()


Draw = Callable[[Desk], Awaitable[Picture]]

NUMBERS = ("posts", "impressions", "engagement", "potential_reach", "articles")
SPLITS = (Split.PLATFORM, Split.SPELLING, Split.LANGUAGE)
SIZE, EDGE = Size(760, 280, 13), 72  # of the width: the numbers of the axis
SMALL, LINE = 11, 15  # pixels of letters, and from line to line
LETTER = 5.6  # pixels of a small letter, about
SQUARE, INDENT = 5, 15  # from the edge: the middle of a square, the words beside it
INK, GREY = "#333", "#555"


def charts(brief: Brief) -> dict[str, Draw]:
    """Return the charts of a brief by their names; the race of a poll is called as in the mail, `poll-NAME`."""
    known = [name for name in NUMBERS if brief.total(name)]
    return {
        "numbers": _numbers,
        **{name: partial(_number, name) for name in known},
        **{f"{name}-{by}": partial(_parts, name, by) for name in known if name != drawn.POTENTIAL for by in SPLITS},
        **{week.picture: partial(_race, week) for week in raced(brief)},
    }


def raced(brief: Brief) -> list[PollWeek]:
    """Return the polls whose race can be drawn."""
    return [week for week in brief.polls if any(course.points for course in week.courses)]


async def read(desk: Desk) -> Spec:
    """Return the Vega-Lite of the chart that is asked for; say which there are where nobody knows it."""
    known = charts(desk.brief)
    if desk.asked.picture not in known:
        raise MonitorError(f"there is no such chart; there are: {', '.join(known)}")
    made = await known[desk.asked.picture](desk)
    caption = tuple(map(bare, _caption(desk.brief, desk.asked.voice)))
    return captioned(made._replace(caption=caption), desk.asked.voice)


def png(spec: Spec, _: Asked, file: BinaryIO) -> None:
    """Write a chart as an image."""
    file.write(paper.png(spec))


def svg(spec: Spec, _: Asked, file: BinaryIO) -> None:
    """Write a chart as SVG."""
    file.write(paper.svg(spec).encode())


async def _numbers(desk: Desk) -> Picture:
    return Picture(numbers.chart(desk.brief, desk.asked.voice), paper.WIDTH - paper.MARGIN)


async def _race(week: PollWeek, desk: Desk) -> Picture:
    return Picture(race.chart(week, desk.brief.zone, desk.asked.voice), paper.WIDTH - race.AXIS - race.NAMES)


async def _number(name: str, desk: Desk) -> Picture:
    brief, voice = desk.brief, desk.asked.voice
    told = await drawn.read(desk.store, desk.campaign, brief, name, None, desk.now)
    drawing = drawn.drawing(told, brief, voice, brief.zone, lambda _: "")
    legend = [(voice.say(series.KINDS[kind]), getattr(PAPER, kind)) for kind in drawing.kinds]
    return _titled(series.chart(drawing, voice, size=SIZE), name, desk, *legend)


async def _parts(name: str, by: Split, desk: Desk) -> Picture:
    voice = desk.asked.voice
    held = await drawn.parts(desk.store, desk.campaign, desk.brief, name, by, desk.now, voice)
    legend = [(bare(part.name), colour) for part, colour in zip(held.parts, PAPER.parts, strict=False)]
    legend += [(voice.say(series.KINDS[kind]), getattr(PAPER, kind)) for kind in held.kinds]
    return _titled(split.chart(held, voice, size=SIZE), name, desk, *legend)


def _titled(spec: Spec, name: str, desk: Desk, *legend: tuple[str, str]) -> Picture:
    """Return a chart that says on its own what it shows."""
    brief, voice = desk.brief, desk.asked.voice
    below = f"{terms.label(name, voice)}: {terms.when(brief, voice)}"
    title = paper.title(bare(terms.title(brief, voice)), [bare(below)], voice).to_dict()
    inner = {name: part for name, part in spec.items() if name != "autosize"}  # only a chart on its own may fit itself
    return Picture({**inner, "title": title, "width": SIZE.width - EDGE}, SIZE.width - EDGE, legend)


def _caption(brief: Brief, voice: Voice) -> Iterator[str]:
    """Yield the method in few lines; Latin letters stand in one of their own, for no font has those of all."""
    shown = {line.name for line in brief.lines}
    yield voice.listed([*dict.fromkeys(terms.platform(one.platform, voice) for one in brief.sources)])
    yield from coverage([total for total in brief.totals if total.name in shown], voice)
    yield " · ".join([*(total.definition for total in brief.totals if total.name in shown), brief.zone])


def captioned(made: Picture, reader: Voice) -> Spec:
    """Return a chart with its legend and small lines under it."""
    around = {name: made.spec[name] for name in ("config", "$schema", "title", "datasets") if name in made.spec}
    inner = {name: part for name, part in made.spec.items() if name not in {*around, "background"}}
    across = int(made.width / LETTER)
    caption = [(part, None) for line in made.caption for part in textwrap.wrap(line, across)]
    lines = [*made.legend, *caption]
    below = {
        "width": made.width,
        "height": len(lines) * LINE,
        "view": {"stroke": None},
        "layer": [mark for place, line in enumerate(lines) for mark in _line(*line, place * LINE, reader)],
    }
    return {**around, "background": "white", "vconcat": [*inner.get("vconcat", [inner]), below], "spacing": 14}


def _line(text: str, colour: str | None, height: int, reader: Voice) -> Iterator[Spec]:
    """Yield a line in a font that has its letters; one of the legend stands beside a square."""
    moved = INDENT if colour else 0
    words = {
        "type": "text",
        "text": paper.turned(text, reader),
        "font": paper.font(text),
        "fontSize": SMALL,
        "color": INK if colour else GREY,
        "baseline": "middle",
        "align": "right" if reader.is_rtl else "left",
    }
    yield _placed(words, moved, height, reader)
    if colour:
        yield _placed({"type": "square", "size": 90, "opacity": 1, "color": colour}, SQUARE, height, reader)


def _placed(mark: Mapping[str, Any], across: int, height: int, reader: Voice) -> Spec:
    """Return a mark so far from where reading begins."""
    x = {"expr": f"width - {across}"} if reader.is_rtl else across
    return {"data": {"values": [{}]}, "mark": {**mark, "x": x, "y": height + LINE / 2}}
