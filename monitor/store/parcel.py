"""A batch as the ingest script wants it: ids hashed, times as cells, subjects as groups, rows by shard of the state."""

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgpack

from monitor.errors import StoreError
from monitor.model.mention import Reported
from monitor.model.metric import COUNTERS, REPORTED, WHOLE, Metric
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Resolution, Window, bucket
from monitor.store.ladder import RUNGS
from monitor.store.store import Store

LARGEST = 5000
"""The most sightings in one batch: the script blocks the server, 5000 for about 50 ms."""

AHEAD = 600
"""Seconds that another clock may run before ours; a sample far ahead would make a series refuse all that follow."""

_CELL = Resolution.FIVE_MINUTES.seconds
_TIMELESS = "-"  # articles change their date when they are edited, so their state is not cut by day
_ROW = struct.Struct("<HHddddddd8s8sI8s8s").pack  # as the script takes it apart; unpadded
_UNTOLD, _NOBODY = -0.5, bytes(8)  # what no caller can mean
_SLOTS: dict[str, tuple[Metric, ...]] = {
    "posts": (Metric.POSTS, Metric.MEASURED_POSTS, *COUNTERS),
    "articles": (Metric.ARTICLES,),
}
_CELLS_TOLD = {Resolution.HOUR.seconds: 2, Resolution.DAY.seconds: 3}
"""Of which resolutions (counted from 1) a platform may report."""

_POTENTIAL = (Metric.POTENTIAL_LOW, Metric.POTENTIAL_HIGH)


def parcel(store: Store, batch: Batch) -> bytes:
    """Return the batch as one message; raises StoreError for what no message can hold."""
    if len(batch.sightings) > LARGEST:
        raise StoreError(f"{len(batch.sightings)} mentions are too many for one write: split them into {LARGEST}")
    try:
        newest = max((sighting.created for sighting in batch.sightings), default=0)
        if newest > batch.now + AHEAD:
            raise StoreError(f"a mention is from the future ({newest}, it is {batch.now}): look at the clocks")
        rows = _Rows(store, batch)
        for sighting in batch.sightings:
            rows.add(sighting)
        return bytes(msgpack.packb(_message(batch, rows), use_bin_type=False, unicode_errors="surrogatepass"))
    except (struct.error, TypeError, ValueError, OverflowError, OSError, AttributeError) as error:
        raise StoreError(f"a mention has a value that can not be stored: {error}") from error


def standing_json(standing: Standing) -> str:
    """Return a walk's standing as it is kept: its cursor, and its coverage as pairs of epoch seconds."""
    covered = [(window.start.timestamp(), window.end.timestamp()) for window in standing.covered]
    return json.dumps({"cursor": standing.cursor, "covered": covered}, ensure_ascii=False, separators=(",", ":"))


def standing_from(text: bytes | str | None) -> Standing:
    """Return what `standing_json` kept; a walk that never was has no cursor and has covered nothing."""
    if text is None:
        return Standing()
    kept = json.loads(text)
    covered = (Window(*(datetime.fromtimestamp(second, UTC) for second in pair)) for pair in kept["covered"])
    return Standing(kept["cursor"], tuple(covered))


def _message(batch: Batch, rows: "_Rows") -> dict[str, Any]:
    return {
        "campaign": batch.campaign,
        "platform": batch.platform,
        "source": batch.source,
        "now": batch.now,
        "observed": batch.observed,
        "keep": batch.keep,
        "metrics": [(metric, metric.class_of) for metric in _SLOTS[batch.kind]],
        "potential": [(metric, metric.class_of) for metric in _POTENTIAL],
        "subjects": list(rows.subjects),
        "groups": rows.group_members,
        "cells": rows.cells,
        "shards": [tuple(vars(shard).values()) for shard in rows.shards.values()],
        "walk": None if batch.standing is None else batch.walk,
        "standing": None if batch.standing is None else standing_json(batch.standing),
        "asked": list(batch.asked),
        "unlisted": list(rows.unlisted),
        "tags": list(rows.tags),
        "reported": [_report(told, batch) for told in batch.reported],
        "rungs": RUNGS,
    }


def _report(told: Reported, batch: Batch) -> tuple[str, tuple[str, str], int, int, float]:
    """Return what a platform reports of the hour or local day that a moment lies in."""
    if told.metric not in REPORTED or told.seconds not in _CELLS_TOLD:
        raise StoreError(f"{told.metric} of {told.seconds} seconds is nothing that a platform can report")
    resolution = _CELLS_TOLD[told.seconds]
    cell = bucket(int(told.start.timestamp()), list(Resolution)[resolution - 1], batch.zone)
    return told.subject, (told.metric, told.metric.class_of), resolution, cell, float(told.value)


