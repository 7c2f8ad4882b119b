"""Spellings that a campaign does not list and its posts carry beside those it does; names and counts, no people."""

from zoneinfo import ZoneInfo

from monitor.model.window import Resolution, Window, cells
from monitor.store.redis import execute, in_words
from monitor.store.store import Store


@in_words
async def within(store: Store, campaign: str, window: Window, zone: str) -> dict[str, int]:
    """Return the spellings met in the local months that a window touches, and of about how many posts (± 1 %)."""
    here = ZoneInfo(zone)
    days = (start.astimezone(here) for start in cells(window, Resolution.DAY, zone))
    months = sorted({f"{day:%Y-%m}" for day in days})
    met = [await execute(store.redis, "SMEMBERS", store.keys.seen(campaign, month)) for month in months]
    names = sorted({name.decode(errors="replace") for month in met for name in month})
    pipe = store.redis.pipeline(transaction=False)
    for name in names:
        pipe.pfcount(*(store.keys.seen_in(campaign, month, name) for month in months))
    counts = await pipe.execute() if names else []
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}
