"""YouTube's API in the world: a bucket of its own for searches, counters as strings, and what it leaves out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from monitor.demo.life import shown
from monitor.demo.manners import YOUTUBE
from monitor.demo.world import Video
from monitor.demo.youtube import BUCKETS, KEY, SEARCHES
from monitor.sources._youtube_tags import tags
from tests.demo.play import TINY, Play, play

TAG = "savealeppo"


async def asked(world: Play, path: str, **params: Any) -> httpx.Response:
    return await world.get(YOUTUBE, f"/youtube/v3/{path}", params, x_goog_api_key=KEY)


async def found(world: Play, q: str = f"#{TAG}", **params: Any) -> set[str]:
    """Return what five searches find together: each is a sample."""
    ids = set[str]()
    for _ in range(5):
        told = (await asked(world, SEARCHES, q=q, part="snippet", maxResults=50, **params)).json()
        ids |= {item["id"]["videoId"] for item in told["items"]}
    return ids


def tagged(world: Play) -> list[Video]:
    return [video for video in world.world.videos if TAG in map(str.lower, video.tagged.at(0))]


async def listed(world: Play, *ids: str, path: str = "videos") -> list[dict[str, Any]]:
    told = (await asked(world, path, part="snippet,statistics", id=",".join(ids))).json()
    return list(told.get("items", []))


async def test_search_finds_every_video_with_the_tag_and_others_too() -> None:
    async with play() as world:
        ids = await found(world)
        assert ids > {video.id for video in tagged(world)}


async def test_search_finds_a_video_later_than_it_was_published() -> None:
    async with play(hours=0) as world:
        late = max(world.world.videos, key=lambda video: video.since - video.created)
        world.clock.move_to(datetime.fromtimestamp(late.since - 1, UTC))
        assert late.id not in await found(world)
        assert await listed(world, late.id) == []


async def test_a_window_of_publication_holds() -> None:
    async with play() as world:
        start = TINY.start + timedelta(hours=20)
        ids = await found(world, publishedAfter=f"{start:%Y-%m-%dT%H:%M:%SZ}")
        assert {v.id for v in tagged(world) if v.created >= start.timestamp()} <= ids
        assert not ids & {v.id for v in world.world.videos if v.created < start.timestamp()}


async def test_pages_lead_on_by_a_token() -> None:
    async with play() as world:
        first = (await asked(world, SEARCHES, q=TAG, maxResults=3)).json()
        second = (await asked(world, SEARCHES, q=TAG, maxResults=3, pageToken=first["nextPageToken"])).json()
        ids = [item["id"]["videoId"] for told in (first, second) for item in told["items"]]
        assert len(ids) == 6
        assert (await asked(world, SEARCHES, q=TAG, pageToken="x")).json()["error"]["code"] == 400


async def test_search_escapes_titles_cuts_descriptions_and_tells_no_counters() -> None:
    async with play() as world:
        item = (await asked(world, SEARCHES, q=TAG)).json()["items"][0]
        whole = (await listed(world, item["id"]["videoId"]))[0]["snippet"]
        assert "&#x27;" in item["snippet"]["title"]
        assert "'" in whole["title"]
        assert len(item["snippet"]["description"]) < len(whole["description"])
        assert "statistics" not in item


async def test_the_hashtags_stand_in_title_and_description() -> None:
    async with play() as world:
        for video in tagged(world):
            snippet = (await listed(world, video.id))[0]["snippet"]
            assert set(tags(f"{snippet['title']}\n{snippet['description']}")) == set(video.tagged.at(0))


async def test_counters_are_strings_and_hidden_ones_are_not_there() -> None:
    async with play() as world:
        hidden = next(video for video in world.world.videos if video.totals.likes is None)
        (item,) = await listed(world, hidden.id)
        share = hidden.curve.share(world.clock.now().timestamp())
        assert item["statistics"]["viewCount"] == str(shown(hidden.totals.impressions, share))
        assert "likeCount" not in item["statistics"]


async def test_statistics_in_bulk_tell_the_same() -> None:
    async with play() as world:
        ids = [video.id for video in world.world.videos[:50]]
        one, other = await listed(world, *ids), await listed(world, *ids, path="videos:batchGetStats")
        assert [item["statistics"] for item in one] == [item["statistics"] for item in other]


async def test_what_is_not_there_is_left_out_and_more_than_fifty_are_refused() -> None:
    async with play() as world:
        assert await listed(world, "nobody") == []
        assert (await asked(world, "videos", id=",".join(["a"] * 51))).status_code == 400


async def test_subscribers_are_rounded() -> None:
    async with play() as world:
        (item,) = await listed(world, world.world.videos[0].id)
        (channel,) = await listed(world, item["snippet"]["channelId"], path="channels")
        exact = world.world.videos[0].author.followers
        assert 0 <= exact - int(channel["statistics"]["subscriberCount"]) < exact / 100


async def test_the_days_searches_run_out_until_midnight_in_california_and_nothing_else_does() -> None:
    async with play() as world:
        answers = [await asked(world, SEARCHES, q=TAG) for _ in range(BUCKETS[SEARCHES] + 1)]
        assert [answer.status_code for answer in answers[-2:]] == [200, 403]
        assert answers[-1].json()["error"]["errors"][0]["reason"] == "quotaExceeded"
        assert (await asked(world, "videos", chart="mostPopular")).status_code == 200
        world.clock.move_to(datetime(2016, 4, 20, 7, tzinfo=UTC))  # summer time
        assert (await asked(world, SEARCHES, q=TAG)).status_code == 200


@pytest.mark.parametrize(("key", "status"), [(KEY, 200), ("wrong", 400)])
async def test_the_key_may_stand_in_the_address(key: str, status: int) -> None:
    async with play() as world:
        answer = await world.get(YOUTUBE, "/youtube/v3/videos", {"chart": "mostPopular", "key": key})
        assert answer.status_code == status
