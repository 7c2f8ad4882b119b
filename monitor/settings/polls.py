"""The naming polls of a campaign's file: declared once, every week a cycle by itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from monitor.model.poll import Poll, Weekly
from monitor.model.poll_source import PollSettings
from monitor.model.table import Table
from monitor.model.words import Phrase
from monitor.settings.files import File
from monitor.settings.findings import Findings
from monitor.settings.hashtag import Word
from monitor.settings.place import checked, chosen, place
from monitor.sources.polls import places

Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_DAYS = {day.casefold(): number for number, day in enumerate(Day.__args__)}  # type: ignore[attr-defined]
_MOMENT = re.compile(r"(?P<day>[a-z]+)\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})", re.IGNORECASE | re.ASCII)
_HOW = 'write a weekday and a time, such as "Tuesday 18:00"; midnight at the end of a day is 24:00'


def _moment(written: str) -> str:
    weekly(written)
    return written


def weekly(written: str) -> Weekly:
    """Return a weekly moment; a ValueError says how one is written."""
    match = _MOMENT.fullmatch(written.strip())
    if match is None or match["day"].casefold() not in _DAYS:
        raise ValueError(_HOW)
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour * 60 + minute > 24 * 60 or minute >= 60:  # noqa: PLR2004 - minutes
        raise ValueError(_HOW)
    return Weekly(_DAYS[match["day"].casefold()], hour, minute)


Moment = Annotated[str, AfterValidator(_moment)]


class PollFile(Table):
    """One [[polls]] of a campaign; its [polls.at] is read apart, by the table of its platform."""

    name: str = Field(default="friday", max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    question: tuple[Word, ...] = ()  # words of the question; of several polls at the place, one with any of them
    opens: Moment = "Tuesday 18:00"
    closes: Moment = "Wednesday 24:00"
    names: Day = "Friday"
    names_spellings: int = Field(default=2, ge=0, le=6)  # of each name beside its first one: each is a question more
    names_days: int = Field(default=7, ge=0, le=60)  # how long after its day a name is looked for
    keep_days: int = Field(default=400, ge=1, le=10_000)  # how long the answers that prove the numbers are kept


@dataclass(frozen=True)
class WatchedPoll:
    """One poll and where it appears."""

    poll: Poll
    at: PollSettings
    keep: timedelta


def polls(file: File, slug: str, zone: str, env: Mapping[str, str], found: Findings) -> Iterator[WatchedPoll]:
    """Yield the polls of a campaign's file; what is wrong is added to `found`."""
    tables = file.content.get("polls", [])
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        found.add(file, ("polls",), "write each poll as a table of its own below a line [[polls]]")
        return
    names: dict[str, int] = {}
    for index in range(len(tables)):
        watched = found.attempt(_poll, file, index, slug, zone, env)
        if watched is None:
            continue
        if watched.poll.name in names:
            advice = f'"{watched.poll.name}" is also the name of polls[{names[watched.poll.name]}]; give one its own'
            found.add(file, ("polls", index, "name"), advice)
        names.setdefault(watched.poll.name, index)
        yield watched


def _poll(file: File, index: int, slug: str, zone: str, env: Mapping[str, str]) -> WatchedPoll:
    rows, at = file.content["polls"][index], ("polls", index)
    read = checked(PollFile, {key: value for key, value in rows.items() if key != "at"}, file, at)
    found = Findings()
    if not isinstance(rows.get("at"), dict):
        found.add(file, (*at, "at"), "say where the poll appears: write a table [polls.at] with its platform")
        found.raise_any()
    kind = chosen(rows["at"], places(), file, (*at, "at"))
    settings = place(file, (*at, "at"), places()[kind].Settings, env, lambda _: (slug, read.name))
    poll = Poll(
        name=read.name,
        zone=zone,
        opens=weekly(read.opens),
        closes=weekly(read.closes),
        names=_DAYS[read.names.casefold()],
        questions=tuple(map(Phrase, read.question)),
        spellings=read.names_spellings,
        days=read.names_days,
    )
    return WatchedPoll(poll, settings, timedelta(days=read.keep_days))
