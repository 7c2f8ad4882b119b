"""The course of the numbers in a mail: what today will come to, where each is heading, and levels that shifted."""

import math
from collections.abc import Callable, Iterator
from datetime import timedelta

from monitor.digest import terms
from monitor.digest.section import Row, Section
from monitor.model.brief import Brief, Level
from monitor.model.finding import Direction, Forecast, Heading, Shift
from monitor.words.voice import Voice, message

FRESH = timedelta(hours=1)
"""A brief made later after the end of its window tells whole days only: the last three hours are no news any more."""

WHOLE_DAY = 24  # hours
FAR = 10  # times what was expected, at least: how much more than that is chance where almost nothing was
DIGITS = 2  # of a forecast: more would promise more than is known

_MOVED = {
    Direction.RISING: message("rising over {length}: {change} against what was expected ({low} to {high})"),
    Direction.FALLING: message("falling over {length}: {change} against what was expected ({low} to {high})"),
}


def sections(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield where the numbers are heading; nothing where too little is known of all of them."""
    rows = [_forecast(one, voice) for one in brief.forecasts]
    rows += list(_headings(brief, voice))
    rows += [_shift(one, brief, voice) for one in brief.shifts]
    yield Section(voice.say("Where it is heading"), tuple(rows))


def _forecast(found: Forecast, voice: Voice) -> Row:
    """Return what a number is on course for, in as few digits as are known."""
    low, high = _outward(found.low, math.floor), _outward(found.high, math.ceil)
    ends = voice.say("{low} to {high}", low=voice.compact(low), high=voice.compact(high))
    so_far = terms.level(Level(value=found.so_far, partial=found.partial), voice)
    return Row(
        voice.say("{metric}: on course for {range} by midnight", metric=terms.label(found.name, voice), range=ends),
        voice.say("{number} so far", number=so_far),
    )


def _outward(value: float, rounded: Callable[[float], int]) -> float:
    """Return a number with two digits, so that the interval grows rather than shrinks."""
    if value < 10**DIGITS:
        return float(rounded(value))
    unit = 10.0 ** (math.floor(math.log10(value)) - DIGITS + 1)
    return float(rounded(value / unit) * unit)


def _headings(brief: Brief, voice: Voice) -> Iterator[Row]:
    """Yield a row for each number of which anything is known."""
    is_fresh = brief.made_at - brief.window.end < FRESH
    for name in dict.fromkeys(one.name for one in brief.headings):
        told = [one for one in brief.headings if one.name == name and (is_fresh or one.hours >= WHOLE_DAY)]
        if any(one.direction is not Direction.BLIND for one in told):
            yield Row(terms.label(name, voice), voice.strung(_directions(told, voice)))


def _directions(told: list[Heading], voice: Voice) -> Iterator[str]:
    """Yield what moved, stretch by stretch, then what did not."""
    for one in told:
        if one.low is not None and one.low + 1 >= FAR:
            times = voice.number(FAR)
            yield voice.say(
                "rising over {length}: over {n} times what was expected", length=_length(one, voice), n=times
            )
        elif one.direction in _MOVED and one.change is not None and one.low is not None and one.high is not None:
            yield voice.say(
                _MOVED[one.direction],
                length=_length(one, voice),
                change=voice.percent(one.change, signed=True),
                low=voice.percent(one.low, signed=True),
                high=voice.percent(one.high, signed=True),
            )
    steady = [_length(one, voice) for one in told if one.direction is Direction.STEADY]
    if steady:
        yield voice.say("as expected over {lengths}", lengths=voice.listed(steady))
    unknown = [_length(one, voice) for one in told if one.direction is Direction.BLIND]
    if unknown:
        yield voice.say("too little is known over {lengths}", lengths=voice.listed(unknown))


def _length(found: Heading, voice: Voice) -> str:
    return voice.lasting(timedelta(hours=found.hours))


def _shift(found: Shift, brief: Brief, voice: Voice) -> Row:
    """Return since when a number has another level, and by how much."""
    text = voice.say(
        "{metric}: another level since {day}, about {after} a day instead of {before}",
        metric=terms.label(found.name, voice),
        day=voice.day(found.at, brief.zone),
        after=voice.compact(found.after),
        before=voice.compact(found.before),
    )
    low, high = (voice.percent(ratio - 1, signed=True) for ratio in (found.low, found.high))
    return Row(text, voice.say("{low} to {high}", low=low, high=high))
