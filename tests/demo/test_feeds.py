"""The feeds of the world slide, answer conditionally, and keep the guid habits of real outlets."""

import feedparser
import httpx
import pytest

from monitor.demo.feeds import WINDOW
from tests.demo.play import Play, play

ARABIC, ENGLISH = "rasif", "harbour"


def entries(answer: httpx.Response) -> list[feedparser.FeedParserDict]:
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    return list(feed.entries)


async def guids(world: Play, outlet: str) -> list[str]:
    return [entry.id for entry in entries(await world.get(outlet, "/rss"))]


@pytest.mark.parametrize("outlet", [ARABIC, ENGLISH])
async def test_a_feed_shows_its_newest_articles_newest_first(outlet: str) -> None:
    async with play() as world:
        found = entries(await world.get(outlet, "/rss"))
        assert len(found) == min(WINDOW, len(world.world.stories["ar" if outlet == ARABIC else "en"]))
        assert found[0].published_parsed >= found[-1].published_parsed


async def test_old_articles_slide_out() -> None:
    async with play(hours=30) as world:
        before = await guids(world, ENGLISH)
        world.clock.move_to(world.world.plan.end)
        after = await guids(world, ENGLISH)
        assert before[-1] not in after
        assert before[0] in after


@pytest.mark.parametrize(
    ("outlet", "validator", "condition"),
    [(ARABIC, "etag", "If_None_Match"), (ENGLISH, "last-modified", "If_Modified_Since")],
)
async def test_an_unchanged_feed_is_not_sent_again(outlet: str, validator: str, condition: str) -> None:
    async with play(hours=30) as world:
        told = (await world.get(outlet, "/rss")).headers[validator]
        again = await world.get(outlet, "/rss", **{condition: told})
        assert (again.status_code, again.content) == (304, b"")
        world.clock.move_to(world.world.plan.end)
        assert (await world.get(outlet, "/rss", **{condition: told})).status_code == 200


async def test_a_corrected_headline_has_another_fragment_in_its_guid() -> None:
    async with play() as world:
        found = {guid.partition("#")[2] for guid in await guids(world, ARABIC)}
        assert found == {"0", "1"}


async def test_english_guids_are_addresses_and_keep_still() -> None:
    async with play() as world:
        assert all(guid.startswith("https://harbour.example/articles/") for guid in await guids(world, ENGLISH))
