"""Asking everybody once, all at the same time: for `monitor check --live`.

No number is stored. But where there is a store already, a key's calls and its session are kept in its account as ever.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from monitor import app
from monitor.clock import System
from monitor.collect.accounts import account_of
from monitor.digest import mail
from monitor.errors import MonitorError, StoreError
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.poll_source import PollSettings
from monitor.model.source import SourceSettings
from monitor.settings.schema import Settings
from monitor.sources import Platform, platforms
from monitor.sources.polls import PollPlatform, places
from monitor.store import embedded, redis
from monitor.store.accounts import Account
from monitor.store.programs import programs
from monitor.store.store import Store

PATIENCE = 30.0  # seconds for one answer, its turn in the line of its platform come: the operator sits in front of it
CALLS = 2  # of a probe, more or less


@dataclass(frozen=True)
class Answer:
    """What somebody said when asked."""

    whom: str
    ok: bool
    said: str


async def answers(settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[Answer]:
    """Ask Redis, the mail server and every source and poll that is on; yield the answers as they come."""
    async with http(settings.monitor.fetch.contact, transport) as pool, _store_there_is(settings) as store:
        for answer in asyncio.as_completed([*_errands(settings, pool, store)]):
            yield await answer


@asynccontextmanager
async def _store_there_is(settings: Settings) -> AsyncIterator[Store | None]:
    rules, privacy = settings.monitor.redis, settings.monitor.privacy
    was_run = privacy.key is not None or (privacy.folder / "privacy.key").exists()
    is_there = was_run and (rules.url is not None or (rules.folder / "users.lock").exists())
    async with AsyncExitStack() as stack:
        yield await _opened(settings, stack) if is_there else None


async def _opened(settings: Settings, stack: AsyncExitStack) -> Store | None:
    try:
        async with asyncio.timeout(PATIENCE / 3):
            store, _ = await stack.enter_async_context(app.opened_store(settings))
    except (StoreError, TimeoutError):  # the answer about Redis says why
        return None
    return store


def _errands(settings: Settings, pool: httpx.AsyncClient, store: Store | None) -> Iterator[Awaitable[Answer]]:
    yield _answer("redis", _redis(settings.monitor.redis))
    yield _answer("mail", mail.door(settings.monitor.mail).probe())
    asker = _Asker(pool, store)
    for watched in settings.campaigns:
        slug = watched.campaign.slug
        for source in watched.sources:
            if source.off is None:
                kind = platforms()[source.platform]
                client = asker.client(source, kind.spacing)
                yield _answer(f"{slug}/{source.name}", kind.Source(source, client).probe(), asker.patience(kind))
        for poll in watched.polls:
            if poll.at.off is None:
                place = places()[poll.at.platform]
                asked = place.Source(poll.at, asker.client(poll.at, place.spacing)).probe(System().now())
                yield _answer(f"{slug}/poll {poll.poll.name}", asked, asker.patience(place))


class _Asker:
    """Builds what asks each place; those of one platform stand in one line, and wait the longer for it."""

    def __init__(self, pool: httpx.AsyncClient, store: Store | None) -> None:
        self._pool, self._store, self._hosts, self._ahead = pool, store, Hosts(), Counter[str]()

    def client(self, asked: SourceSettings | PollSettings, spacing: float) -> Client:
        account = Account(self._store, account_of(self._store, asked), System()) if self._store else None
        return Client(self._pool, System(), self._hosts, spacing=spacing, tries=1, account=account)

    def patience(self, kind: Platform | PollPlatform) -> float:
        line = self._ahead[kind.name] * CALLS * kind.spacing
        self._ahead[kind.name] += 1
        return PATIENCE + line


async def _answer(whom: str, errand: Awaitable[str], patience: float = PATIENCE) -> Answer:
    try:
        async with asyncio.timeout(patience):
            return Answer(whom, ok=True, said=await errand)
    except TimeoutError:
        return Answer(whom, ok=False, said=f"no answer within {patience:.0f} seconds")
    except MonitorError as error:
        return Answer(whom, ok=False, said=str(error))


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
