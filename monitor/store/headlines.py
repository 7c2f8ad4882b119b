"""The headlines of the press that named a campaign, and those that printed a name people vote on."""

from collections.abc import AsyncIterator

from monitor.model.brief import Headline
from monitor.model.window import Window
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

MOST = 20_000
"""As many the store keeps of a campaign, the latest; the script takes the oldest away."""

_AT_ONCE = 2000


@in_words
async def within(store: Store, campaign: str, window: Window, limit: int = MOST) -> list[Headline]:
    """Return the headlines published inside `window` that name the campaign, newest first, at most `limit`."""
    found: list[Headline] = []
    async for headline in _newest_first(store, campaign, window, at_once=min(limit, _AT_ONCE)):
        if len(found) == limit:
            break
        if not headline.compared:
            found.append(headline)
    return found


@in_words
async def printing(store: Store, campaign: str, window: Window, name: str) -> list[Headline]:
    """Return the headlines inside `window` of articles that print a name (its family's key), newest first."""
    return [one async for one in _newest_first(store, campaign, window, having=name) if name in one.names]


async def _newest_first(
    store: Store, campaign: str, window: Window, *, at_once: int = _AT_ONCE, having: str = ""
) -> AsyncIterator[Headline]:
    """Yield the headlines of a window; `having`: only those that hold a text anywhere."""
    start, end = str(window.start.timestamp()), window.end.timestamp()
    first, part = 0, having.encode()
    while True:
        asked = ("BYSCORE", "REV", "LIMIT", first, at_once)
        found = await execute(store.redis, "ZRANGE", store.keys.headlines(campaign), f"({end}", start, *asked)
        for one in found:
            if part in one:
                yield Headline.model_validate_json(one)
        if len(found) < at_once:
            return
        first += at_once
