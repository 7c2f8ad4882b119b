"""Listening to tags of a Mastodon: a connection for each, and what they tell in one line.

It brings posts within seconds and proves nothing: what is said while a connection is broken is not said again. The walk
finds it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import aclosing

from httpx_sse import ServerSentEvent

from monitor.errors import AccessRefused
from monitor.fetch.answer import read_json
from monitor.model.source import Page
from monitor.sources._mastodon_server import Kind, Server
from monitor.sources._mastodon_status import Reader

MOST_TAGS = 8  # each holds a connection, here and there
SIGN_OF_LIFE = 15.0  # seconds, as often as the server sends a comment when it has nothing to say
_WAITING = 100  # pages; what comes faster waits with the server
_POSTS = frozenset({"update", "status.update"})  # the others are of posts that are gone, and of the account itself


async def listen(server: Server, spellings: Sequence[str], silence: float = SIGN_OF_LIFE) -> AsyncGenerator[Page, None]:
    """Yield posts as they are told, and an empty page now and then; raises SourceError when one connection breaks."""
    check((await server.facts()).kind, server.host)
    reader = Reader.of(server.host, spellings)
    line = asyncio.Queue[Page](_WAITING)
    ears = [asyncio.create_task(_hear(server, tag, reader, line)) for tag in spellings[:MOST_TAGS]]
    try:
        while True:
            yield await _next(line, ears, silence)
    finally:
        for ear in ears:
            ear.cancel()
        await asyncio.gather(*ears, return_exceptions=True)


def check(kind: Kind, host: str) -> None:
    """Raise if a server of this kind tells nothing by events."""
    if not kind.streams:
        raise AccessRefused(f"{host} has no stream of events that can be read here; take out stream = true")


async def _hear(server: Server, tag: str, reader: Reader, line: asyncio.Queue[Page]) -> None:
    async with aclosing(await server.stream(tag)) as told:
        async for page in _pages(told, reader):
            await line.put(page)


async def _pages(told: AsyncIterator[ServerSentEvent], reader: Reader) -> AsyncIterator[Page]:
    async for event in told:
        if event.event in _POSTS:
            posts, refused = reader.posts([_status(event.data)])
            yield Page(posts, refused=refused)


async def _next(line: asyncio.Queue[Page], ears: Iterable[asyncio.Task[None]], silence: float) -> Page:
    """Return what is said next, or nothing after some silence; what broke off an ear is raised once all is taken."""
    coming = asyncio.create_task(line.get())
    try:
        done, _ = await asyncio.wait({coming, *ears}, timeout=silence, return_when=asyncio.FIRST_COMPLETED)
    finally:
        is_here = coming.done()
        coming.cancel()
    if is_here:
        return coming.result()
    for ear in done:
        ear.result()
    return Page()


def _status(told: str) -> object:
    try:
        return read_json(told.encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None  # counted as one that could not be read
