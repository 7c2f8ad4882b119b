"""Whether anything has changed: a mark for each campaign, and for what all share; another mark is a change."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b

from monitor.store.redis import in_words
from monitor.store.store import Store

ALERTS, DIGESTS = "alerts", "digests"
SHARED = (ALERTS, DIGESTS)
"""What belongs to no campaign."""


Weeks = Sequence[tuple[str, date]]
"""The polls of a campaign and the days whose weeks may still change."""


@in_words
async def marks(store: Store, campaigns: Mapping[str, Weeks]) -> dict[str, str]:
    """Return the marks of the alerts, of the digests, and of every campaign: what its sources and its polls brought."""
    keys = store.keys
    async with store.redis.pipeline(transaction=False) as pipe:
        pipe.hgetall(keys.alerts("turns"))
        pipe.hgetall(keys.alerts("silences"))
        pipe.zrevrange(keys.mails, 0, 0)
        for campaign, weeks in campaigns.items():
            pipe.hgetall(keys.last_up(campaign))
            for poll, day in weeks:
                pipe.hget(keys.poll(campaign, poll), day.isoformat())
        turns, silences, mails, *answered = await pipe.execute()
    shared, told = {ALERTS: _mark(turns, silences), DIGESTS: _mark(mails)}, iter(answered)
    own = {slug: _mark(next(told), *(next(told) for _ in weeks)) for slug, weeks in campaigns.items()}
    return own | shared


def _mark(*found: object) -> str:
    return blake2b(repr(found).encode(), digest_size=8).hexdigest()
