"""How many posts X itself counts in every full hour: cheap, and not the same as the posts that search returns."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.errors import UnexpectedPayload
from monitor.fetch.client import Client
from monitor.fetch.fields import count, moment, rows
from monitor.model.mention import Reported
from monitor.model.metric import Metric, family_subject
from monitor.model.source import Ask, Page
from monitor.model.window import Window

WALK = "counts of "
"""How the names of such walks begin; the key of a family follows."""

HOUR = timedelta(hours=1)
AGAIN = timedelta(hours=24)
"""How far back is counted again: counts fall while posts are removed, and one question costs the same."""
_PARTS = 2  # stretches of an answer that may be no full hour
_FRESH = timedelta(seconds=30)  # what X lags behind


def due(ask: Ask, reach: timedelta) -> Window | None:
    """Return the full hours to ask for; None while none has passed since the last time."""
    full = _hour(ask.now - _FRESH)
    until = moment((ask.cursor or {}).get("until"))
    earliest = max(ask.since, ask.now - reach, until - AGAIN if until else ask.since)
    start = _hour(earliest + HOUR - timedelta(microseconds=1))
    return Window(start, full) if start < full != until else None


def hours(answer: Mapping[str, Any]) -> dict[datetime, int]:
    """Return what is counted in every full hour of an answer; its first and last stretch may be shorter ones."""
    told: dict[datetime, int] = {}
    stretches = rows(answer.get("data"))
    for row in stretches:
        start, end, posts = moment(row.get("start")), moment(row.get("end")), total(row)
        if start and end and end - start == HOUR and posts is not None:
            told[start] = posts
    if len(stretches) > _PARTS and not told:
        raise UnexpectedPayload(
            "X has probably changed how it writes its counts: none can be read; look for a newer version of the monitor"
        )
    return told


def total(row: Mapping[str, Any]) -> int | None:
    """Return how many posts a row counts, by its new name or the old one."""
    return count(row.get("post_count", row.get("tweet_count")))


class Told:
    """What X counted last, by family; noted with the key, so that whoever begins anew within the hour knows it too."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def note(self, family: Sequence[str], by_hour: Mapping[datetime, int]) -> None:
        """Remember the hours of a family."""
        told = {start.isoformat(): posts for start, posts in by_hour.items() if posts}
        await self._client.account.keep(_note(family), json.dumps(told), seconds=AGAIN.total_seconds())

    async def within(self, families: Sequence[Sequence[str]], hole: Window) -> int:
        """Return how many posts X counts in the full hours of a hole, at least: some may belong to two families."""
        counted = Counter[str]()
        for family in families:
            told: Mapping[str, int] = json.loads(await self._client.account.recall(_note(family)) or "{}")
            counted |= Counter(told)
        return sum(posts for start, posts in counted.items() if _is_in(hole, datetime.fromisoformat(start)))


def _note(family: Sequence[str]) -> str:
    return f"counts of {' '.join(family)}"


def _is_in(hole: Window, start: datetime) -> bool:
    return hole.start <= start and start + HOUR <= hole.end


def page(ask: Ask, told: Mapping[datetime, int], until: datetime) -> Page:
    """Return the counts of a family; they cover no posts."""
    subject, seconds = family_subject(ask.walk.name.removeprefix(WALK)), int(HOUR.total_seconds())
    reported = [Reported(Metric.REPORTED_POSTS, subject, start, seconds, posts) for start, posts in told.items()]
    return Page(cursor={"until": until.isoformat()}, reported=reported)


def _hour(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
