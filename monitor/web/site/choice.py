"""What a visitor of a campaign picked, all of it in the address: a stretch of time, a clock, what the chart shows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from monitor.exports.drawn import Beside
from monitor.model.campaign import Campaign
from monitor.model.window import Window, local_day
from monitor.model.zone import checked_zone
from monitor.web.problem import Problem
from monitor.web.span import Last, span
from monitor.words.voice import message

NUMBERS = ("posts", "impressions", "engagement", "potential_reach", "articles")
BESIDE = ("before", "week")
SPLITS = ("spelling", "platform", "language")
NO_NUMBER = message("there is no such metric; choose posts, impressions, engagement, potential_reach or articles")
NO_COMPARISON = message("it can not be compared with this; choose before or week")
NO_SPLIT = message("it can not be split like this; choose spelling, platform or language")
LONGEST = 64  # characters of one answer: whatever can be picked is shorter
ON_A_FORM = "%Y-%m-%dT%H:%M"
A_DAY = r"\d{4}-\d\d-\d\d"


@dataclass(frozen=True)
class Picked:
    """What the address says, as it says it; empty where it says nothing."""

    last: str = ""
    start: str = ""
    end: str = ""
    zone: str = ""
    metric: str = ""
    compare: str = ""
    split: str = ""
    share: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Picked":
        """Return what a query says; what is too long to be anything is cut."""
        return cls(**{one.name: query.get(one.name, "").strip()[:LONGEST] for one in fields(cls)})

    def but(self, **other: str) -> "Picked":
        """Return the same but for this; a window is either the last days or a start and an end."""
        if "last" in other:
            other = {"start": "", "end": "", **other}
        elif "start" in other:
            other = {"last": "", **other}
        return replace(self, **other)

    def link(self, **other: str) -> str:
        """Return the address of the same page, but for this."""
        return f"?{urlencode(self.but(**other).said)}"

    @property
    def ends(self) -> dict[str, str]:
        """The window as it was written, for the form to be mended; a day begins at midnight."""
        ends = {"start": self.start, "end": self.end}
        return {name: f"{told}T00:00" if re.fullmatch(A_DAY, told) else told for name, told in ends.items()}

    @property
    def said(self) -> dict[str, str]:
        """What was said, by name."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class Choice:
    """What that means for one campaign at one moment. `number` is None where the headline of the brief is meant."""

    picked: Picked
    window: Window
    zone: str
    number: str | None
    compare: Beside | None
    split: str | None

    @property
    def ends(self) -> dict[str, str]:
        """The window as forms take it."""
        here = ZoneInfo(self.zone)
        ends = {"start": self.window.start, "end": self.window.end}
        return {name: moment.astimezone(here).strftime(ON_A_FORM) for name, moment in ends.items()}

    @property
    def window_query(self) -> dict[str, str]:
        """The window as a query that means the same on every clock."""
        if not self.picked.start:
            return {"last": self.picked.last or "24h"}
        return {"start": f"{self.window.start:%Y-%m-%dT%H:%MZ}", "end": f"{self.window.end:%Y-%m-%dT%H:%MZ}"}


def choice(picked: Picked, campaign: Campaign, now: datetime) -> Choice:
    """Return what was picked; raise Problem 422 that says what can be."""
    zone = _zone(picked.zone) or campaign.zone
    last = _last(picked.last)
    start, end = (_moment(told, zone) for told in (picked.start, picked.end))
    return Choice(
        picked=picked,
        window=span(campaign, now, last, start, end),
        zone=zone,
        number=_one_of(NUMBERS, picked.metric, NO_NUMBER),
        compare=_one_of(BESIDE, picked.compare, NO_COMPARISON),
        split=_one_of(SPLITS, picked.split, NO_SPLIT),
    )


def yesterday(campaign: Campaign, now: datetime) -> dict[str, str]:
    """Return the last whole day on the campaign's clock, as an address has it: that is the window of a mail."""
    day = local_day(local_day(now, campaign.zone).start - timedelta(hours=1), campaign.zone)
    ends = (moment.astimezone(ZoneInfo(campaign.zone)).date() for moment in (day.start, day.end))
    return dict(zip(("start", "end"), map(str, ends), strict=True)) | {"zone": ""}


def _zone(told: str) -> str:
    try:
        return told and checked_zone(told)
    except ValueError as error:
        raise _wrong(message("this clock is not known: write a time zone such as Asia/Damascus or UTC")) from error


def _last(told: str) -> Last | None:
    found: dict[str, Last] = {one: one for one in get_args(Last)}
    if told and told not in found:
        raise _wrong(message("ask for the last 24h, 7d, 30d or 90d, or for a start and an end"))
    return found.get(told)


def _moment(told: str, zone: str) -> datetime | None:
    """Return a moment; one without an offset is on the clock of `zone`."""
    if not told:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise _wrong(message("write a moment as 2016-04-29 or 2016-04-29T18:30")) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _one_of(known: tuple[Any, ...], told: str, advice: str) -> Any:
    if told and told not in known:
        raise _wrong(advice)
    return told or None


def _wrong(words: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, words)
