"""What causes of a spike are told from, hour by hour: tags beside the campaign's, the largest posts, how many people.

All of it is bounded, belongs to the hour of the series it explains, and is forgotten some weeks after its last write.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from monitor.fetch.beside import beside
from monitor.model.rise import COLUMNS, GAINS
from monitor.model.spelling import fold
from monitor.model.window import Resolution, Window, cells
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

KEPT = timedelta(days=21)
"""How long the script keeps it: with the eight days in which posts are observed, less than YouTube allows (30)."""

FEWEST = 3
"""Posts that a tag must be carried by in a window: what only one or two write may tell who they are."""

_LOOKED_AT = ""  # stands among the tags for every post that was looked at, with tags or without


@in_words
async def tags(store: Store, campaign: str, window: Window) -> pd.DataFrame:
    """Return how many posts of each hour (a row each, UTC) carried which other tags (a column each, as most write it).

    NaN before the first hour of which anything is kept. Of a busy hour only the commonest are kept: a number may be too
    small, never too large.
    """
    hours = _hours(window)
    pipe = store.redis.pipeline(transaction=False)
    for hour in hours:
        pipe.hgetall(store.keys.tags(campaign, _epoch(hour)))
    return await beside(_carried, hours, await pipe.execute())


@in_words
async def largest(store: Store, campaign: str, window: Window) -> pd.DataFrame:
    """Return what the largest posts of each hour gained in it (columns: `rise.COLUMNS`), about twenty a metric."""
    asked = [(hour, metric) for hour in _hours(window) for metric in GAINS]
    pipe = store.redis.pipeline(transaction=False)
    for hour, metric in asked:
        key = store.keys.largest(campaign, metric, _epoch(hour))
        pipe.zrange(key, 0, -1, withscores=True)
        pipe.hgetall(f"{key}:links")
    return await beside(_rises, asked, await pipe.execute())


@in_words
async def people(store: Store, campaign: str, window: Window) -> int | None:
    """Return about how many different people posted in the hours that a window touches; None if none are kept."""
    names = [store.keys.people(campaign, _epoch(hour)) for hour in _hours(window)]
    if not names or not await execute(store.redis, "EXISTS", *names):
        return None
    return int(await execute(store.redis, "PFCOUNT", *names))


@in_words
async def people_by_hour(store: Store, campaign: str, window: Window) -> pd.Series:
    """Return about how many different people posted in each hour; NaN before the first of which any are kept."""
    hours = _hours(window)
    pipe = store.redis.pipeline(transaction=False)
    for hour in hours:
        pipe.pfcount(store.keys.people(campaign, _epoch(hour)))
    counts = await pipe.execute()
    frame = pd.DataFrame({"people": counts}, index=hours, dtype=float)
    return _since_known(frame, [count > 0 for count in counts])["people"]


def _hours(window: Window) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(cells(window, Resolution.HOUR, "UTC"), tz="UTC").as_unit("us")


def _epoch(hour: pd.Timestamp) -> int:
    return int(hour.timestamp())


def _text(name: bytes) -> str:
    return name.decode(errors="replace")


def _carried(hours: pd.DatetimeIndex, replies: Sequence[Mapping[bytes, bytes]]) -> pd.DataFrame:
    found = [{_text(name): int(posts) for name, posts in reply.items()} for reply in replies]
    shown = _commonest(found)
    rows = [_folded(one, shown) for one in found]
    frame = pd.DataFrame(rows, index=hours, columns=sorted(set(shown.values())), dtype=float)
    return _since_known(frame.fillna(0.0), [_LOOKED_AT in one for one in found])


def _rises(asked: Sequence[tuple[pd.Timestamp, str]], replies: Sequence[Any]) -> pd.DataFrame:
    rows = [
        (hour, metric, *_post(member), gained, _link(links.get(member)))
        for (hour, metric), posts, links in zip(asked, replies[::2], replies[1::2], strict=True)
        for member, gained in posts
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _post(member: bytes) -> tuple[str, str]:
    """Return the platform of a post, and its keyed hash in letters."""
    platform, _, post = member.partition(b":")
    return platform.decode(), post.hex()


def _link(told: bytes | None) -> str | None:
    return None if told is None else _text(told)


def _commonest(found: Sequence[Mapping[str, int]]) -> dict[str, str]:
    """Return of every folded tag that enough posts carry how most of them write it."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for hour in found:
        for name, posts in hour.items():
            written[fold(name)][name] += posts
    written.pop(fold(_LOOKED_AT), None)
    often = {key: forms for key, forms in written.items() if forms.total() >= FEWEST}
    return {key: f"#{max(sorted(forms), key=forms.__getitem__)}" for key, forms in often.items()}


def _folded(hour: Mapping[str, int], shown: Mapping[str, str]) -> Counter[str]:
    posts: Counter[str] = Counter()
    for name, many in hour.items():
        if fold(name) in shown:
            posts[shown[fold(name)]] += many
    return posts


def _since_known(frame: pd.DataFrame, kept: Sequence[bool]) -> pd.DataFrame:
    """Return the frame with NaN in the rows before the first that is kept: nothing is known of them."""
    first = next((row for row, is_kept in enumerate(kept) if is_kept), len(frame))
    frame.iloc[:first] = np.nan
    return frame
