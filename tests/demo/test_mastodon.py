"""The Mastodon servers of the world page, limit and fail as real ones do."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.demo.plan import Plan
from tests.demo.play import CITADEL, SOUK, play

TAG = "savealeppo"


async def walked(tag: str, *also: str) -> set[str]:
    """Return the uris of a whole timeline, read upwards."""
    found: set[str] = set()
    async with play(hours=40) as world:
        low = "1"
        while page := await world.tag(tag, limit=40, min_id=low, also=also):
            found |= {status["uri"] for status in page}
            low = page[0]["id"]
        return found


async def test_a_page_is_newest_first_and_forty_at_most() -> None:
    async with play() as world:
        page = await world.tag(TAG, limit=400)
        ids = [int(status["id"]) for status in page]
        assert len(ids) == 40
        assert ids == sorted(ids, reverse=True)


async def test_min_id_gives_the_page_next_to_it_and_since_id_the_newest() -> None:
    async with play() as world:
        everything = await world.tag(TAG, limit=40, min_id=1)
        low = everything[-1]["id"]
        next_to_it = await world.tag(TAG, limit=5, min_id=low)
        assert next_to_it == everything[-6:-1]
        assert await world.tag(TAG, limit=5, since_id=low) == await world.tag(TAG, limit=5)


async def test_max_id_goes_down_from_it() -> None:
    async with play() as world:
        page = await world.tag(TAG, limit=10)
        assert await world.tag(TAG, limit=5, max_id=page[4]["id"]) == page[5:]


async def test_walking_up_meets_every_toot_with_the_tag() -> None:
    async with play(hours=40) as world:
        now = world.clock.now().timestamp()
        due = {
            toot.uri
            for toot in world.world.toots
            if SOUK in toot.copies
            and toot.copies[SOUK].since <= now
            and TAG in {tag.lower() for tag in toot.tagged.at(now)}
        }
    assert await walked(TAG) == due


async def test_tags_are_compared_letter_by_letter_but_for_case() -> None:
    assert await walked("SAVEALEPPO") == await walked(TAG)
    assert await walked("أنقذوا_حلب") != await walked("انقذوا_حلب")


@pytest.mark.parametrize("end", [{}, {"min_id": 1}])
async def test_whoever_asks_for_two_tags_of_a_toot_meets_it_once(end) -> None:
    async with play(hours=40) as world:
        page = await world.tag(TAG, limit=40, also=("أنقذوا_حلب", "Aleppo", "حلب"), **end)
    ids = [int(status["id"]) for status in page]
    assert ids == sorted(set(ids), reverse=True)


async def test_only_three_more_tags_count() -> None:
    three = ["أنقذوا_حلب", "انقذوا_حلب", "أنقذوا_حلـــب"]
    assert await walked(TAG, *three, "حلب_تحترق") == await walked(TAG, *three)


async def test_the_link_header_forgets_the_other_tags() -> None:
    async with play() as world:
        answer = await world.get(SOUK, f"/api/v1/timelines/tag/{TAG}", {"any[]": "syria", "limit": 2})
        assert answer.links["next"]["url"].endswith(f"max_id={answer.json()[-1]['id']}")
        assert "any" not in answer.headers["link"]


async def test_an_unknown_tag_is_an_empty_list_without_links() -> None:
    async with play() as world:
        answer = await world.get(SOUK, "/api/v1/timelines/tag/nobodysaysthis")
        assert (answer.status_code, answer.json()) == (200, [])
        assert "link" not in answer.headers


async def test_known_posts_are_told_in_bulk_and_strangers_left_out() -> None:
    async with play() as world:
        ids = [status["id"] for status in await world.tag(TAG, limit=3)]
        answer = await world.get(SOUK, "/api/v1/statuses", {"id[]": [*ids, "12", "none"]})
        assert {status["id"] for status in answer.json()} == set(ids)


async def test_more_than_twenty_ids_are_refused() -> None:
    async with play() as world:
        answer = await world.get(SOUK, "/api/v1/statuses", {"id[]": [str(number) for number in range(21)]})
        assert answer.status_code == 422


async def test_one_post_is_told_alone_and_a_missing_one_is_not_found() -> None:
    async with play() as world:
        newest = (await world.tag(TAG, limit=1))[0]
        assert (await world.get(SOUK, f"/api/v1/statuses/{newest['id']}")).json() == newest
        assert (await world.get(SOUK, "/api/v1/statuses/12")).json() == {"error": "Record not found"}
        assert (await world.get(SOUK, "/nothing/here")).status_code == 404


async def test_a_deleted_post_is_gone_from_everywhere() -> None:
    async with play() as world:
        toot = next(toot for toot in world.world.toots if toot.gone and SOUK in toot.copies)
        path = f"/api/v1/statuses/{toot.copies[SOUK].id}"
        assert (await world.get(SOUK, path)).status_code == 200
        world.clock.move_to(datetime.fromtimestamp(toot.gone or 0, UTC))
        assert (await world.get(SOUK, path)).status_code == 404


async def test_both_servers_tell_one_post_under_one_uri_and_two_ids() -> None:
    async with play() as world:
        toot = next(toot for toot in world.world.toots if len(toot.copies) == 2)
        told = [
            (await world.get(server, f"/api/v1/statuses/{toot.copies[server].id}")).json() for server in (SOUK, CITADEL)
        ]
        assert told[0]["uri"] == told[1]["uri"]
        assert told[0]["id"] != told[1]["id"]


async def test_only_the_newer_server_tells_quotes() -> None:
    async with play() as world:
        assert "quotes_count" in (await world.tag(TAG))[0]
        assert "quotes_count" not in (await world.tag(TAG, server=CITADEL))[0]


async def test_counters_grow_while_nobody_edits() -> None:
    async with play(hours=30) as world:
        newest = max(await world.tag(TAG, limit=40), key=lambda status: status["favourites_count"])
        world.clock.move_to(world.world.plan.healed)
        later = (await world.get(SOUK, f"/api/v1/statuses/{newest['id']}")).json()
        assert later["favourites_count"] > newest["favourites_count"]


async def test_an_edit_adds_the_tag_to_an_old_id() -> None:
    async with play() as world:
        toot = next(toot for toot in world.world.toots if toot.tagged.edited and SOUK in toot.copies)
    async with play(hours=0) as world:
        world.clock.move_to(datetime.fromtimestamp((toot.tagged.edited or 0) - 60, UTC))
        path = f"/api/v1/statuses/{toot.copies[SOUK].id}"
        before = (await world.get(SOUK, path)).json()
        world.clock.move_to(world.clock.now() + timedelta(minutes=2))
        after = (await world.get(SOUK, path)).json()
        assert len(after["tags"]) > len(before["tags"])
        assert before["edited_at"] is None
        assert after["edited_at"]


async def test_three_hundred_pages_in_a_quarter_of_an_hour_are_too_many() -> None:
    async with play(Plan(days=1, size=0.1)) as world:
        for _ in range(300):
            await world.tag("x", limit=1, min_id=1)
        answer = await world.get(SOUK, "/api/v1/timelines/tag/x", {"min_id": 1})
        assert answer.status_code == 429
        assert answer.headers["x-ratelimit-remaining"] == "0"
        assert "retry-after" not in answer.headers
        world.clock.move_to(datetime.fromisoformat(answer.headers["x-ratelimit-reset"]))
        assert (await world.get(SOUK, "/api/v1/timelines/tag/x", {"min_id": 1})).status_code == 200


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_server_says_who_it_is(version: str) -> None:
    async with play() as world:
        assert (await world.get(SOUK, f"/api/{version}/instance")).json()["title"] == SOUK
