"""The naming polls of a campaign's file: declared once, every week a cycle by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from monitor.model.poll import Poll, Weekly
from monitor.model.poll_source import PollSettings
from monitor.model.table import Table
from monitor.model.words import Phrase
from monitor.settings.files import File, Place
from monitor.settings.findings import Findings
from monitor.settings.hashtag import Word
from monitor.settings.place import checked, chosen, place
from monitor.settings.secret import Variables, variable
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


def polls(file: File, slug: str, zone: str, env: Variables, found: Findings) -> Iterator[WatchedPoll]:
    """Yield the polls of a campaign's file; what is wrong is added to `found`."""
    tables = file.content.get("polls", [])
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        found.add(file, ("polls",), "write each poll as a table of its own below a line [[polls]]")
        return
    names: dict[object, int] = {}
    for index, rows in enumerate(tables):
        name = rows.get("name", PollFile.model_fields["name"].default)
        watched = found.attempt(_poll, file, index, named=(slug, str(name)), zone=zone, env=env, found=found)
        if watched is None:
            env.unread.add(variable(slug))
        if isinstance(name, str) and name in names:
            advice = f'"{name}" is also the name of polls[{names[name]}]; give one its own'
            found.add(file, ("polls", index, "name"), advice)
        names.setdefault(str(name), index)
        if watched:
            yield watched


def _poll(file: File, index: int, *, named: Place, zone: str, env: Variables, found: Findings) -> WatchedPoll | None:
    rows, at = file.content["polls"][index], ("polls", index)
    read = found.attempt(checked, PollFile, {key: value for key, value in rows.items() if key != "at"}, file, at)
    if not isinstance(rows.get("at"), dict):
        found.add(file, (*at, "at"), "say where the poll appears: write a table [polls.at] with its platform")
        return None
    kind = chosen(rows["at"], places(), file, (*at, "at"))
    table = places()[kind].Settings
    settings = place(file, (*at, "at"), table, env=env, called=lambda _: named, found=found)
    if read is None or settings is None:
        return None
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
