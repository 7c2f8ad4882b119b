"""The previews of the world look like Telegram's: pages of twenty, rising ids, views as people read them."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.demo.plan import Plan
from monitor.demo.stage import PREVIEWS
from monitor.demo.telegram import shortened
from monitor.demo.world import Message
from tests.demo.play import Play, play

CHANNEL = "saha_news"


def ids(answer: httpx.Response) -> list[int]:
    return [int(number) for number in re.findall(rf'data-post="{CHANNEL}/(\d+)"', answer.text)]


async def page(world: Play, **params: int) -> list[int]:
    return ids(await world.get(PREVIEWS, f"/s/{CHANNEL}", params))


async def alone(world: Play, message: Message) -> LexborHTMLParser:
    answer = await world.get(PREVIEWS, f"/{CHANNEL}/{message.number}", {"embed": 1})
    return LexborHTMLParser(answer.text)


def printed(bubble: LexborHTMLParser, name: str) -> str:
    found = bubble.css_first(f".tgme_widget_message_{name}")
    return found.text() if found else ""


async def test_the_newest_page_is_twenty_messages_oldest_first() -> None:
    async with play() as world:
        newest = await page(world)
        assert len(newest) == 20
        assert newest == sorted(newest)


async def test_before_and_after_give_the_neighbouring_pages() -> None:
    async with play() as world:
        newest = await page(world)
        older = await page(world, before=newest[0])
        assert max(older) < newest[0]
        assert await page(world, after=older[-1]) == newest


async def test_before_zero_is_the_newest_page_again() -> None:
    async with play() as world:
        assert await page(world, before=0) == await page(world)


async def test_walking_down_meets_every_message_and_ends_without_prev() -> None:
    async with play() as world:
        answer = await world.get(PREVIEWS, f"/s/{CHANNEL}")
        found = ids(answer)
        while 'rel="prev"' in answer.text:
            answer = await world.get(PREVIEWS, f"/s/{CHANNEL}", {"before": min(found)})
            found = ids(answer) + found
        assert found == [message.number for message in world.world.channels[CHANNEL]]


async def test_a_page_beyond_the_newest_says_that_nothing_is_there() -> None:
    async with play() as world:
        answer = await world.get(PREVIEWS, f"/s/{CHANNEL}", {"after": 10**6})
        assert "tme_no_messages_found" in answer.text
        assert not ids(answer)


async def test_an_unknown_channel_leads_to_its_landing_page() -> None:
    async with play() as world:
        answer = await world.get(PREVIEWS, "/s/nobody_here")
        assert (answer.status_code, answer.headers["location"]) == (302, "/nobody_here")
        assert "Contact @nobody_here" in (await world.get(PREVIEWS, "/nobody_here")).text


async def test_a_message_can_be_asked_for_alone_and_an_album_by_each_of_its_ids() -> None:
    async with play(Plan()) as world:
        album = next(message for message in world.world.channels[CHANNEL] if message.last > message.number)
        for number in (album.number, album.last):
            answer = await world.get(PREVIEWS, f"/{CHANNEL}/{number}", {"embed": 1, "mode": "tme"})
            assert ids(answer) == [album.number]


async def test_a_missing_message_is_a_page_that_says_so() -> None:
    async with play() as world:
        answer = await world.get(PREVIEWS, f"/{CHANNEL}/3", {"embed": 1})
        assert answer.status_code == 200
        assert "Post not found" in answer.text


async def test_service_messages_have_no_views_and_no_tags() -> None:
    async with play(Plan()) as world:
        service = next(message for message in world.world.channels[CHANNEL] if message.service)
        answer = await world.get(PREVIEWS, f"/s/{CHANNEL}", {"after": service.number - 1})
        first = LexborHTMLParser(answer.text).css_first(".service_message")
        assert first is not None
        assert first.css_first(".tgme_widget_message_views") is None
        assert first.css_first('a[href^="?q="]') is None


async def test_the_hashtags_of_a_message_are_links() -> None:
    async with play() as world:
        message = next(message for message in world.world.channels[CHANNEL] if message.tagged.typed)
        answer = await world.get(PREVIEWS, f"/{CHANNEL}/{message.number}", {"embed": 1})
        links = LexborHTMLParser(answer.text).css('a[href^="?q=%23"]')
        assert [link.text().lstrip("#") for link in links] == list(message.tagged.at(world.clock.now().timestamp()))


async def test_a_forwarded_message_says_so_and_shows_the_views_of_its_original() -> None:
    async with play(Plan()) as world:
        message = next(message for message in world.world.channels[CHANNEL] if message.forwarded)
        bubble = await alone(world, message)
        assert bubble.css_first(".tgme_widget_message_forwarded_from") is not None
        assert bubble.css_first(".tgme_widget_message_views") is not None


async def test_a_message_that_is_not_counted_shows_no_views() -> None:
    async with play(Plan()) as world:
        channel = world.world.channels[CHANNEL]
        message = next(message for message in channel if message.views is None and not message.service)
        assert (await alone(world, message)).css_first(".tgme_widget_message_views") is None


async def test_reactions_are_printed_each_with_its_short_count() -> None:
    async with play(Plan()) as world:
        world.clock.move_to(world.world.plan.healed)
        message = next(message for message in world.world.channels[CHANNEL] if all(message.reactions))
        told = [reaction.text(deep=False) for reaction in (await alone(world, message)).css(".tgme_reaction")]
        assert told == [shortened(count) for count in message.reactions]


async def test_an_edit_shows_and_adds_the_hashtag() -> None:
    async with play(Plan(), hours=0) as world:
        message = next(message for message in world.world.channels[CHANNEL] if message.tagged.edited)
        edited = datetime.fromtimestamp(message.tagged.edited or 0, UTC)
        world.clock.move_to(edited - timedelta(seconds=1))
        before = await alone(world, message)
        world.clock.move_to(edited + timedelta(seconds=1))
        after = await alone(world, message)
        assert "edited" not in printed(before, "meta")
        assert "edited" in printed(after, "meta")
        assert len(after.css('a[href^="?q="]')) > len(before.css('a[href^="?q="]'))


async def test_views_rise_for_days() -> None:
    async with play(Plan(), hours=0) as world:
        message = max(world.world.channels[CHANNEL], key=lambda message: message.views or 0)
        seen = []
        for hours in (1, 24, 84):
            world.clock.move_to(datetime.fromtimestamp(message.created, UTC) + timedelta(hours=hours))
            seen.append(printed(await alone(world, message), "views"))
        assert len(set(seen)) == 3
        assert seen[-1] == shortened(message.views or 0)


@pytest.mark.parametrize(
    ("views", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1K"),
        (1_299, "1.2K"),
        (436_650, "436.6K"),
        (999_999, "999.9K"),
        (1_250_000, "1.2M"),
    ],
)
def test_views_are_printed_short(views: int, text: str) -> None:
    assert shortened(views) == text
