"""Any page with a poll on it: JSON, HTML or CSV, described by selectors; `monitor poll try` shows what they read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from monitor.errors import UnexpectedPayload
from monitor.fetch.client import Client
from monitor.fetch.fields import moment
from monitor.model.option import option_key
from monitor.model.poll import Option, State, Tally, Votes
from monitor.model.poll_source import PollSettings
from monitor.model.table import Table
from monitor.sources.polls import _numbers
from monitor.sources.polls._numbers import MOST, Locale, Number
from monitor.sources.polls._percent import between, exactly
from monitor.sources.polls._rows import MOST_ROWS, Csv, Html, Json, Sheet

LIMIT = 5_000_000  # bytes
Selector = Annotated[str, Field(max_length=500)]
_ZONED = re.compile(r":\d\d.*(?:Z|[+-]\d\d(?::?\d\d)?)$", re.IGNORECASE)  # a time, and whose it is
_EPOCH_FROM, _EPOCH_MS = 10**9, 10**11  # seconds since 1970; a larger number counts milliseconds


class ClosedIf(Table):
    """The poll is over when the thing at `path` says `equals`."""

    path: Selector
    equals: str


class Settings(PollSettings):
    """A page by its address, and where on it everything stands."""

    platform: Literal["page"] = "page"
    url: str = Field(pattern=r"^https?://\S+$", description="write the address of the page, with https://")
    kind: Literal["json", "html", "csv"]
    rows: Selector = ""  # one match for each option; a table needs none
    label: Selector
    votes: Selector | None = None
    percent: Selector | None = None  # with a total it bounds the votes
    total: Selector | None = None
    question: Selector | None = None
    closes_at: Selector | None = None
    closed_if: ClosedIf | None = None
    numbers: Locale = "auto"
    multiple: bool = False  # one may choose several: shares are of voters and may sum to more than 100 %
    least_options: int = Field(default=2, ge=1, le=MOST_ROWS)
    some_label: tuple[str, ...] = ()  # at least one of these must be among the options

    @model_validator(mode="after")
    def _says_enough(self) -> "Settings":
        if self.votes is None and self.percent is None:
            raise ValueError("write where the votes stand, or the percents: votes = … or percent = …")
        if self.kind != "csv" and not self.rows:
            raise ValueError("write what all options have in common: rows = …")
        return self


class Source:
    """Reads one page."""

    platform = "page"
    spacing: ClassVar[float] = 5.0

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = "page"

    async def newest(self, now: datetime) -> Sequence[Tally]:
        """Return the one poll that the page shows."""
        answer = await self._client.get(self._settings.url, limit=LIMIT)
        return [read(answer.body, self._settings, now, text=answer.text())]

    async def look(self, place: str, now: datetime) -> Tally:  # noqa: ARG002 - the page is the place
        """Read the page again."""
        return (await self.newest(now))[0]

    async def probe(self, now: datetime) -> str:
        """Say what the page shows."""
        (tally,) = await self.newest(now)
        told = sum(one.low is not None for one in tally.votes)
        return f"the page shows {len(tally.options)} options, {told} with votes: {tally.question or 'no question'}"


def read(body: bytes, settings: Settings, at: datetime, *, text: str | None = None) -> Tally:
    """Return what a page shows; UnexpectedPayload, in words, for everything that is no poll as described."""
    sheet = _sheet(body, settings, text if text is not None else body.decode("utf-8-sig", "replace"))
    if not settings.least_options <= len(sheet.rows) <= MOST_ROWS:
        raise UnexpectedPayload(
            f"the rows of the poll match {len(sheet.rows)} times, {settings.least_options} to {MOST_ROWS} are "
            "expected: the page has changed, shows something else, or is drawn by JavaScript; try `monitor poll try`"
        )
    options = tuple(Option.of(_label(sheet, row, settings)) for row in sheet.rows)
    _check(options, settings)
    total = _number(sheet, sheet.rows[0], settings.total, settings)
    return Tally(
        place=settings.url,
        at=at,
        question=_words(sheet, settings.question),
        options=options,
        votes=_votes(sheet, settings, total),
        total=_total(sheet, settings, total),
        state=_state(sheet, settings),
        closes_at=_closes_at(sheet, settings),
        is_multiple=settings.multiple,
        raw=body,
    )


@dataclass(frozen=True, slots=True)
class Cells:
    """What the selectors find for one option, as it stands there; None where they find nothing."""

    label: str
    votes: str | None
    percent: str | None


def cells(body: bytes, settings: Settings, text: str) -> list[Cells]:
    """Return what the selectors find, row by row, before anything is judged."""
    sheet = _sheet(body, settings, text)
    return [
        Cells(
            _label(sheet, row, settings), *(_text(sheet, row, wanted) for wanted in (settings.votes, settings.percent))
        )
        for row in sheet.rows[:MOST_ROWS]
    ]


def _text(sheet: Sheet, row: object, selector: str | None) -> str | None:
    found = sheet.field(row, selector) if selector else None
    return None if found is None else " ".join(str(found).split())[:100]


def _sheet(body: bytes, settings: Settings, text: str) -> Sheet:
    if settings.kind == "json":
        return Json(body, settings.rows)
    return Html(text, settings.rows) if settings.kind == "html" else Csv(text)


def _label(sheet: Sheet, row: object, settings: Settings) -> str:
    found = sheet.field(row, settings.label)
    return " ".join(str(found).split())[:300] if isinstance(found, str | int | float) else ""


def _check(options: Sequence[Option], settings: Settings) -> None:
    if not all(option.label for option in options):
        raise UnexpectedPayload(f"an option has no name: {settings.label!r} finds nothing in its row; check `label`")
    keys = [option.key for option in options]
    if len(set(keys)) < len(keys):
        raise UnexpectedPayload("two options have the same name; votes can not be told apart, check `rows` and `label`")
    if settings.some_label and not {option_key(name) for name in settings.some_label} & set(keys):
        raise UnexpectedPayload("the page shows another poll: none of the expected options (some_label) is on it")


def _votes(sheet: Sheet, settings: Settings, total: Number | None) -> tuple[Votes, ...]:
    counts = [_number(sheet, row, settings.votes, settings) for row in sheet.rows]
    known = sum(one.value for one in counts if one) if all(counts) else None
    base = _sum(total, known)
    shares = [_share(sheet, row, settings) for row in sheet.rows]
    found = tuple(
        exactly(count, base) if count is not None else between(share, total)
        for count, share in zip(counts, shares, strict=True)
    )
    if all(one == Votes() for one in found):
        raise UnexpectedPayload("no option has a number that can be read; check `votes` or `percent`, and `numbers`")
    return found


def _total(sheet: Sheet, settings: Settings, total: Number | None) -> int | None:
    counts = [_number(sheet, row, settings.votes, settings) for row in sheet.rows]
    known = sum(one.value for one in counts if one) if all(one and one.step <= 1 for one in counts) else None
    found = _sum(total, None if total is not None and settings.multiple else known)
    return None if found is None else int(found)


def _sum(total: Number | None, known: float | None) -> float | None:
    """Return the total that is told, or the sum where that knows better than an abbreviation: of 1.2K, 1234."""
    if total is None or (known is not None and total.step > 1 and total.low <= known <= total.high):
        return known
    return total.value


def _number(sheet: Sheet, row: object, selector: str | None, settings: Settings) -> Number | None:
    if selector is None:
        return None
    found = _numbers.votes(sheet.field(row, selector), settings.numbers)
    if found is not None and found.value > MOST:
        raise UnexpectedPayload(
            f"{found.value:,.0f} votes are more than anybody counts; the page has changed, or plays"
        )
    return found


def _share(sheet: Sheet, row: object, settings: Settings) -> Number | None:
    return _numbers.percent(sheet.field(row, settings.percent), settings.numbers) if settings.percent else None


def _words(sheet: Sheet, selector: str | None) -> str:
    found = sheet.field(sheet.rows[0], selector) if selector else None
    return " ".join(found.split())[:500] if isinstance(found, str) else ""


def _state(sheet: Sheet, settings: Settings) -> State:
    if settings.closed_if is None:
        return State.UNTOLD
    told = sheet.field(sheet.rows[0], settings.closed_if.path)
    is_closed = str(told).strip().casefold() == settings.closed_if.equals.casefold()
    return State.CLOSED if is_closed else State.OPEN


def _closes_at(sheet: Sheet, settings: Settings) -> datetime | None:
    """Return when the poll ends, told as ISO 8601 with a zone or as seconds or milliseconds since 1970.

    Where no zone is told nobody knows whose midnight is meant: the usual closing counts, which is in the campaign's.
    """
    told = sheet.field(sheet.rows[0], settings.closes_at) if settings.closes_at else None
    seconds = _numbers.votes(told, "en")
    if seconds is None or not _EPOCH_FROM <= seconds.value <= _EPOCH_MS * 100:
        return moment(told) if isinstance(told, str) and _ZONED.search(told.strip()) else None
    return datetime.fromtimestamp(seconds.value / (1000 if seconds.value > _EPOCH_MS else 1), UTC)
