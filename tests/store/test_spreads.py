"""How posts spread over authors and wordings: each post once, by local day, bounded, forgotten."""

import asyncio
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model.metric import WHOLE
from monitor.model.sighting import Sighting
from monitor.store import ingest, spreads
from tests.people import ADA, ALEPPO, BEA
from tests.store.batches import DAY, HOUR, NOW, TAG, batch, dump, sighting, window

SLUG = ALEPPO.slug
TODAY = window(NOW, NOW + HOUR)
PLEA, NEWS = "savethechildrenofaleppo", "hospitalhitbyairstrikes"


async def spread(store, span=TODAY):
    return await spreads.within(store, SLUG, span, ALEPPO.zone)


def posts(author: str | None, many: int, first: int = 0, wording: str | None = PLEA, **fields: Any) -> list[Sighting]:
    return [sighting(n, author=author, wording=wording, **fields) for n in range(first, first + many)]


async def test_posts_are_counted_by_author_and_by_wording(store):
    await ingest.write(store, batch(*posts(ADA, 5), *posts(BEA, 3, 10, NEWS), *posts(BEA, 2, 20, "once")))
    (day,) = await spread(store)
    assert (day.posts, day.authors, day.loudest) == (10, 2, (5, 5))
    assert (day.texts, day.alike) == (10, (5, 3))


async def test_a_retry_a_second_look_and_a_post_twice_in_a_batch_count_nothing_twice(store):
    for observed in (NOW + 60, NOW + 60, NOW + HOUR):
        await ingest.write(store, batch(*posts(ADA, 4), *posts(ADA, 4, likes=7), observed=observed))
    (day,) = await spread(store)
    assert (day.posts, day.loudest, day.texts, day.alike) == (4, (4,), 4, (4,))


async def test_two_writers_at_once_count_every_post_once(store):
    same = [batch(*posts(ADA, 40, first), *posts(BEA, 10, first + 500)) for first in (0, 20, 40)]
    await asyncio.gather(*(ingest.write(store, one) for one in same * 2))
    (day,) = await spread(store)
    assert (day.posts, day.loudest, day.alike) == (110, (80, 30), (110,))


async def test_what_the_source_did_not_tell_is_not_counted(store):
    await ingest.write(store, batch(*posts(None, 3), *posts(ADA, 4, 10, None)))
    (day,) = await spread(store)
    assert (day.posts, day.authors, day.texts, day.alike) == (4, 1, 3, (3,))


async def test_a_post_that_is_only_compared_counts_once_it_counts_for_the_whole(store):
    await ingest.write(store, batch(*posts(ADA, 3, subjects=(TAG,))))
    assert await spread(store) == ()
    await ingest.write(store, batch(*posts(ADA, 3, subjects=(WHOLE, TAG))))
    (day,) = await spread(store)
    assert (day.posts, day.alike) == (3, (3,))


async def test_days_are_those_of_the_campaign_and_nothing_links_them(store):
    await ingest.write(store, batch(*posts(ADA, 3), *posts(ADA, 4, 10, created=NOW - DAY)))
    found = await spread(store, window(NOW - 3 * DAY, NOW))
    assert [day.posts for day in found] == [4, 3]
    names = await store.redis.keys(f"{store.keys.of(SLUG)}loud:*") + await store.redis.keys(
        f"{store.keys.of(SLUG)}alike:*"
    )
    members = [member for name in names for member in await store.redis.zrange(name, 0, -1) if member]
    assert len(members) == len(set(members)) == 4


async def test_the_same_words_on_two_platforms_are_alike_and_their_authors_are_two(store):
    await ingest.write(store, batch(*posts(ADA, 2)))
    await ingest.write(store, batch(*posts(ADA, 2), platform="bluesky", source="bluesky"))
    (day,) = await spread(store)
    assert (day.authors, day.alike) == (2, (4,))


async def test_beyond_its_most_the_smallest_go_and_all_posts_are_still_counted(store):
    key = store.keys.loud(SLUG, "2016-04-29")
    await store.redis.zadd(key, {"": 60_000, **{f"{n:08}": 2 for n in range(25_000)}})
    await ingest.write(store, batch(*posts(ADA, 9)))
    (day,) = await spread(store)
    assert (day.posts, day.authors) == (60_009, 19_999)
    assert day.loudest[:2] == (9, 2)


async def test_it_is_forgotten_a_while_after_the_last_write(store):
    await ingest.write(store, batch(*posts(ADA, 3)))
    for key in (store.keys.loud(SLUG, "2016-04-29"), store.keys.alike(SLUG, "2016-04-29")):
        assert 0 < await store.redis.ttl(key) <= spreads.KEPT.total_seconds()


async def test_a_key_that_is_something_else_is_an_error_and_nothing_is_stored(store):
    await store.redis.set(store.keys.alike(SLUG, "2016-04-29"), "what")
    before = await dump(store)
    with pytest.raises(StoreError, match="something else"):
        await ingest.write(store, batch(*posts(ADA, 3)))
    assert await dump(store) == before


async def test_no_text_reaches_the_store(store):
    await ingest.write(store, batch(*posts(ADA, 3)))
    assert all(PLEA.encode() not in (value or b"") for value in (await dump(store)).values())
