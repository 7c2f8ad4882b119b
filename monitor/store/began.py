"""When something began to be counted, asked of the series of days, which are kept for good."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Any

from redis.exceptions import ResponseError

from monitor.model.metric import Metric
from monitor.model.window import Resolution, Window
from monitor.store.redis import in_words
from monitor.store.store import Store

NEVER_WRITTEN = "key does not exist"
LARGEST = 2**53  # up to here numbers are exact


@in_words
async def began(  # noqa: PLR0917 - the order in which one says it
    store: Store, campaign: str, subjects: Sequence[str], platforms: Sequence[str], metric: Metric, window: Window
) -> dict[str, datetime]:
    """Return the first day inside `window` on which each subject counted anything; who never did is left out."""
    span = max(int(window.start.timestamp() * 1000), 0), int(window.end.timestamp() * 1000) - 1
    if span[0] > span[1]:
        return {}
    asked = list(product(subjects, platforms))
    pipe: Any = store.redis.pipeline(transaction=False)
    for subject, platform in asked:
        key = store.keys.series(campaign, subject, platform, metric, Resolution.DAY)
        pipe.execute_command("TS.RANGE", key, *span, "FILTER_BY_VALUE", 1, LARGEST, "COUNT", 1)
    found: dict[str, datetime] = {}
    for (subject, _), days in zip(asked, await pipe.execute(raise_on_error=False), strict=True):
        if isinstance(days, ResponseError) and NEVER_WRITTEN in str(days):
            continue
        if isinstance(days, Exception):
            raise days
        for moment, _count in days:
            day = datetime.fromtimestamp(moment / 1000, UTC)
            found[subject] = min(day, found.get(subject, day))
    return found
