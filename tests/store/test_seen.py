"""Spellings that nobody lists: noted with their posts, each post once, and no more than a bounded number."""

import random
from dataclasses import replace

import pytest

from monitor.errors import StoreError
from monitor.store import ingest, seen
from tests.people import ALEPPO
from tests.store.batches import DAY, HOUR, NOW, batch, dump, sighting, window

SLUG, ZONE = ALEPPO.slug, ALEPPO.zone
APRIL = window(NOW - DAY, NOW)


async def found(store, span=APRIL, campaign=SLUG):
    return await seen.within(store, campaign, span, ZONE)


async def test_a_spelling_counts_the_posts_it_was_seen_in(store):
    await ingest.write(store, batch(*(sighting(n, seen=("save_alepo",)) for n in range(12)), sighting(99)))
    assert await found(store) == {"save_alepo": 12}


async def test_a_retry_and_a_second_look_count_nothing_twice(store):
    for observed in (NOW + 60, NOW + 60, NOW + HOUR):
        await ingest.write(store, batch(sighting(1, seen=("a", "b")), sighting(2, seen=("a",)), observed=observed))
    assert await found(store) == {"a": 2, "b": 1}


async def test_a_known_post_that_gets_a_spelling_by_an_edit_is_counted(store):
    await ingest.write(store, batch(sighting(1)))
    await ingest.write(store, batch(sighting(1, seen=("a",))))
    assert await found(store) == {"a": 1}


async def test_the_same_number_on_two_platforms_is_two_posts(store):
    for platform in ("mastodon", "telegram"):
        await ingest.write(store, batch(sighting(1, seen=("a",)), platform=platform))
    assert await found(store) == {"a": 2}


async def test_months_are_those_of_the_campaign(store):
    may = NOW + 2 * DAY  # the first of May in Damascus begins at 21:00 UTC
    midnight = NOW + DAY + 9 * HOUR
    await ingest.write(store, batch(sighting(1, seen=("a",), created=midnight - 60), observed=may))
    await ingest.write(store, batch(sighting(2, seen=("a", "b"), created=midnight), observed=may))
    assert await found(store) == {"a": 1}
    assert await found(store, window(midnight, may)) == {"a": 1, "b": 1}
    assert await found(store, window(NOW, may)) == {"a": 2, "b": 1}


async def test_campaigns_keep_apart(store):
    await ingest.write(store, batch(sighting(1, seen=("a",))))
    assert await found(store, campaign="homs") == {}


async def test_no_more_than_two_hundred_are_kept_and_those_go_on(store):
    await ingest.write(store, batch(*(sighting(n, seen=(f"s{n}",)) for n in range(150))))
    await ingest.write(store, batch(*(sighting(n, seen=(f"s{n}",)) for n in range(100, 400))))
    kept = await found(store)
    assert len(kept) == 200
    assert {f"s{n}" for n in range(150)} <= kept.keys()
    await ingest.write(store, batch(sighting(9000, seen=("s0", "too-many"))))
    assert (await found(store)).keys() == kept.keys()
    assert (await found(store))["s0"] == 2


async def test_nothing_but_names_and_counts_is_kept_and_not_for_ever(store):
    await ingest.write(store, batch(sighting(1, seen=("a",), author=None)))
    keys = [key async for key in store.redis.scan_iter(f"{store.keys.of(SLUG)}seen:*")]
    assert sorted(key.decode().partition("seen:")[2] for key in keys) == ["2016-04", "2016-04:a"]
    assert all([0 < await store.redis.ttl(key) <= 400 * DAY for key in keys])
    assert not any([b"social.example" in await store.redis.dump(key) for key in keys])


@pytest.mark.parametrize("spelling", ["", "a\nb", "a" * 2000])
async def test_what_is_no_spelling_is_refused_and_nothing_is_stored(store, spelling):
    with pytest.raises(StoreError, match="a spelling is no text"):
        await ingest.write(store, batch(sighting(1, seen=(spelling,))))
    assert await dump(store) == {}


async def test_a_key_that_is_something_else_is_never_written_over(store):
    await store.redis.set(store.keys.seen_in(SLUG, "2016-04", "a"), "mine")
    with pytest.raises(StoreError, match="a count of posts is something else"):
        await ingest.write(store, batch(sighting(1, seen=("a",))))


async def test_any_order_of_writes_ends_with_the_same_counts(store):
    posts = [sighting(n, seen=tuple(f"s{m}" for m in range(n % 4))) for n in range(60)]
    dice = random.Random(7)
    for _ in range(4):
        dice.shuffle(posts)
        for first in range(0, 60, 20):
            await ingest.write(store, batch(*(replace(post) for post in posts[first : first + 20])))
    assert await found(store) == {"s0": 45, "s1": 30, "s2": 15}
