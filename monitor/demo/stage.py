"""Puts a world on: makes it from its plan and serves it, every platform on a loopback port of its own."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from monitor.clock import Clock
from monitor.demo.cast import OUTLETS
from monitor.demo.feeds import Feed
from monitor.demo.loopback import Answering, Server
from monitor.demo.mastodon import Instance
from monitor.demo.messages import CHANNELS, messages
from monitor.demo.plan import Plan
from monitor.demo.stories import stories
from monitor.demo.telegram import Previews
from monitor.demo.toots import SERVERS, toots
from monitor.demo.trouble import Moods
from monitor.demo.world import World

PREVIEWS = "previews"


@dataclass(frozen=True)
class Stage:
    """The world under way, and the address of each of its servers by name."""

    world: World
    urls: Mapping[str, str]


def make(plan: Plan) -> World:
    """Return the world of a plan; the same plan gives the same world."""
    return World(
        plan=plan,
        toots=toots(plan),
        channels={channel: messages(plan, channel) for channel in CHANNELS},
        stories={language: stories(plan, language) for language in OUTLETS},
    )


@asynccontextmanager
async def stage(world: World, clock: Clock) -> AsyncIterator[Stage]:
    """Serve a world on free ports while the context lasts; its time is the clock's."""
    async with AsyncExitStack() as stack:
        urls: dict[str, str] = {}
        for name, answer in _players(world, clock):
            server = await stack.enter_async_context(Server(Moods(name, answer, world.plan, clock)))
            urls[name] = server.url
        yield Stage(world, urls)


def _players(world: World, clock: Clock) -> Iterator[tuple[str, Answering]]:
    for name in SERVERS:
        yield name, Instance(name, world, clock)
    yield PREVIEWS, Previews(world.channels, clock)
    for language, written in world.stories.items():
        yield OUTLETS[language][1], Feed(written, language, clock)
