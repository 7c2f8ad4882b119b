"""Which stretch of time is asked for: the last hours or days, or a start and an end."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, Query
from pydantic import BeforeValidator

from monitor.model.campaign import Campaign
from monitor.model.window import Window
from monitor.web.problem import Problem
from monitor.words.voice import message

Last = Literal["24h", "7d", "30d", "90d"]
LENGTHS: dict[Last, timedelta] = {
    "24h": timedelta(days=1), "7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90),
}  # fmt: skip
LONGEST = timedelta(days=3 * 366)
STEP = timedelta(minutes=5)  # windows that end now end on a full step, so that those who ask together share one brief
EARLIEST = datetime(2006, 3, 21, tzinfo=UTC)  # no hashtag is older


def _written(told: object) -> object:
    """Refuse a bare number: it may be meant as seconds, as milliseconds, or by mistake."""
    if isinstance(told, str) and not re.match(r"\d{4}-\d\d-\d\d", told):
        raise ValueError("write it as 2016-04-29T12:00 or 2016-04-29T12:00:00Z")
    return told


Moment = Annotated[datetime, BeforeValidator(_written)]
Day = Annotated[date, BeforeValidator(_written)]

_Last = Annotated[Last | None, Query(description="The last 24 hours, or 7, 30, 90 days; 24h when nothing is said.")]
_Start = Annotated[Moment | None, Query(description="ISO 8601; without an offset it is on the clock of the campaign.")]
_End = Annotated[Moment | None, Query(description="ISO 8601, not included; now when nothing is said.")]


@dataclass(frozen=True)
class Asked:
    """What a question says of its window."""

    last: _Last = None
    start: _Start = None
    end: _End = None

    def window(self, campaign: Campaign, now: datetime) -> Window:
        """Return the window; raise Problem 422 for one that can not be."""
        return span(campaign, now, self.last, self.start, self.end)


When = Annotated[Asked, Depends()]
"""The part of a question that says its window: `last`, or `start` and `end`."""


def span(campaign: Campaign, now: datetime, last: Last | None, start: datetime | None, end: datetime | None) -> Window:
    """Return the window that was asked for; raise Problem 422 for one that can not be."""
    floor = datetime.fromtimestamp(now.timestamp() // STEP.total_seconds() * STEP.total_seconds(), UTC)
    if start is None:
        if end is not None:
            raise _wrong(message("give a start beside the end, or last=7d"))
        return Window(floor - LENGTHS[last or "24h"], floor)
    if last is not None:
        raise _wrong(message("give either last, or a start and an end"))
    window = Window(on_clock(start, campaign), floor if end is None else on_clock(end, campaign))
    if window.start >= window.end:
        raise _wrong(message("the start must lie before the end"))
    if window.start >= now:
        raise _wrong(message("this lies in the future: nothing was counted yet"))
    if window.length > LONGEST or window.start < EARLIEST:
        raise _wrong(message("this is too long: ask for up to three years, from 2006 on"))
    return window


def on_clock(told: datetime, campaign: Campaign) -> datetime:
    """Return a moment in UTC; without an offset it is on the clock of the campaign."""
    try:
        return (told if told.tzinfo else told.replace(tzinfo=ZoneInfo(campaign.zone))).astimezone(UTC)
    except OverflowError as error:
        raise _wrong(message("this moment is out of reach: ask for 2006 and later")) from error


def _wrong(words: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, words)
