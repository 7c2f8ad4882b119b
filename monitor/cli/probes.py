"""Asking everybody once, all at the same time: for `monitor check --live`. Nothing is stored."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import dataclass

import httpx

from monitor.clock import System
from monitor.digest import mail
from monitor.errors import MonitorError
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.source import SourceSettings
from monitor.settings.schema import Settings
from monitor.sources import platforms
from monitor.store import embedded, redis
from monitor.store.programs import programs

PATIENCE = 30.0  # seconds for one answer, its turn in the line of its platform come: the operator sits in front of it
CALLS = 2  # of a probe, more or less


@dataclass(frozen=True)
class Answer:
    """What somebody said when asked."""

    whom: str
    ok: bool
    said: str


async def answers(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[Answer]:
    """Ask Redis, the mail server and every source that is on; yield the answers as they come."""
    async with http(settings.monitor.fetch.contact, transport) as pool:
        for answer in asyncio.as_completed([*_errands(settings, pool)]):
            yield await answer


def _errands(settings: Settings, pool: httpx.AsyncClient) -> Iterator[Awaitable[Answer]]:
    yield _answer("redis", _redis(settings.monitor.redis))
    yield _answer("mail", mail.door(settings.monitor.mail).probe())
    hosts, ahead = Hosts(), Counter[str]()
    for watched in settings.campaigns:
        for source in watched.sources:
            if source.off is None:
                line = ahead[source.platform] * CALLS * platforms()[source.platform].spacing
                ahead[source.platform] += 1
                whom = f"{watched.campaign.slug}/{source.name}"
                yield _answer(whom, _probe(source, pool, hosts), PATIENCE + line)


async def _answer(whom: str, errand: Awaitable[str], patience: float = PATIENCE) -> Answer:
    try:
        async with asyncio.timeout(patience):
            return Answer(whom, ok=True, said=await errand)
    except TimeoutError:
        return Answer(whom, ok=False, said=f"no answer within {patience:.0f} seconds")
    except MonitorError as error:
        return Answer(whom, ok=False, said=str(error))


async def _probe(source: SourceSettings, pool: httpx.AsyncClient, hosts: Hosts) -> str:
    platform = platforms()[source.platform]
    client = Client(pool, System(), hosts, spacing=platform.spacing, tries=1)
    return await platform.Source(source, client).probe()


async def _redis(settings: redis.Settings) -> str:
    """Say whether Redis can be our store, or whether a private one can be started; raise in words when not."""
    if settings.url is None:
        program = next(programs(), None)
        if program is None:
            raise MonitorError(
                f"no private Redis can be started here: install campaign-monitor[server], or {embedded.ADVICE}"
            )
        return f"a private one can be started ({program.binary.name}, time series built in)"
    client = redis.connect(settings.url.get_secret_value())
    async with client:
        if problems := await redis.problems(client):
            raise MonitorError("; ".join(problems))
        return "; ".join(["answers, with time series", *await redis.in_words(redis.warnings)(client)])
