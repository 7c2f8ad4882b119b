"""How posts spread over authors and wordings, day by day; nothing of one day can be linked with another."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.model.spread import ALIKE, Spread
from monitor.model.window import Resolution, Window, cells, local_day
from monitor.store.redis import in_words
from monitor.store.store import Store

KEPT = timedelta(days=9)
"""How long the script keeps a day after its last write."""

_LOUDEST = 251  # one in a hundred of the most authors that are kept, and the entry of all posts
_ALL = b""  # stands among the hashes for every post that has any


@in_words
async def within(store: Store, campaign: str, window: Window, zone: str) -> tuple[Spread, ...]:
    """Return the local days that a window touches and of which anything is kept, oldest first."""
    days = [local_day(start, zone) for start in cells(window, Resolution.DAY, zone)]
    pipe = store.redis.pipeline(transaction=False)
    for day in days:
        name = day.start.astimezone(ZoneInfo(zone)).date().isoformat()
        loud, alike = store.keys.loud(campaign, name), store.keys.alike(campaign, name)
        pipe.zcard(loud)
        pipe.zrevrange(loud, 0, _LOUDEST, withscores=True)
        pipe.zscore(alike, _ALL)
        pipe.zrevrangebyscore(alike, "+inf", ALIKE, withscores=True)
    told = await pipe.execute()
    found = [_spread(day, told[4 * place : 4 * place + 4]) for place, day in enumerate(days)]
    return tuple(one for one in found if one.posts or one.texts)


def _spread(day: Window, told: Sequence[Any]) -> Spread:
    entries, loudest, texts, alike = told
    posts = next((int(score) for hash_, score in loudest if hash_ == _ALL), 0)
    return Spread(
        day,
        posts=posts,
        authors=max(entries - 1, 0),
        loudest=tuple(int(score) for hash_, score in loudest if hash_ != _ALL),
        texts=int(texts or 0),
        alike=tuple(int(score) for hash_, score in alike if hash_ != _ALL),
    )
