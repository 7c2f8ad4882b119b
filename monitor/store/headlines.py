"""The headlines of the press that named a campaign."""

from monitor.model.brief import Headline
from monitor.model.window import Window
from monitor.store.redis import execute, in_words
from monitor.store.store import Store


@in_words
async def within(store: Store, campaign: str, window: Window, limit: int) -> list[Headline]:
    """Return the headlines published inside `window`, newest first, at most `limit`."""
    start, end = str(window.start.timestamp()), window.end.timestamp()
    asked = ("BYSCORE", "REV", "LIMIT", 0, limit)
    found = await execute(store.redis, "ZRANGE", store.keys.headlines(campaign), f"({end}", start, *asked)
    return [Headline.model_validate_json(one) for one in found]
