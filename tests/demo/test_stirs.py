"""Surges of the world whose cause is known, and how the monitor's words are held against them."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from monitor.demo.causes import causes
from monitor.demo.plan import Plan
from monitor.demo.stage import make
from monitor.demo.stirs import SEEN, Stir, stirs
from monitor.demo.world import World
from monitor.model.brief import Spike, Stretch
from monitor.model.finding import Cause, Driver
from tests.demo.play import made
from tests.digest.briefs import SURGE

PLAN = Plan()
WORLD = made(PLAN)
STIRS = {stir.cause: stir for stir in stirs(PLAN)}


def posted(world: World, stir: Stir) -> list[Any]:
    """Return the posts of the campaign in the hours of a stir."""
    first, last = stir.start.timestamp(), stir.end.timestamp()
    return [
        post
        for post in (*world.toots, *world.skeets, *world.tweets)
        if first <= post.created < last and post.tagged.counts
    ]


def test_a_short_world_has_no_stirs() -> None:
    assert stirs(Plan(days=13)) == ()


def test_every_kind_of_cause_is_planted_once_and_one_surge_has_none() -> None:
    planted = {Cause.PLATFORM, Cause.SPELLING, Cause.POST, Cause.TAG, Cause.LANGUAGE, Cause.HEADLINE, None}
    assert Counter(stir.cause for stir in stirs(PLAN)) == dict.fromkeys(planted, 1)


def test_stirs_lie_apart_and_inside_the_last_week() -> None:
    starts = [stir.start for stir in stirs(PLAN)]
    assert starts == sorted(starts)
    assert min(starts) >= PLAN.end - timedelta(days=7)
    assert all(later - earlier >= timedelta(hours=6) for earlier, later in pairwise(starts))


def test_each_stir_of_posts_is_larger_than_those_before_it() -> None:
    posts = [stir.posts for stir in stirs(PLAN) if stir.posts]
    assert posts == sorted(set(posts))
    assert len(posts) == len(STIRS) - 2  # the one message and the big surge bring theirs otherwise


def test_a_platform_stirs_alone() -> None:
    kinds = Counter(type(post).__name__ for post in posted(WORLD, STIRS[Cause.PLATFORM]))
    assert kinds["Skeet"] >= STIRS[Cause.PLATFORM].posts
    assert kinds["Toot"] + kinds["Tweet"] < 15


def test_most_posts_of_a_spelling_carry_it() -> None:
    posts = posted(WORLD, STIRS[Cause.SPELLING])
    carrying = [post for post in posts if "انقذوا_حلب" in [typed.text for typed in post.tagged.typed]]
    assert len(carrying) > 0.8 * len(posts)


def test_most_posts_of_a_tag_carry_it_beside_their_own() -> None:
    posts = posted(WORLD, STIRS[Cause.TAG])
    assert sum("Madaya" in post.tagged.first for post in posts) > 0.8 * len(posts)
    assert not any("Madaya" in post.tagged.first for post in posted(WORLD, STIRS[Cause.SPELLING]))


def test_most_posts_of_a_language_are_written_in_it() -> None:
    posts = posted(WORLD, STIRS[Cause.LANGUAGE])
    assert sum(post.text[0] == "en" for post in posts) > 0.8 * len(posts)


def test_one_message_is_seen_by_everybody() -> None:
    views = [message.views for messages in WORLD.channels.values() for message in messages]
    assert views.count(SEEN) == 1


def test_an_article_stands_at_the_beginning_of_its_stir() -> None:
    stir = STIRS[Cause.HEADLINE]
    (story,) = [story for story in WORLD.stories["en"] if story.title == stir.name]
    assert story.published == stir.start.timestamp()
    assert story.about


def test_an_outlet_with_a_stir_still_prints_in_the_order_of_its_feed() -> None:
    printed = [story.since for story in WORLD.stories["en"]]
    assert printed == sorted(printed)


def spike(stir: Stir, *drivers: Driver) -> Spike:
    return SURGE.spikes[0].model_copy(
        update={"name": "posts", "start": stir.start, "end": stir.end, "drivers": drivers, "sole": bool(drivers)}
    )


def found(*spikes: Spike) -> dict[str, int | None]:
    """Return what the table says of the surges, by the end of its lines."""
    week = Stretch(start=PLAN.end - timedelta(days=7), end=PLAN.end)
    rows = causes(WORLD, SURGE.model_copy(update={"window": week, "spikes": spikes}))
    return {row.metric.partition(": ")[2] or row.metric: row.stored[0] for row in rows}


def test_the_first_driver_is_held_against_the_cause() -> None:
    tag, spelling = STIRS[Cause.TAG], STIRS[Cause.SPELLING]
    right, wrong = Driver(cause=Cause.TAG, name="#Madaya"), Driver(cause=Cause.PLATFORM, name="x")
    told = found(spike(tag, right, wrong), spike(spelling, wrong))
    assert (told["tag #Madaya"], told["spelling #انقذوا_حلب"]) == (1, 0)
    assert told["surges of which the cause was told first"] == 1


def test_a_surge_without_a_cause_must_be_told_without_one() -> None:
    surge = STIRS[None]
    assert found(spike(surge))["no single driver"] == 1
    assert found(spike(surge, Driver(cause=Cause.PLATFORM, name="x")))["no single driver"] == 0


def test_a_headline_counts_when_it_is_told_and_no_part_is() -> None:
    stir = STIRS[Cause.HEADLINE]
    headline = Driver(cause=Cause.HEADLINE, name=stir.name, at=stir.start)
    assert found(spike(stir, headline))[f"headline {stir.name}"] == 1
    assert found(spike(stir))[f"headline {stir.name}"] == 0


def test_what_was_not_found_was_not_told() -> None:
    assert set(found().values()) == {0}


def test_a_cause_that_was_not_told_first_stands_in_the_table_as_wrong() -> None:
    rows = list(causes(WORLD, SURGE.model_copy(update={"window": Stretch(start=PLAN.start, end=PLAN.end)})))
    assert not any(row.equal for row in rows)
    assert len(rows) == len(STIRS) + 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_world_has_its_stirs_too(seed: int) -> None:
    world = make(Plan(seed=seed))
    assert all(len(posted(world, stir)) >= 30 for stir in stirs(world.plan) if stir.cause is not Cause.POST)