@dataclass
class _Shard:
    """One hash of the state: the fields to look at, their rows one after the other, and the texts of some of them."""

    key: str
    fields: list[bytes] = field(default_factory=list)
    rows: bytearray = field(default_factory=bytearray)
    again: dict[int, str] = field(default_factory=dict)
    headlines: dict[int, str] = field(default_factory=dict)
    unlisted: dict[int, list[int]] = field(default_factory=dict)
    tags: dict[int, list[int]] = field(default_factory=dict)
    links: dict[int, str] = field(default_factory=dict)


class _Rows:
    """The growing message; all numbers in it count from 1, as Lua does."""

    def __init__(self, store: Store, batch: Batch) -> None:
        self.subjects: dict[str, int] = {WHOLE: 1}
        self.group_members: list[list[int]] = []
        self.cells: list[tuple[int, int, int, str]] = []
        self.shards: dict[tuple[str, int], _Shard] = {}
        self.unlisted: dict[str, int] = {}
        self.tags: dict[str, int] = {}
        self._store, self._batch = store, batch
        self._groups: dict[tuple[str, ...], int] = {}
        self._cells: dict[int, tuple[int, str]] = {}
        self._zone = ZoneInfo(batch.zone)
        self._cell(batch.observed // _CELL)

    def add(self, sighting: Sighting) -> None:
        counts, author, slot = sighting.counts, sighting.author, sighting.created // _CELL
        cell, day = self._cells.get(slot) or self._cell(slot)
        digest = self._store.hashed(sighting.id, 9)
        shard = self.shards.get((day, digest[0])) or self._shard(day, digest[0])
        shard.fields.append(digest[1:])
        shard.rows += _ROW(
            cell,
            self._groups.get(sighting.subjects) or self._group(sighting.subjects),
            _UNTOLD if counts.impressions is None else counts.impressions,
            _UNTOLD if counts.likes is None else counts.likes,
            _UNTOLD if counts.reposts is None else counts.reposts,
            _UNTOLD if counts.replies is None else counts.replies,
            _UNTOLD if counts.quotes is None else counts.quotes,
            _UNTOLD if counts.rounding is None else counts.rounding,
            _UNTOLD if sighting.followers is None else sighting.followers,
            _NOBODY if author is None else self._store.hashed(f"{self._batch.platform}:{author}"),
            _NOBODY if author is None or sighting.followers is None else self._follower(author, cell),
            sighting.created,
            _NOBODY if author is None else self._of_day(cell, f"author:{self._batch.platform}:{author}"),
            _NOBODY if sighting.wording is None else self._of_day(cell, f"wording:{sighting.wording}"),
        )
        self._note(shard, len(shard.fields), sighting)

    def _note(self, shard: _Shard, row: int, sighting: Sighting) -> None:
        """Note the texts of a row, where it has any."""
        if sighting.again is not None:
            shard.again[row] = sighting.again
        if sighting.headline is not None:
            shard.headlines[row] = sighting.headline
        if sighting.link is not None:
            shard.links[row] = sighting.link
        if sighting.seen:
            shard.unlisted[row] = _numbers(self.unlisted, sighting.seen)
        if sighting.tags:
            shard.tags[row] = _numbers(self.tags, sighting.tags)

    def _follower(self, author: str, cell: int) -> bytes:
        """Return an author's hash for one local day: the followers kept of two days can not be linked by it."""
        local_day = self.cells[cell - 1][3]
        return self._store.hashed(f"{self._batch.platform}:{local_day}:{author}")

    def _of_day(self, cell: int, text: str) -> bytes:
        """Return a hash for one campaign and local day, by which nothing else is known."""
        return self._store.hashed(f"{self._batch.campaign}:{self.cells[cell - 1][3]}:{text}")

    def _cell(self, slot: int) -> tuple[int, str]:
        """Note a cell of five minutes with the hour and the local day it lies in, and the UTC day of the state."""
        epoch = slot * _CELL
        starts = [bucket(epoch, resolution, self._batch.zone) for resolution in Resolution]
        local_day = datetime.fromtimestamp(starts[-1], self._zone).date().isoformat()
        self.cells.append((starts[0], starts[1], starts[2], local_day))
        day = _TIMELESS if self._batch.kind == "articles" else datetime.fromtimestamp(epoch, UTC).date().isoformat()
        self._cells[slot] = len(self.cells), day
        return self._cells[slot]

    def _group(self, subjects: tuple[str, ...]) -> int:
        members = [self.subjects.setdefault(subject, len(self.subjects) + 1) for subject in sorted(set(subjects))]
        self.group_members.append(members)
        self._groups[subjects] = len(self.group_members)
        return self._groups[subjects]

    def _shard(self, day: str, first: int) -> _Shard:
        shard = _Shard(f"st:{self._batch.platform}:{day}:{first:02x}")
        self.shards[day, first] = shard
        return shard


def _numbers(known: dict[str, int], names: Iterable[str]) -> list[int]:
    """Return the numbers of names; new ones are given the next."""
    return [known.setdefault(name, len(known) + 1) for name in names]
