"""A world on stage: its servers, and the sources an operator would set up for them."""

from datetime import timedelta

from monitor.clock import Simulated
from monitor.demo.contests import PAGE
from monitor.demo.manners import GDELT, PDS, YOUTUBE, X
from monitor.demo.places import places
from monitor.demo.stage import APPVIEW, PREVIEWS, STREAM, Stage, stage
from monitor.demo.toots import SERVERS
from tests.demo.play import CITADEL, SOUK, TINY, made, play

NAMES = (*SERVERS, PREVIEWS, "rasif", "harbour", PDS, APPVIEW, X, YOUTUBE, GDELT, PAGE)
ON = Stage(
    made(TINY),
    {name: f"http://127.0.0.1:{port}" for port, name in enumerate(NAMES, start=9001)} | {STREAM: "ws://127.0.0.1:9000"},
)
PLATFORMS = ["mastodon"] * 2 + ["telegram"] * 2 + ["feeds"] * 2 + ["bluesky", "jetstream", "x", "youtube", "gdelt"]


def test_every_server_channel_and_feed_is_a_source_of_its_own() -> None:
    platforms = [source.platform for source in places(ON)]
    assert platforms == PLATFORMS


def test_no_source_is_switched_off() -> None:
    assert [source.off for source in places(ON)] == [None] * len(PLATFORMS)


def test_every_source_comes_round_at_a_whole_number_of_steps_before_the_world_ends() -> None:
    steps = (TINY.end - TINY.start) / timedelta(minutes=1)
    assert all(steps % source.every_minutes == 0 for source in places(ON))


async def test_every_platform_has_an_address_of_its_own() -> None:
    async with play() as world:
        assert set(world.urls) == {*NAMES, STREAM}
        assert len(set(world.urls.values())) == len(world.urls)


async def test_two_worlds_stand_side_by_side() -> None:
    async with play() as one, play() as other:
        assert set(one.urls.values()).isdisjoint(other.urls.values())
        assert await one.tag("savealeppo") == await other.tag("savealeppo")


async def test_the_time_of_a_world_is_that_of_its_clock() -> None:
    clock = Simulated(TINY.start)
    async with stage(made(TINY), clock), play(hours=0) as world:
        assert await world.tag("savealeppo") == []
        world.clock.move_to(TINY.end)
        assert await world.tag("savealeppo")


async def test_a_server_shows_its_own_people_s_accounts_without_a_host() -> None:
    async with play() as world:
        told = {server: (await world.tag("savealeppo", server=server))[0]["account"] for server in (SOUK, CITADEL)}
        for server, account in told.items():
            at_home = account["uri"].startswith(f"https://{server}/")
            assert ("@" in account["acct"]) != at_home
