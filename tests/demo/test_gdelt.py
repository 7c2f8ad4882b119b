"""GDELT in the world lists, counts, is impatient, and says what is wrong in plain text."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from monitor.demo.clippings import monitored
from monitor.demo.gdelt import MOST, SPACING, TOO_OFTEN
from monitor.demo.manners import GDELT
from tests.demo.play import TINY, Play, play

DOC = "/api/v2/doc/doc"
LATIN = '(Aleppo OR SaveAleppo) -"صابون حلب"'


async def asked(world: Play, query: str = LATIN, **params: Any) -> httpx.Response:
    world.clock.move_to(world.clock.now() + timedelta(seconds=SPACING))
    return await world.get(GDELT, DOC, {"query": query, "format": "json", "mode": "artlist"} | params)


def span(start: datetime, end: datetime) -> dict[str, str]:
    return {"startdatetime": f"{start:%Y%m%d%H%M%S}", "enddatetime": f"{end:%Y%m%d%H%M%S}"}


async def links(world: Play, query: str = LATIN, **params: Any) -> list[str]:
    told = (await asked(world, query, timespan="3d", maxrecords=250, **params)).json()
    return [article["url"] for article in told.get("articles", [])]


async def test_what_names_the_words_is_listed_in_whichever_language() -> None:
    async with play(hours=60) as world:
        named = {one.link for one in world.world.clippings if one.about or one.passing}
        assert set(await links(world)) == named


async def test_arabic_letters_are_found_as_they_are_written_only() -> None:
    async with play(hours=60) as world:
        arabic = await links(world, 'حلب -"صابون حلب"')
        assert arabic
        assert set(arabic) < set(await links(world))


async def test_the_list_is_in_order_of_time_when_it_is_asked_so() -> None:
    async with play(hours=60) as world:
        up, down = await links(world, sort="dateasc"), await links(world, sort="datedesc")
        assert up == down[::-1]


async def test_there_are_no_pages_only_a_most() -> None:
    async with play(hours=60) as world:
        told = (await asked(world, timespan="3d", maxrecords=5, sort="dateasc")).json()
        assert len(told["articles"]) == 5
        assert MOST == 250


async def test_an_article_is_listed_some_minutes_after_it_was_seen() -> None:
    async with play() as world:
        late = world.world.clippings[-1]
        world.clock.move_to(datetime.fromtimestamp(late.listed - 60, UTC))
        assert late.link not in await links(world)


async def test_nothing_is_an_empty_table() -> None:
    async with play() as world:
        assert (await asked(world, "nobody")).text == "{}"


async def test_a_common_word_is_always_found() -> None:
    async with play(hours=1) as world:
        assert len((await asked(world, "protest sourcelang:arabic", timespan="24h")).json()["articles"]) == 1


async def test_who_does_not_wait_is_told_so_with_a_200() -> None:
    async with play() as world:
        await asked(world)
        answer = await world.get(GDELT, DOC, {"query": "Aleppo", "format": "json"})
        assert (answer.status_code, answer.text) == (200, TOO_OFTEN)
        assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ('"Aleppo"', "phrase is too short"),
        ("Aleppo OR Syria", "surrounded by ()"),
        ("Aleppo -(a OR b)", "Parentheses"),
        ("of", "too common"),
        ("semi-detached", "illegal character"),
        ("sourcelang:arabic", "too short or too long"),
    ],
)
async def test_errors_are_text_with_a_200(query: str, words: str) -> None:
    async with play() as world:
        answer = await asked(world, query)
        assert answer.status_code == 200
        assert words in answer.text
        with pytest.raises(json.JSONDecodeError):
            answer.json()


async def timeline(world: Play, start: datetime, end: datetime) -> dict[str, Any]:
    told: dict[str, Any] = (await asked(world, mode="timelinevolraw", **span(start, end))).json()
    return told


async def test_a_timeline_counts_what_is_listed() -> None:
    async with play(hours=100) as world:
        told = await timeline(world, TINY.start, TINY.start + timedelta(days=4))
        rows = told["timeline"][0]["data"]
        assert told["query_details"]["date_resolution"] == "hour"
        assert sum(row["value"] for row in rows) == sum(one.about or one.passing for one in world.world.clippings)
        assert rows[0]["norm"] == monitored(TINY.start.timestamp(), TINY.start.timestamp() + 3600)


async def test_a_short_timeline_has_quarters_of_an_hour_some_of_them_missing() -> None:
    async with play() as world:
        told = await timeline(world, TINY.start, TINY.start + timedelta(hours=24))
        assert told["query_details"]["date_resolution"] == "15m"
        assert 85 < len(told["timeline"][0]["data"]) < 96


async def test_another_address_is_a_page() -> None:
    async with play() as world:
        assert (await world.get(GDELT, "/")).status_code == 404
