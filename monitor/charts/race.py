"""The race of a naming poll: each option's share of the votes over time, and where it may end.

A line for each option, its name at its end; the shaded wedge is the interval that the final share lies in nine times of
ten. A thin upright line is a change of the lead. Time runs from left to right in every language.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any, NamedTuple

import altair as alt

from monitor.charts import paper
from monitor.model.poll_week import Course, PollWeek
from monitor.model.race import Line
from monitor.words.voice import Voice, harmless, message

HEIGHT = 220
NAMES = 160  # of the width, for the names at the right
AXIS = 44  # of the width, for the percentages at the left
APART = 15  # pixels between two names
LONGEST_NAME = 20  # characters that fit
COLOURS = ("#33658a", "#d1495b", "#2e8b57", "#b8741a", "#7b4b94", "#4f6d7a")
OTHERS = "#9aa5b1"  # options behind these
MOST = 10  # options that are drawn
TITLE, BELOW = message("Naming poll for {day}"), message("Share of the votes")
SHADED = message("Shaded: where it may end, nine times of ten")
CHANGED = message("Upright line: the lead changes")


class _Drawn(NamedTuple):
    """One option as it is drawn."""

    course: Course
    colour: str
    line: Line | None


@paper.trusting()
def chart(week: PollWeek, zone: str, reader: Voice = paper.ENGLISH, *, width: int = paper.WIDTH) -> dict[str, Any]:
    """Return the Vega-Lite spec of a race that has courses."""
    stood = {line.key: line for line in week.cycle.standing.lines} if week.cycle.standing else {}
    colours = [*COLOURS, *[OTHERS] * MOST]
    drawn = [_Drawn(one, colours[place], stood.get(one.key)) for place, one in enumerate(week.courses[:MOST])]
    frame = _Frame(week, zone, drawn, reader)
    layers = [*frame.changes(), *frame.wedges(), *frame.lines(), *frame.names()]
    picture = alt.layer(
        *layers, title=_title(week, frame, reader), height=HEIGHT, width=width - AXIS - NAMES, background="white"
    )
    config = paper.config(reader, width)
    config["axisY"] = {"orient": "left", "minExtent": AXIS - 12, "maxExtent": AXIS - 12, "labelFont": paper.LATIN}
    return {**picture.to_dict(validate=False), "config": config}


def png(week: PollWeek, zone: str, reader: Voice = paper.ENGLISH, *, width: int = paper.WIDTH) -> bytes:
    """Return the race as an image for mails."""
    return paper.png(chart(week, zone, reader, width=width))


def svg(week: PollWeek, zone: str, reader: Voice = paper.ENGLISH, *, width: int = paper.WIDTH) -> str:
    """Return the race as SVG."""
    return paper.svg(chart(week, zone, reader, width=width))


class _Frame:
    """The axes of one race, and the layers between them."""

    def __init__(self, week: PollWeek, zone: str, drawn: Sequence[_Drawn], reader: Voice) -> None:
        self._week, self._zone, self._drawn, self._reader = week, zone, drawn, reader
        moments = [at for one in drawn for at, _ in one.course.points]
        self._start, self._last = min(moments), max(moments)
        self._end = max(week.cycle.closes_at or self._last, self._last)
        shares = [share for one in drawn for _, share in one.course.points if share is not None]
        reached = [one.line.forecast[2] for one in drawn if one.line and one.line.forecast]
        self._top = min(max([*shares, *reached, 0.05]) * 1.08, 1.0)
        domain = [self._wall(self._start), self._wall(self._end)]
        axis = paper.time_axis(self._start, self._end, zone, reader)
        self._x = alt.X("at:T", scale=alt.Scale(type="utc", domain=domain, nice=False), axis=axis, title=None)
        self._y = self._y_of("share:Q")

    def _y_of(self, field: str) -> alt.Y:
        axis = alt.Axis(format=".0%", tickCount=5)
        return alt.Y(field, scale=alt.Scale(domain=[0, self._top]), axis=axis, title=None)

    def lines(self) -> Iterator[alt.Chart]:
        for one in reversed(self._drawn):  # the leader on top
            rows = [{"at": self._wall(at), "share": share} for at, share in one.course.points]
            yield self._layer(rows).mark_line(color=one.colour, strokeWidth=2.2).encode(x=self._x, y=self._y)

    def wedges(self) -> Iterator[alt.Chart]:
        """Yield from the last look to the end where each share may go."""
        for one in self._drawn:
            now = next((share for _, share in reversed(one.course.points) if share is not None), None)
            if one.line is None or one.line.forecast is None or now is None or self._end <= self._last:
                continue
            low, middle, high = one.line.forecast
            rows = [
                {"at": self._wall(self._last), "share": now, "low": now, "high": now},
                {"at": self._wall(self._end), "share": middle, "low": low, "high": high},
            ]
            yield (
                self._layer(rows)
                .mark_area(color=one.colour, opacity=0.18)
                .encode(x=self._x, y=self._y_of("low:Q"), y2="high:Q")
            )
            yield self._layer(rows).mark_line(color=one.colour, strokeDash=[3, 3]).encode(x=self._x, y=self._y)

    def changes(self) -> Iterator[alt.Chart]:
        """Yield a thin upright line for each change of the lead."""
        changes = self._week.cycle.standing.lead_changes if self._week.cycle.standing else ()
        rows = [{"at": self._wall(change.at)} for change in changes if self._start <= change.at <= self._end]
        if rows:
            yield self._layer(rows).mark_rule(color="#8a8f98", strokeDash=[2, 3]).encode(x=self._x)

    def names(self) -> Iterator[alt.Chart]:
        """Yield the names at the right, each in a font that has its letters, none on top of another."""
        for one, height in zip(self._drawn, self._heights(), strict=True):
            name = harmless(one.course.label)
            name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
            rows = [{"at": self._wall(self._end), "share": height, "name": paper.turned(name, self._reader)}]
            yield (
                self._layer(rows)
                .mark_text(align="left", dx=8, color=one.colour, font=paper.font(name), fontSize=13, fontWeight="bold")
                .encode(x=self._x, y=self._y, text="name:N")
            )

    def _heights(self) -> list[float]:
        """Return how high each name stands: at the end of its line, moved where two would touch."""
        wanted = [self._ends_at(one) for one in self._drawn]
        step, heights, above = APART / HEIGHT * self._top, [0.0] * len(wanted), self._top + 1
        order = sorted(range(len(wanted)), key=lambda place: -wanted[place])
        for place in order:
            heights[place] = above = min(wanted[place], above - step)
        lowest = min(heights, default=0.0)
        return [height - min(lowest, 0.0) for height in heights]

    def _ends_at(self, one: _Drawn) -> float:
        if one.line and one.line.forecast and self._end > self._last:
            return one.line.forecast[1]
        return next((share for _, share in reversed(one.course.points) if share is not None), 0.0)

    def _layer(self, rows: list[dict[str, Any]]) -> alt.Chart:
        return alt.Chart(alt.InlineData(values=rows))

    def _wall(self, moment: datetime) -> int:
        return paper.wall(moment, self._zone)


def _title(week: PollWeek, frame: _Frame, reader: Voice) -> alt.TitleParams:
    """Return whose day it names, and what is drawn besides the lines."""
    title = reader.say(TITLE, day=reader.dated("d MMMM y", datetime.combine(week.cycle.day, time(12), UTC), "UTC"))
    marks = [(True, BELOW), (any(frame.wedges()), SHADED), (any(frame.changes()), CHANGED)]
    return paper.title(title, [reader.say(told) for is_drawn, told in marks if is_drawn], reader)
