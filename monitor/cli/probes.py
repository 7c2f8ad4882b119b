"""Asking everybody once, all at the same time: for `monitor check --live`.

No number is stored. But where there is a store already, a key's calls and its session are kept in its account as ever.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import httpx

from monitor import app
from monitor.cli.stored import lacks
from monitor.clock import System
from monitor.collect.accounts import account_of
from monitor.digest import mail
from monitor.errors import MonitorError, StoreError
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.poll_source import PollSettings
from monitor.model.source import SourceSettings
from monitor.settings.schema import Settings
from monitor.sources import platforms
from monitor.sources.polls import places
from monitor.store import embedded, redis
from monitor.store.accounts import Account
from monitor.store.programs import programs
from monitor.store.store import Store

PATIENCE = 30.0  # seconds for an answer, without what is waited for a turn: the operator sits in front of it


@dataclass(frozen=True)
class Answer:
    """What somebody said when asked."""

    whom: str
    ok: bool
    said: str


async def answers(
    settings: Settings, transport: httpx.AsyncBaseTransport | None = None, patience: float = PATIENCE
) -> AsyncIterator[Answer]:
    """Ask Redis, the mail server and every source and poll that is on; yield the answers as they come."""
    async with http(settings.monitor.fetch.contact, transport) as pool, _store_there_is(settings) as store:
        asked = [_answer(errand, patience) for errand in _errands(settings, pool, store)]
        for answer in asyncio.as_completed(asked):
            yield await answer


@asynccontextmanager
async def _store_there_is(settings: Settings) -> AsyncIterator[Store | None]:
    async with AsyncExitStack() as stack:
        yield await _opened(settings, stack) if lacks(settings) is None else None


async def _opened(settings: Settings, stack: AsyncExitStack) -> Store | None:
    try:
        async with asyncio.timeout(PATIENCE / 3):
            store, _ = await stack.enter_async_context(app.opened_store(settings))
    except (StoreError, TimeoutError):  # the answer about Redis says why
        return None
    return store


def _errands(settings: Settings, pool: httpx.AsyncClient, store: Store | None) -> Iterator["_Errand"]:
    yield _Errand("redis", _redis(settings.monitor.redis))
    yield _Errand("mail", mail.door(settings.monitor.mail).probe())
    asker = _Asker(pool, store)
    for watched in settings.campaigns:
        slug = watched.campaign.slug
        for source in watched.sources:
            if source.off is None:
                kind, turns = platforms()[source.platform], _Turns()
                asked = kind.Source(source, asker.client(source, kind.spacing, turns)).probe()
                yield _Errand(f"{slug}/{source.name}", asked, turns)
        for poll in watched.polls:
            if poll.at.off is None:
                place, turns = places()[poll.at.platform], _Turns()
                client = asker.client(poll.at, place.spacing, turns)
                asked = place.Source(poll.at, client).probe(turns.now())
                yield _Errand(f"{slug}/poll {poll.poll.name}", asked, turns)


class _Turns(System):
    """The clock of one errand: what it waits for its turn at a host is not counted against its patience."""

    def __init__(self) -> None:
        self.patience: asyncio.Timeout | None = None

    async def sleep(self, seconds: float) -> None:
        if self.patience and (end := self.patience.when()):
            self.patience.reschedule(end + seconds)
        await super().sleep(seconds)


class _Asker:
    """Builds what asks each place; those of one host stand in one line."""

    def __init__(self, pool: httpx.AsyncClient, store: Store | None) -> None:
        self._pool, self._store, self._hosts = pool, store, Hosts()

    def client(self, asked: SourceSettings | PollSettings, spacing: float, turns: _Turns) -> Client:
        account = Account(self._store, account_of(self._store, asked), System()) if self._store else None
        return Client(self._pool, turns, self._hosts, spacing=spacing, tries=1, account=account)


@dataclass(frozen=True)
class _Errand:
    """Somebody to be asked, and the clock that waits for the turns."""

    whom: str
    asked: Awaitable[str]
    turns: _Turns = field(default_factory=_Turns)


async def _answer(errand: _Errand, seconds: float) -> Answer:
    try:
        async with asyncio.timeout(seconds) as errand.turns.patience:
            return Answer(errand.whom, ok=True, said=await errand.asked)
    except TimeoutError:
        return Answer(errand.whom, ok=False, said=f"no answer within {seconds:g} seconds")
    except MonitorError as error:
        return Answer(errand.whom, ok=False, said=str(error))


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
