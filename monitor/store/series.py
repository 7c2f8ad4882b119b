"""The way out: series as frames on a regular grid, with what is known beside them, and counts of authors."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.model.metric import Metric
from monitor.model.series import COLUMNS, Frame
from monitor.model.window import Resolution, Window, bucket, cells
from monitor.store import beyond, coverage, runs
from monitor.store.ranges import Reply
from monitor.store.recorded import AT_ONCE, replies
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

Epochs = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
_SHORTEST_DAY = 22 * 3600  # seconds; no clock goes forward by more than two hours


@in_words
async def frame(
    store: Store,
    campaign: str,
    *,
    subjects: Sequence[str],
    platforms: Sequence[str],
    metrics: Sequence[Metric],
    window: Window,
    resolution: Resolution,
    zone: str,
    now: datetime,
) -> Frame:
    """Read every series of these subjects, platforms and metrics, all cells that overlap `window`.

    What the store let go of is read where older cells lie, and unknown where nobody keeps it.
    """
    columns = list(product(subjects, platforms, metrics))
    starts = _starts(window, resolution, zone)
    index = pd.DatetimeIndex(starts.astype("datetime64[s]")).tz_localize(UTC).as_unit("us")
    names = [store.keys.series(campaign, *column, resolution) for column in columns]
    split = await beyond.split(store.older, beyond.Asked(campaign, columns, resolution), starts, now)
    values = split.joined(await _grid(store, names, starts[split.stored_from :], window), starts)
    elapsed = coverage.elapsed(starts.astype(np.float64), window, now)
    watches = await runs.watches(store, campaign)
    known = {name: coverage.known(watches.get(name, ()), elapsed) & split.kept for name in platforms}
    return Frame(
        window,
        resolution,
        zone,
        pd.DataFrame(values, index=index, columns=pd.MultiIndex.from_tuples(columns, names=COLUMNS)),
        pd.DataFrame(known, index=index, columns=pd.Index(platforms, name="platform"), dtype=bool),
        kept=split.kept,
    )


@in_words
async def subjects(store: Store, campaign: str, kind: str) -> list[str]:
    """Return all subjects seen so far whose name begins with `kind` and a slash (tag, outlet, language), in order."""
    seen = await execute(store.redis, "SMEMBERS", store.keys.subjects(campaign))
    return sorted(name for name in (one.decode() for one in seen) if name.startswith(f"{kind}/"))


@in_words
async def platforms(store: Store, campaign: str) -> list[str]:
    """Return every platform that ever brought something or is configured to, in order."""
    return sorted(await runs.platforms(store, campaign))


@in_words
async def authors(  # noqa: PLR0917 - the order in which one says it
    store: Store, campaign: str, subject: str, platforms: Sequence[str], window: Window, zone: str
) -> int:
    """Return about how many different people posted on the local days that `window` touches (HyperLogLog: ±1 %)."""
    here = ZoneInfo(zone)
    days = [start.astimezone(here).date().isoformat() for start in cells(window, Resolution.DAY, zone)]
    names = [store.keys.authors(campaign, subject, platform, day) for platform in platforms for day in days]
    return int(await execute(store.redis, "PFCOUNT", *names)) if names else 0


def _starts(window: Window, resolution: Resolution, zone: str) -> Epochs:
    """Return the starts of the cells in epoch seconds; `cells` says the same, more slowly."""
    if resolution is Resolution.DAY:
        return np.array([int(start.timestamp()) for start in cells(window, resolution, zone)], dtype=np.int64)
    first = bucket(int(window.start.timestamp()), resolution, zone)
    return np.arange(first, window.end.timestamp(), resolution.seconds).astype(np.int64)


async def _grid(store: Store, names: Sequence[str], starts: Epochs, window: Window) -> Values:
    """Return the values of all series, a row per cell and a column per series; zero where nothing was stored."""
    grid = np.zeros((len(starts), len(names)), order="F")
    if not len(starts):
        return grid
    span = int(starts[0]) * 1000, int(window.end.timestamp() * 1000) - 1
    many = max(1, AT_ONCE // len(starts))
    for first in range(0, len(names), many):
        found = await replies(store.redis, names[first : first + many], span)
        for column, reply in enumerate(found, start=first):
            _fill(grid[:, column], reply, starts)
    return grid


def _fill(column: Values, reply: Reply | None, starts: Epochs) -> None:
    """Add the samples of one reply to the cells they lie in; as many as there are cells of hours fill them all.

    Days may lie askew: a campaign that moved to another time zone began them at another hour before.
    """
    if not reply:
        return
    if len(reply) == len(column) and starts[-1] - starts[0] < len(starts) * _SHORTEST_DAY:
        column[:] = reply.numbers
    else:
        places = np.searchsorted(starts, reply.milliseconds // 1000, side="right") - 1
        np.add.at(column, places, reply.numbers)
