"""Whether anything has changed: a mark for each campaign, and for what all share; another mark is a change."""

from collections.abc import Sequence
from hashlib import blake2b

from monitor.store.redis import in_words
from monitor.store.store import Store

ALERTS, DIGESTS = "alerts", "digests"
SHARED = (ALERTS, DIGESTS)
"""What belongs to no campaign."""


@in_words
async def marks(store: Store, campaigns: Sequence[str]) -> dict[str, str]:
    """Return the marks of the alerts, of the digests, and of every campaign, by its slug."""
    keys = store.keys
    async with store.redis.pipeline(transaction=False) as pipe:
        pipe.hgetall(keys.alerts("turns"))
        pipe.hgetall(keys.alerts("silences"))
        pipe.zrevrange(keys.mails, 0, 0)
        for campaign in campaigns:
            pipe.hgetall(keys.last_up(campaign))
        turns, silences, mails, *answered = await pipe.execute()
    shared = {ALERTS: _mark(turns, silences), DIGESTS: _mark(mails)}
    return {slug: _mark(found) for slug, found in zip(campaigns, answered, strict=True)} | shared


def _mark(*found: object) -> str:
    return blake2b(repr(found).encode(), digest_size=8).hexdigest()
