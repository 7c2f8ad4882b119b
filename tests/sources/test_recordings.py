"""Real answers of a real Mastodon server, through the same source, over a real connection."""

from datetime import timedelta

import pytest

from monitor.errors import UnexpectedPayload
from monitor.model.campaign import Campaign, Family
from monitor.model.mention import Post
from tests.sources import ask, recordings

pytestmark = recordings.needed
HOOT = Campaign("hoot", "Hoot", "UTC", (Family("hoot", ("hoot",)),))
SINCE = recordings.NOW - timedelta(days=3)


async def test_a_recorded_tag_timeline_is_read_whole() -> None:
    async with recordings.recorded() as (source, _):
        reading = await ask.run(source, HOOT, since=SINCE, now=recordings.NOW)
    (post,) = reading.mentions
    assert isinstance(post, Post)
    assert post.tags == ("hoot",)
    assert post.again == "117020593741189701"
    assert reading.pages[-1].covered is not None


async def test_a_second_run_over_the_recording_finds_nothing_new() -> None:
    async with recordings.recorded() as (source, _):
        first = await ask.run(source, HOOT, since=SINCE, now=recordings.NOW)
        later = recordings.NOW + timedelta(minutes=5)
        assert (await ask.run(source, HOOT, first.cursors, since=SINCE, now=later)).ids == set()


async def test_the_recorded_quota_is_told() -> None:
    async with recordings.recorded() as (source, client):
        await ask.run(source, HOOT, since=SINCE, now=recordings.NOW)
        assert client.quota_left == 299


async def test_every_recorded_public_status_is_read_with_its_counters() -> None:
    told = recordings.statuses()
    async with recordings.recorded() as (source, _):
        posts = [post for mark in told for post in await source.again([mark])]
    assert len(posts) == len(told) > 30
    for post in posts:
        status = told[post.again or ""]
        assert post.id == status["uri"]
        assert (post.counts.likes, post.counts.quotes) == (status["favourites_count"], status.get("quotes_count"))
        assert (post.counts.reposts, post.counts.replies) == (status["reblogs_count"], status["replies_count"])
        assert (post.author, post.followers) == (status["account"]["uri"], status["account"]["followers_count"])
        assert post.created_at.isoformat(timespec="milliseconds") == status["created_at"].replace("Z", "+00:00")


async def test_a_recorded_error_is_told_in_words() -> None:
    nothing = Campaign("x", "X", "UTC", (Family("nobody", ("nobody",)),))
    async with recordings.recorded() as (source, _):
        with pytest.raises(UnexpectedPayload, match="Record not found"):
            await ask.run(source, nothing, since=SINCE, now=recordings.NOW)


async def test_the_recorded_server_says_what_it_is() -> None:
    async with recordings.recorded() as (source, _):
        told = await source.probe()
    assert "4.6" in told
    assert "public" in told
