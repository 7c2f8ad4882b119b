"""What a world holds, by construction."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from monitor.demo.plan import ZONE, Plan, Trouble
from monitor.demo.stage import make
from monitor.demo.stirs import BEYOND
from monitor.demo.truth import truth
from monitor.demo.world import World
from tests.demo.play import made, troubled

WORLD = made(Plan())
MONDAY = datetime(2016, 4, 18, tzinfo=ZoneInfo(ZONE)).date()


def per_day(world: World) -> list[int]:
    """Return the toots of each day, without those of the stirs."""
    usual = [toot for toot in world.toots if toot.number < BEYOND]
    days = Counter(datetime.fromtimestamp(toot.created, ZoneInfo(ZONE)).date() for toot in usual)
    return [days[MONDAY + timedelta(days=number)] for number in range(world.plan.days)]


def test_the_same_plan_makes_the_same_world() -> None:
    assert make(Plan()) == WORLD


def test_another_seed_makes_another_world() -> None:
    assert truth(make(Plan(seed=7))).totals != truth(WORLD).totals


def test_a_friday_before_the_surge_is_the_fullest_day_of_its_week() -> None:
    friday = per_day(WORLD)[4]
    assert all(friday > 1.5 * other for day, other in enumerate(per_day(WORLD)[:9]) if day != 4)


def test_the_surge_lifts_its_day_far_above_every_friday() -> None:
    days = per_day(WORLD)
    assert days.index(max(days)) == 10
    assert max(days) > 3 * days[4]


def test_nothing_is_said_after_the_end() -> None:
    end = WORLD.plan.end.timestamp()
    assert all(toot.created < end for toot in WORLD.toots)
    assert all(copy.since <= end for toot in WORLD.toots for copy in toot.copies.values())


def test_tags_come_with_edits_too() -> None:
    edited = [toot.tagged for toot in WORLD.toots if toot.tagged.edited]
    assert edited
    assert all(set(tags.at(tags.edited - 1)) < set(tags.at(tags.edited)) for tags in edited if tags.edited)


def test_some_posts_carry_two_spellings_of_one_family() -> None:
    pairs = [toot.tagged.typed for toot in WORLD.toots if len(toot.tagged.typed) == 2]
    assert any(one.family == other.family and one.spelling != other.spelling for one, other in pairs)


def test_a_post_of_a_spelling_nobody_asks_for_carries_one_that_is_asked() -> None:
    tags = [toot.tagged for toot in WORLD.toots]
    assert all(tag.names or any(typed.findable for typed in tag.typed) for tag in tags)


def test_servers_share_posts() -> None:
    shared = sum(len(toot.copies) == 2 for toot in WORLD.toots)
    assert 0.3 < shared / len(WORLD.toots) < 0.9


def test_what_federates_late_has_an_old_id_or_a_new_one() -> None:
    late = [
        (copy.id >> 16) / 1000 - toot.created
        for toot in made(troubled(Trouble.LATE)).toots
        for copy in toot.copies.values()
        if copy.since > toot.created + 600
    ]
    assert any(lag < 1 for lag in late)
    assert any(lag > 600 for lag in late)


def test_ids_of_a_channel_rise_with_holes() -> None:
    for messages in WORLD.channels.values():
        steps = [later.number - earlier.last for earlier, later in pairwise(messages)]
        assert min(steps) == 1
        assert max(steps) > 1


def test_messages_from_before_the_world_are_about_other_things() -> None:
    begin = WORLD.plan.start.timestamp()
    older = [message for messages in WORLD.channels.values() for message in messages if message.created < begin]
    assert len(older) == 90
    assert not any(message.tagged.typed for message in older)


def test_counters_fall_only_when_asked_to() -> None:
    assert not any(toot.curve.falls for toot in WORLD.toots)
    assert any(toot.curve.falls for toot in made(troubled(Trouble.FALLING)).toots)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_each_outlet_writes_about_the_campaign_and_about_other_things(language: str) -> None:
    about = [story.about for story in WORLD.stories[language]]
    assert 50 < sum(about) < len(about) - 50


def test_the_world_lives_in_the_past() -> None:
    assert WORLD.plan.healed < datetime(2016, 6, 1, tzinfo=UTC)
