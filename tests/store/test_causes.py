"""What explains a spike: other tags, the largest posts and people by the hour, each post once, bounded, forgotten."""

import math
import random
from collections import Counter
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model.metric import WHOLE
from monitor.model.rise import ENGAGEMENT, GAINS, IMPRESSIONS, largest
from monitor.model.sighting import Sighting
from monitor.store import causes, ingest
from tests.people import ALEPPO, BEA, NOON
from tests.store.batches import DAY, HOUR, NOW, TAG, batch, dump, sighting, window

SLUG = ALEPPO.slug
AN_HOUR, A_DAY = window(NOW, NOW + HOUR), window(NOW - DAY, NOW + HOUR)
KEPT = causes.KEPT.total_seconds()


async def tags(store, span=AN_HOUR, campaign=SLUG):
    """Return the posts of each tag in a window."""
    return (await causes.tags(store, campaign, span)).sum().to_dict()


async def gains(store, metric, span=A_DAY):
    return [post.gained for post in largest(await causes.largest(store, SLUG, span), metric, span)]


def carrying(*names: str, first: int = 0, posts: int = 3, **fields: Any) -> list[Sighting]:
    return [sighting(n, tags=names, **fields) for n in range(first, first + posts)]


async def test_a_tag_counts_the_posts_that_carry_it_by_the_hour(store):
    await ingest.write(store, batch(*carrying("Syria", posts=4), *carrying("Syria", first=9, created=NOW - HOUR)))
    found = await causes.tags(store, SLUG, window(NOW - HOUR, NOW + HOUR))
    assert found["#Syria"].to_list() == [3, 4]
    assert found.index[-1] == NOON


async def test_a_tag_is_shown_as_most_write_it(store):
    for first, name in enumerate(["syria", "Syria", "Syria", "SYRIA", "سورية", "سوريه", "سوريه"]):
        await ingest.write(store, batch(sighting(first, tags=(name,))))
    assert await tags(store) == {"#Syria": 4, "#سوريه": 3}


async def test_what_only_one_or_two_posts_carry_is_not_told(store):
    await ingest.write(store, batch(*carrying("Rare", posts=causes.FEWEST - 1), *carrying("Syria", first=9)))
    assert await tags(store) == {"#Syria": 3}


async def test_a_retry_and_a_second_look_count_nothing_twice(store):
    for observed in (NOW + 60, NOW + 60, NOW + HOUR):
        await ingest.write(store, batch(*carrying("Syria", likes=3, impressions=9), observed=observed))
    assert await tags(store, A_DAY) == {"#Syria": 3}
    assert await gains(store, IMPRESSIONS) == [9, 9, 9]
    assert await gains(store, ENGAGEMENT) == [3, 3, 3]


async def test_a_post_twice_in_one_batch_counts_once(store):
    await ingest.write(store, batch(*carrying("Syria"), *carrying("Syria")))
    assert await tags(store) == {"#Syria": 3}


async def test_a_post_that_is_only_compared_explains_nothing_until_it_counts_for_the_whole(store):
    await ingest.write(store, batch(*carrying("Syria", subjects=(TAG,), likes=2)))
    assert (await tags(store), await gains(store, ENGAGEMENT)) == ({}, [])
    await ingest.write(store, batch(*carrying("Syria", subjects=(WHOLE, TAG), likes=5)))
    assert (await tags(store), await gains(store, ENGAGEMENT)) == ({"#Syria": 3}, [5, 5, 5])


async def test_before_the_first_hour_that_is_kept_nothing_is_known_and_after_it_nothing_is_zero(store):
    await ingest.write(store, batch(*carrying("Syria", created=NOW - 2 * HOUR)))
    span = window(NOW - 3 * HOUR, NOW)
    found = await causes.tags(store, SLUG, span)
    people = await causes.people_by_hour(store, SLUG, span)
    assert math.isnan(found["#Syria"].iloc[0])
    assert found["#Syria"].to_list()[1:] == [3, 0]
    assert math.isnan(people.iloc[0])
    assert people.to_list()[1:] == [1, 0]


async def test_posts_without_other_tags_make_an_hour_known(store):
    await ingest.write(store, batch(sighting(1, created=NOW - HOUR), *carrying("Syria", first=2)))
    assert (await causes.tags(store, SLUG, window(NOW - HOUR, NOW + HOUR)))["#Syria"].to_list() == [0, 3]


async def test_of_an_hour_the_commonest_tags_are_kept_never_too_high_and_hardly_too_low(store):
    dice, told = random.Random(4), Counter[str]()
    for first in range(0, 6000, 500):
        some = [f"t{int(dice.paretovariate(0.7))}" for _ in range(500)]
        told.update(some)
        await ingest.write(store, batch(*(sighting(first + n, tags=(name,)) for n, name in enumerate(some))))
    kept = {name.removeprefix("#"): posts for name, posts in (await tags(store)).items()}
    assert await store.redis.hlen(store.keys.tags(SLUG, NOW)) <= 201
    lost = (told.total() - sum(kept.values())) / 201
    assert all(told[name] - lost <= posts <= told[name] for name, posts in kept.items())
    assert {name for name, _ in told.most_common(20)} <= set(kept)


async def test_a_tag_that_comes_late_in_a_full_hour_is_found(store):
    await ingest.write(store, batch(*(sighting(n, tags=(f"t{n % 250}",)) for n in range(1000))))
    for first in range(2000, 2100, 5):
        await ingest.write(store, batch(*carrying("Late", first=first, posts=5)))
    assert (await tags(store))["#Late"] == 100


