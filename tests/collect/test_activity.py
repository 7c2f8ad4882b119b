from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from monitor.collect.activity import activity
from monitor.collect.names import Voted, watched
from monitor.collect.observe import observe
from monitor.collect.page import AT_ONCE
from monitor.model.option import option_key
from monitor.model.sighting import Batch
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.store import ingest, runs
from tests.collect.test_names import BREAD, OPENED, POLL, SIEGE, week
from tests.people import ALEPPO, post

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CYCLE = week(SIEGE, BREAD)
DURING = watched(ALEPPO, [Voted(POLL, CYCLE)], OPENED)
TAG = "جمعة_كسر_الحصار"


async def posted(store, *minutes: float, until: float = 120, tag: str = TAG) -> None:
    """Store posts so many minutes after the opening, on a platform that was watched until then."""
    now = OPENED + until * MINUTE
    posts = [replace(post(n, tags=(tag,)), created_at=OPENED + minute * MINUTE) for n, minute in enumerate(minutes)]
    epoch, seen = int(now.timestamp()), observe(DURING, posts, now=now)
    standing = Standing(covered=(Window(OPENED - HOUR, now),))
    batch = Batch("aleppo", "UTC", "mastodon", "social", "posts", epoch, epoch, seen.posts, (), "savealeppo", standing)
    await runs.declare(store, "aleppo", {"social": "mastodon"}, now)
    assert len(seen.posts) < AT_ONCE
    await ingest.write(store, batch)


async def seen(store, minutes: float = 120):
    found = await activity(store, DURING, Voted(POLL, CYCLE), OPENED + minutes * MINUTE)
    assert found is not None
    return found


async def test_posts_are_told_by_the_quarter_of_an_hour_for_each_option(store):
    await posted(store, 1, 2, 16, 61)
    found = await seen(store)
    column = found.posts[:, found.keys.index(option_key(SIEGE))]
    assert list(column[:5]) == [2, 1, 0, 0, 1]
    assert found.ends[0] == (OPENED + 15 * MINUTE).timestamp()
    assert not found.posts[:, found.keys.index(option_key(BREAD))].any()


async def test_the_posts_an_hour_of_a_stretch_can_be_asked_for(store):
    await posted(store, 1, 2, 16, 61)
    found, start = await seen(store), OPENED.timestamp()
    assert found.within(option_key(SIEGE), start, start + 3600) == pytest.approx(3.0)


async def test_where_the_platform_was_not_watched_nothing_is_known(store):
    await posted(store, 1, until=30)
    found = await seen(store, 180)
    assert np.isnan(found.posts[-1]).all()
    assert found.within(option_key(SIEGE), OPENED.timestamp() + 3600, OPENED.timestamp() + 7200) is None


async def test_what_no_run_can_have_brought_yet_is_left_out(store):
    await posted(store, 1, until=52)
    found = await seen(store, 60)
    assert found.ends[-1] == (OPENED + 45 * MINUTE).timestamp()
    assert not np.isnan(found.posts).any()


async def test_without_a_platform_that_is_asked_nothing_is_told(store):
    assert await activity(store, DURING, Voted(POLL, CYCLE), OPENED + HOUR) is None


async def test_a_campaign_that_does_not_look_for_the_names_has_no_activity(store):
    await posted(store, 1)
    assert await activity(store, ALEPPO, Voted(POLL, CYCLE), OPENED + HOUR) is None
