"""Numbers as sheets: series over time, the totals of the brief, the shares of the parts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa

from monitor.exports import titles
from monitor.exports.series import Gap, Series, Split
from monitor.exports.sheet import Kind, Sheet, array, columns, of_arrays, of_rows, plain
from monitor.model.brief import Brief, Share, Stretch, Total
from monitor.model.finding import Concentration
from monitor.words.voice import Voice

SERIES = columns(
    time=Kind.TIME, metric=Kind.TEXT, definition=Kind.TEXT, class_=Kind.TEXT, split=Kind.TEXT, name=Kind.TEXT,
    value=Kind.COUNT, partial=Kind.FLAG, gap=Kind.TEXT,
)  # fmt: skip
TOTALS = columns(
    start=Kind.TIME, end=Kind.TIME, name=Kind.TEXT, part_of=Kind.TEXT, definition=Kind.TEXT, class_=Kind.TEXT,
    now=Kind.COUNT, now_partial=Kind.FLAG, low=Kind.COUNT, before=Kind.COUNT, before_partial=Kind.FLAG,
    change=Kind.RATIO, week_before=Kind.COUNT, week_before_partial=Kind.FLAG, week_change=Kind.RATIO,
    coverage=Kind.RATIO, rounding=Kind.COUNT,
)  # fmt: skip
SHARES = columns(
    part=Kind.TEXT, name=Kind.TEXT, value=Kind.COUNT, share=Kind.RATIO, before=Kind.COUNT, moved=Kind.RATIO,
)  # fmt: skip

PARTS = ("spellings", "platforms", "tongues", "languages", "outlets", "regions", "countries")
"""The shares that a brief holds; `tongues` are the languages of posts, `languages` those of articles."""

MOST_REASONS = 3  # beside one cell
_FEW = pa.dictionary(pa.int16(), pa.string())  # texts that stand there again and again


def series(read: Sequence[Series], zone: str, voice: Voice) -> Sheet:
    """Return metrics over time, one row for each cell of each line."""
    tables = [table for one in read for table in _lines(one, zone, voice)]
    empty = of_rows("series", SERIES, zone, ()).table
    return Sheet("series", SERIES, zone, pa.concat_tables(tables) if tables else empty)


def _lines(one: Series, zone: str, voice: Voice) -> Iterator[pa.Table]:
    """Yield the rows of each line; what all lines share stands in memory once."""
    cells = len(one.at)
    arrays = {
        "time": array(Kind.TIME, one.at, zone),
        "metric": _same(one.metric.value, cells),
        "definition": _same(one.definition, cells),
        "class": _same(one.class_of.value, cells),
        "split": _same(one.split.value, cells),
    }
    for line, reasons in zip(one.lines, _why(one, voice), strict=True):
        own = {
            "name": _same(plain(line.name), cells),
            "value": pa.array(line.values, pa.float64()),
            "partial": pa.array(line.partial, pa.bool_()),
            "gap": reasons,
        }
        yield of_arrays("series", SERIES, zone, {**arrays, **own}).table


def _same(text: str, times: int) -> pa.DictionaryArray:
    """Return a column of one text."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(times, np.int16)), pa.array([text], pa.string()))


def _why(one: Series, voice: Voice) -> Iterator[pa.Array]:
    """Yield for each line why its cells were not watched whole: a platform has reasons of its own, all others share."""
    if one.split is not Split.PLATFORM:
        yield from repeat(_reasons(one.at, one.partial, one.gaps, voice), len(one.lines))
        return
    for line in one.lines:
        own = [gap for gap in one.gaps if gap.platform == line.name]
        yield _reasons(one.at, line.partial, own, voice)


def _reasons(at: Sequence[datetime], partial: Sequence[bool], gaps: Iterable[Gap], voice: Voice) -> pa.Array:
    """Return beside each cell that was not watched whole why, as far as the sources tell."""
    found: list[list[str]] = [[] for _ in at]
    starts = np.array([moment.timestamp() for moment in at])
    for gap in gaps:
        first = max(int(np.searchsorted(starts, gap.start.timestamp(), side="right")) - 1, 0)
        last = int(np.searchsorted(starts, gap.end.timestamp()))
        told = _reason(gap, voice)
        for reasons in found[first:last]:
            reasons.append(told)
    pairs = zip(partial, found, strict=True)
    told_of = [
        "; ".join(dict.fromkeys(reasons[:MOST_REASONS])) or None if is_one else None for is_one, reasons in pairs
    ]
    return pa.array(told_of, _FEW)


def _reason(gap: Gap, voice: Voice) -> str:
    return plain(f"{gap.source}: {titles.of_gap(gap.reason, voice)}")


def totals(brief: Brief) -> Sheet:
    """Return the printed numbers: those of the window, and those of longer stretches."""
    held = [(brief.window, brief.totals), *((one.window, one.totals) for one in brief.compared)]
    rows = (row for window, told in held for total in told for row in _total(window, total))
    return of_rows("totals", TOTALS, brief.zone, rows)


def _total(window: Stretch, total: Total) -> Iterator[tuple[Any, ...]]:
    """Yield a number, and the parts it is the sum of."""
    about: tuple[datetime | str, ...] = (window.start, window.end)
    meant = (total.definition, total.class_of.value)
    yield (
        *about, total.name, None, *meant, total.now.value, total.now.partial, total.low, total.before.value,
        total.before.partial, total.change, total.week_before.value, total.week_before.partial, total.week_change,
        total.measured_share, total.rounding,
    )  # fmt: skip
    for name, value in total.parts.items():
        yield (*about, name, total.name, *meant, value, total.now.partial, *[None] * 9)


def shares(brief: Brief) -> Sheet:
    """Return what each part has of the whole."""
    rows = [row for part in PARTS for row in _shares(part, getattr(brief, part))]
    return of_rows("shares", SHARES, brief.zone, [*rows, *_concentrated(brief.concentration)])


def _shares(part: str, found: Iterable[Share]) -> Iterator[tuple[Any, ...]]:
    for one in found:
        yield part, one.name, one.value, one.share, one.before, one.move.points if one.move else None


def _concentrated(told: Concentration | None) -> Iterator[tuple[Any, ...]]:
    """Yield what the most active authors wrote, and which posts have words that others have; nothing where unknown."""
    if told is None:
        return
    for name, share, of in (("top_authors", told.top_share, told.posts), ("same_words", told.alike_share, told.texts)):
        if share is not None:
            yield "concentration", name, round(share * of), share, None, None