async def test_a_post_is_large_in_the_hour_in_which_it_gained(store):
    await ingest.write(store, batch(sighting(1, impressions=100, likes=1, reposts=0)))
    later = NOW + 5 * HOUR
    await ingest.write(store, batch(sighting(1, impressions=700, likes=1, reposts=4), observed=later))
    rises = await causes.largest(store, SLUG, window(NOW, later + HOUR))
    first, second = (rises[rises["metric"] == metric].set_index("at")["gained"] for metric in GAINS)
    assert [(at.timestamp(), gained) for at, gained in first.items()] == [(NOW, 100), (later, 600)]
    assert [(at.timestamp(), gained) for at, gained in second.items()] == [(NOW, 1), (later, 4)]
    (post,) = largest(rises, IMPRESSIONS, window(NOW, later + HOUR))
    assert (post.platform, post.gained, post.at.timestamp(), post.link) == ("mastodon", 700, later, None)


async def test_several_looks_in_an_hour_add_up(store):
    for likes in (3, 5, 4, 9):
        await ingest.write(store, batch(sighting(1, likes=likes)))
    assert await gains(store, ENGAGEMENT) == [9]


async def test_of_an_hour_the_twenty_largest_posts_are_kept_with_their_links_only(store):
    order = random.Random(1).sample(range(1, 501), 500)
    for first in range(0, 500, 90):
        some = order[first : first + 90]
        posts = (sighting(n, impressions=n * 10, link=f"https://news.example/{n}") for n in some)
        await ingest.write(store, batch(*posts))
    assert await gains(store, IMPRESSIONS) == [n * 10 for n in range(500, 480, -1)]
    key = store.keys.largest(SLUG, IMPRESSIONS, NOW)
    links = {link.decode() for link in (await store.redis.hgetall(f"{key}:links")).values()}
    assert links == {f"https://news.example/{n}" for n in range(481, 501)}


async def test_the_same_id_on_two_platforms_is_two_large_posts(store):
    for platform in ("mastodon", "telegram"):
        await ingest.write(store, batch(sighting(1, impressions=5), platform=platform))
    assert await gains(store, IMPRESSIONS) == [5, 5]


async def test_people_are_counted_once_in_an_hour_and_once_in_a_window(store):
    posts = [
        sighting(1),
        sighting(2),
        sighting(3, author=BEA),
        sighting(4, created=NOW - HOUR),
        sighting(5, author=None),
    ]
    await ingest.write(store, batch(*posts))
    span = window(NOW - HOUR, NOW + HOUR)
    assert (await causes.people_by_hour(store, SLUG, span)).to_list() == [1, 2]
    assert await causes.people(store, SLUG, span) == 2


async def test_how_many_people_is_unknown_where_nothing_is_kept(store):
    assert await causes.people(store, SLUG, AN_HOUR) is None
    assert (await causes.people_by_hour(store, SLUG, AN_HOUR)).isna().all()
    assert (await causes.tags(store, SLUG, AN_HOUR)).empty
    assert (await causes.largest(store, SLUG, AN_HOUR)).empty


async def test_all_of_it_is_forgotten_weeks_after_the_last_write_even_of_an_import(store):
    await ingest.write(store, batch(*carrying("Syria", likes=1, impressions=2, link="https://a.example"), keep=None))
    names = await store.redis.keys(f"{store.keys.of(SLUG)}*:{NOW}*")
    assert len(names) == 6
    assert all([KEPT - 60 < await store.redis.ttl(name) <= KEPT for name in names])


async def test_articles_leave_no_causes(store):
    articles = [sighting(n, tags=("Syria",), author=None) for n in range(3)]
    await ingest.write(store, batch(*articles, kind="articles", platform="feeds"))
    assert await tags(store) == {}


async def test_campaigns_keep_apart(store):
    await ingest.write(store, batch(*carrying("Syria")))
    assert await tags(store, campaign="homs") == {}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("tags", "a key is something else"),
        ("people", "a count of authors is something else"),
        ("largest:impressions", "a key is something else"),
        ("largest:engagement", "a key is something else"),
    ],
)
async def test_a_key_that_is_something_else_is_never_written_over(store, key, words):
    await store.redis.set(f"{store.keys.of(SLUG)}{key}:{NOW}", "mine")
    before = await dump(store)
    with pytest.raises(StoreError, match=words):
        await ingest.write(store, batch(sighting(1, tags=("a",), likes=1, impressions=1)))
    assert await dump(store) == before


@pytest.mark.parametrize("wrong", [{"tags": ("a\nb",)}, {"tags": ("",)}, {"link": "a\r\nb", "likes": 1}])
async def test_what_is_no_text_stores_nothing(store, wrong):
    with pytest.raises(StoreError, match="is no text"):
        await ingest.write(store, batch(sighting(1, **wrong)))
    assert await dump(store) == {}


async def test_a_post_keeps_the_language_it_was_first_seen_in(store):
    spoken = [(WHOLE, "language/ar", TAG), (WHOLE, "language/en", TAG), (WHOLE, TAG)]
    for subjects in spoken:
        await ingest.write(store, batch(sighting(1, subjects=subjects)))
    named = {name.decode() for name in await store.redis.keys(f"{store.keys.of(SLUG)}ts:language/*:posts:1d")}
    assert [name.partition("ts:")[2] for name in named] == ["language/ar:mastodon:posts:1d"]


async def test_a_post_that_tells_its_language_late_counts_for_it_whole(store):
    await ingest.write(store, batch(sighting(1, likes=3)))
    await ingest.write(store, batch(sighting(1, likes=4, subjects=(WHOLE, "language/ar", TAG))))
    key = f"{store.keys.of(SLUG)}ts:language/ar:mastodon:likes:1d"
    assert [value for _, value in await store.redis.execute_command("TS.RANGE", key, "-", "+")] == [4]
