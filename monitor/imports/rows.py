"""Rows of a table in our words, by a mapping of its columns."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from monitor.errors import UnexpectedPayload
from monitor.imports.cells import listed, number, time
from monitor.imports.found import Read, Reader, flawed
from monitor.imports.ids import Doubts, own_id
from monitor.imports.mapping import Choice, Mapping
from monitor.model.mention import Count, Counts, Post
from monitor.sources import _x_post, _x_tags, platforms
from monitor.sources._language import language

Row = Sequence[str]
_Test = Callable[[Row], bool]
_RUINED = "no id; a spreadsheet turns long ones into 1.8E+18"
_NOT_TOLD: Sequence[Count] = (None,) * 4


def reader(mapping: Mapping, columns: Sequence[str]) -> Reader:
    """Return what translates the rows of a table with these columns; raises UnexpectedPayload if one is missing."""
    missing = [name for name in mapping.all_columns if name not in columns]
    if missing and not mapping.telling:
        have = ", ".join(columns)
        raise UnexpectedPayload(f"{mapping.name}: the table has no column {', '.join(missing)}; it has {have}")
    return _Rows(mapping, columns).read


def reader_of_objects(mapping: Mapping) -> Reader:
    """Return what translates rows that were written as objects of JSON, with the columns as names."""
    columns = mapping.all_columns
    read = _Rows(mapping, columns).read

    def read_object(row: Any) -> Read:
        if not isinstance(row, dict):
            return flawed("no row of a table")
        return read([_cell_of(row.get(name)) for name in columns])

    return read_object


def _cell_of(told: Any) -> str:
    """Return a value as it would stand in a cell."""
    if isinstance(told, list):
        return ",".join(map(_cell_of, told))
    return "" if told is None else str(told)


class _Rows:
    """One table: its mapping, and where its columns are."""

    def __init__(self, mapping: Mapping, columns: Sequence[str]) -> None:
        self._mapping, self._width = mapping, len(columns)
        place = {name: at for at, name in reversed(list(enumerate(columns)))}
        self._at = {field: tuple(place[name] for name in names if name in place) for field, names in mapping.columns}
        self._counters = [self._at[name] for name in ("likes", "reposts", "replies", "quotes")]
        self._chosen = _any_of(mapping.only, place) or (lambda _: True)
        self._repeats = _any_of(mapping.repost, place) or (lambda _: False)
        self._shown = _any_of(mapping.impressions_only, place) or (lambda _: True)
        self._is_measured = mapping.impressions_are == "measured"
        self._cut = _cutter(mapping.platform)
        self._doubts = Doubts(mapping)
        self._is_x = mapping.platform == _x_post.PLATFORM

    def read(self, row: Row) -> Read:
        if len(row) < self._width or any(row[self._width :]):
            return flawed(f"a row of {len(row)} cells in a table of {self._width}", ",".join(row)[:300])
        if not self._chosen(row):
            return Read(unchosen=1)
        own = self._id(row)
        if own is None:
            cell = self._cell("id", row)
            return flawed(_RUINED if any(map(str.isdigit, cell)) else "no id that fits", cell[:300])
        written = self._cell("created_at", row)
        written_at = self._time(written)
        created_at = (_x_post.moment_of(own) if self._is_x else None) or written_at  # in whatever zone it was written
        if created_at is None:
            return flawed("no time that can be read", f"{own[:100]}: {written[:60]}")
        observed = self._time(self._cell("observed", row))
        return Read([self._post(row, own, created_at)], observed=observed, doubted=self._doubts.of(own, written_at))

    def _post(self, row: Row, own: str, created_at: datetime) -> Post:
        is_repost = self._repeats(row)
        likes, reposts, replies, quotes = _NOT_TOLD if is_repost else [self._sum(at, row) for at in self._counters]
        impressions, step = (None, 1) if is_repost else self._impressions(row)
        if self._is_x:
            impressions = _x_post.shown(impressions, created_at, (likes, reposts, replies, quotes))
        tongue = self._cell("language", row)
        return Post(
            platform=self._mapping.platform,
            id=own,
            created_at=created_at,
            tags=self._tags(row),
            counts=Counts(impressions, likes, reposts, replies, quotes),
            author=self._cell("author", row) or None,
            followers=number(self._cell("followers", row))[0],
            language=_x_post.language(tongue) if self._is_x else language(tongue),
            step=step,
            link=_x_post.link(own) if self._is_x else None,
            text=None if is_repost else self._cell("text", row) or None,
        )

    def _cell(self, field: str, row: Row) -> str:
        """Return the first filled cell of the columns that tell something."""
        for at in self._at[field]:
            if cell := row[at].strip():
                return cell
        return ""

    def _id(self, row: Row) -> str | None:
        own = own_id(self._mapping, self._cell("id", row))
        if not self._at["id_prefix"] or own is None:
            return own
        prefix = self._cell("id_prefix", row)
        return f"{prefix}_{own}" if prefix else None

    def _time(self, cell: str) -> datetime | None:
        return time(cell, self._mapping.date_formats, self._mapping.time_zone) if cell else None

    def _tags(self, row: Row) -> tuple[str, ...]:
        cell = self._cell("tags", row)
        tags = listed(cell) if cell else self._cut(self._cell("text", row))
        return tuple(dict.fromkeys(tags))

    def _sum(self, places: Sequence[int], row: Row) -> Count:
        told = [count for at in places if (count := number(row[at])[0]) is not None]
        return (sum(told) or self._zero) if told else None

    def _impressions(self, row: Row) -> tuple[Count, int]:
        if not (self._is_measured and self._shown(row)):
            return None, 1
        count, step = number(self._cell("impressions", row))
        return (self._zero if count == 0 else count), step

    @property
    def _zero(self) -> Count:
        return None if self._mapping.zeros_are_missing else 0


def _any_of(choice: Choice, place: dict[str, int]) -> _Test | None:
    """Return whether one of some columns holds one of its values (no value: anything); None when nothing is chosen."""
    tests = [
        (itemgetter(place[name]), frozenset(map(str.casefold, of))) for name, of in choice.items() if name in place
    ]
    if not tests:
        return None
    return lambda row: any(cell(row).strip().casefold() in of if of else cell(row).strip() for cell, of in tests)


@cache
def _cutter(platform: str) -> Callable[[str], list[str]]:
    """Return how a platform cuts the hashtags of a text; X's rules where it does not say."""
    found = platforms().get(platform)
    return (found and found.tags) or _x_tags.tags
