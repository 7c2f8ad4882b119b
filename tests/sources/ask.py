"""Runs a platform against a function that plays its server.

Every platform `monitor/sources/NAME.py` has its test file `tests/sources/test_NAME.py`, which offers these names to
`test_contract.py` (it goes red when the file or one of the names is missing):

    SETTINGS    a `Settings` of the platform
    CAMPAIGN    the campaign to ask for (usually `tests.people.ALEPPO`)
    answer      `answer(request: httpx.Request) -> httpx.Response` plays the server on a good day and keeps nothing in
                mind: the same request gets the same answer. It tells of at least three mentions created between SINCE
                and NOW below, and of one created before SINCE. Whatever the source asks must be answered (unknown
                addresses: 404).
    damaged     the same server, with exactly one of the mentions of `answer` made unreadable; the others must come
    unreadable  the same server, with every mention of `answer` made unreadable
    HEARD       only where a platform is listened to and never asked (True): its own tests hold it to these promises
    HOSTS       only where a platform is asked at more than one host: all of them
    LATE        only where a platform tells of mentions later than an hour after they were made: how late
    made        only where a platform is not asked by HTTP: `source` below, with a player of its protocol behind it
    SINCE       only where such a platform needs an earlier beginning than SINCE below
    MARKS       marks that `Source.again` finds on `answer`, empty for a source whose `again_at_once` is 0

    async def test_views_are_read() -> None:
        reading = await ask.run(ask.source(SETTINGS, answer), CAMPAIGN)
        assert reading.mentions[0].counts.impressions == 1200
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx

from monitor.clock import Simulated
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.campaign import Campaign
from monitor.model.mention import Mention
from monitor.model.source import Ask, Cursor, Page, Source, SourceSettings
from monitor.sources import platforms
from tests.people import NOON

NOW = NOON
SINCE = NOON - timedelta(days=2)
Answers = Callable[[httpx.Request], httpx.Response]


class PlatformTest(Protocol):
    """What a platform's test file offers."""

    SETTINGS: SourceSettings
    CAMPAIGN: Campaign
    MARKS: tuple[str, ...]
    answer: Answers
    damaged: Answers
    unreadable: Answers


@dataclass
class Reading:
    """Everything one run gave: pages in order, and the last cursor of each walk."""

    pages: list[Page] = field(default_factory=list)
    cursors: dict[str, Cursor] = field(default_factory=dict)

    @property
    def mentions(self) -> list[Mention]:
        return [mention for page in self.pages for mention in page.mentions]

    @property
    def ids(self) -> set[str]:
        return {mention.id for mention in self.mentions}


async def _is_public(_host: str) -> bool:
    return False


def client(answers: Answers, now: datetime = NOW, **options: Any) -> Client:
    """Return a client whose every call is answered by a function, on a clock that never really waits."""
    options = {"clock": Simulated(now), "hosts": Hosts(), "private": _is_public, **options}
    return Client(http("desk@example.org", httpx.MockTransport(answers)), **options)


def source(settings: SourceSettings, answers: Answers, now: datetime = NOW) -> Source:
    """Return the source of these settings, which asks `answers`."""
    return platforms()[settings.platform].Source(settings, client(answers, now))


async def run(
    asked: Source,
    campaign: Campaign,
    cursors: Mapping[str, Cursor] | None = None,
    *,
    since: datetime = SINCE,
    now: datetime = NOW,
    into: Reading | None = None,
) -> Reading:
    """Run all walks of a source once, as the collector does; what was read before an error is kept in `into`."""
    reading = into or Reading()
    reading.cursors |= cursors or {}
    for walk in asked.walks(campaign):
        async for page in asked.pages(Ask(walk, reading.cursors.get(walk.name), since, now)):
            reading.pages.append(page)
            if page.cursor is not None:
                reading.cursors[walk.name] = page.cursor
    return reading
