"""Briefs for other programs to read: the latest of each campaign, and a stream of them."""

from monitor.store.redis import in_words
from monitor.store.store import Store

STREAM_LENGTH = 1000
"""About how many briefs the stream of a campaign keeps: six weeks of one an hour."""


@in_words
async def publish(store: Store, brief_json: str, campaign: str) -> None:
    """Make a brief the latest, and add it to the stream under the field `brief`."""
    async with store.redis.pipeline() as pipe:
        pipe.set(store.keys.brief(campaign), brief_json)
        pipe.xadd(store.keys.briefs(campaign), {"brief": brief_json}, maxlen=STREAM_LENGTH, approximate=True)
        await pipe.execute()


@in_words
async def latest(store: Store, campaign: str) -> str | None:
    """Return the brief published last, as JSON; None when there was none yet."""
    kept = await store.redis.get(store.keys.brief(campaign))
    return kept.decode() if isinstance(kept, bytes) else kept
