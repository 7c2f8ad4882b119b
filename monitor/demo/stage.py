"""Puts a world on: makes it from its plan and serves it, every platform on a loopback port of its own."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from operator import attrgetter

from monitor.clock import Clock
from monitor.demo import stirs
from monitor.demo.ballot import Ballot
from monitor.demo.bluesky import AppView, Pds
from monitor.demo.cast import OUTLETS
from monitor.demo.clippings import clippings
from monitor.demo.contests import CHANNEL, PAGE, contests
from monitor.demo.feeds import Feed
from monitor.demo.gdelt import Doc
from monitor.demo.jetstream import Jetstream
from monitor.demo.loopback import Answering, Server
from monitor.demo.manners import GDELT, PDS, YOUTUBE, X
from monitor.demo.mastodon import Instance
from monitor.demo.messages import CHANNELS, MOST_READ, messages
from monitor.demo.notices import notices
from monitor.demo.plan import Plan, Trouble
from monitor.demo.skeets import skeets
from monitor.demo.stories import stories
from monitor.demo.street import fridays, headlined, named
from monitor.demo.telegram import Previews
from monitor.demo.toots import SERVERS, toots
from monitor.demo.trouble import Moods
from monitor.demo.tweets import tweets
from monitor.demo.videos import videos
from monitor.demo.world import World
from monitor.demo.x import Api
from monitor.demo.youtube import DataApi

PREVIEWS, APPVIEW, STREAM = "previews", "appview", "stream"
"""The names of the servers that are neither an instance, nor an outlet, nor have manners of their own."""


@dataclass(frozen=True)
class Stage:
    """The world under way, the address of each of its servers by name, and what X has charged for until now."""

    world: World
    urls: Mapping[str, str]
    charged: Callable[[], float] = lambda: 0.0


def make(plan: Plan) -> World:
    """Return the world of a plan; the same plan gives the same world."""
    voted = contests(plan)
    days = fridays(voted)
    written = {language: stories(plan, language) for language in OUTLETS}
    written["ar"] = headlined(days, written["ar"])
    said = attrgetter("created")
    written["en"] = stirs.headlined(plan, written["en"])
    channels = {channel: named(plan, days, messages(plan, channel), said) for channel in CHANNELS}
    channels[MOST_READ] = stirs.passed_on(plan, channels[MOST_READ])
    return World(
        plan=plan,
        toots=named(plan, days, toots(plan), said),
        channels=channels | {CHANNEL: notices(plan, voted[CHANNEL])},
        stories=written,
        skeets=named(plan, days, skeets(plan), attrgetter("sorted_at")),
        tweets=named(plan, days, tweets(plan), said),
        videos=videos(plan),
        clippings=clippings(plan, written),
        contests=voted,
    )


@asynccontextmanager
async def stage(world: World, clock: Clock) -> AsyncIterator[Stage]:
    """Serve a world on free ports while the context lasts; its time is the clock's."""
    async with AsyncExitStack() as stack:
        urls: dict[str, str] = {}
        api = Api(world, clock)
        for name, answer in _players(world, clock, api):
            server = await stack.enter_async_context(Server(Moods(name, answer, world.plan, clock)))
            urls[name] = server.url
        stream = await stack.enter_async_context(Jetstream(world, clock))
        urls[STREAM] = stream.url
        yield Stage(world, urls, lambda: api.charged(clock.now()))


def _players(world: World, clock: Clock, api: Api) -> Iterator[tuple[str, Answering]]:
    for name in SERVERS:
        yield name, Instance(name, world, clock)
    yield PREVIEWS, Previews(world.channels, clock, withholds=Trouble.WITHHELD in world.plan.troubles)
    yield PAGE, Ballot(world.contests.get(PAGE, ()), world.plan, clock)
    for language, written in world.stories.items():
        yield OUTLETS[language][1], Feed(written, language, clock)
    pds = Pds(world, clock)
    yield PDS, pds
    yield APPVIEW, AppView(pds)
    yield X, api
    yield YOUTUBE, DataApi(world, clock)
    yield GDELT, Doc(world, clock)
