"""What platforms and indexes of the press report themselves, as they told it last; cells nobody told are not there."""

from collections.abc import Sequence
from datetime import UTC, datetime

from redis.exceptions import ResponseError

from monitor.model.mention import Reported
from monitor.model.metric import REPORTED, Metric
from monitor.model.window import Resolution, Window
from monitor.store.recorded import NEVER_WRITTEN
from monitor.store.redis import in_words
from monitor.store.store import Store

_WIDTHS = (Resolution.HOUR, Resolution.DAY)
_OF_AN_INDEX = "index/"


@in_words
async def within(
    store: Store, campaign: str, subjects: Sequence[str], platforms: Sequence[str], window: Window
) -> dict[str, list[Reported]]:
    """Return by platform what was reported of these subjects for cells that begin inside `window`."""
    start, end = int(window.start.timestamp() * 1000), int(window.end.timestamp() * 1000) - 1
    asked = [
        (platform, subject, metric, width)
        for platform in platforms
        for subject in subjects
        for metric in _metrics(subject)
        for width in _WIDTHS
    ]
    if not asked or end < start:
        return {}
    pipe = store.redis.pipeline(transaction=False)
    for platform, subject, metric, width in asked:
        pipe.execute_command("TS.RANGE", store.keys.series(campaign, subject, platform, metric, width), start, end)
    found: dict[str, list[Reported]] = {}
    for (platform, subject, metric, width), reply in zip(asked, await pipe.execute(raise_on_error=False), strict=True):
        told = [_report(subject, metric, width, sample) for sample in _samples(reply)]
        if told:
            found.setdefault(platform, []).extend(told)
    return found


def _metrics(subject: str) -> Sequence[Metric]:
    """Return what may be reported of a subject: an index of the press holds articles only, a hashtag posts."""
    return [metric for metric in REPORTED if (metric is Metric.REPORTED_POSTS) != subject.startswith(_OF_AN_INDEX)]


def _samples(reply: object) -> Sequence[tuple[int, float]]:
    if isinstance(reply, ResponseError) and NEVER_WRITTEN in str(reply):
        return ()
    if isinstance(reply, Exception):
        raise reply
    return reply if isinstance(reply, list) else ()


def _report(subject: str, metric: Metric, width: Resolution, sample: tuple[int, float]) -> Reported:
    at, value = sample
    return Reported(metric, subject, datetime.fromtimestamp(at / 1000, UTC), width.seconds, float(value))
