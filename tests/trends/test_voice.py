"""By how much shares moved."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from monitor.model.brief import Brief, Level, Share, Total
from monitor.model.finding import Direction, Heading
from monitor.model.metric import Metric
from monitor.model.window import Window
from monitor.trends import shares
from monitor.trends.voice import across, move
from tests.digest.briefs import QUIET
from tests.people import ALEPPO
from tests.trends.world import FRIDAY, day, facts, hourly

HOURS = len(hourly(0))
NOW = hourly(0).index >= FRIDAY
POSTS = Metric.POSTS
DICE = np.random.default_rng(5)


def drawn(rate: float, size: int = 48) -> np.ndarray:
    return DICE.poisson(rate, size).astype(float)


def both(now: float, before: float, whole: float = 20.0) -> Any:
    """Return the move of a part that had such rates now and before, of a whole that did not change."""
    parts = drawn(now), drawn(before)
    return move(parts, (parts[0] + drawn(whole - now), parts[1] + drawn(whole - before)))


def test_a_share_that_did_not_move_is_not_clear():
    found = [both(8, 8) for _ in range(40)]
    assert sum(one.is_clear for one in found) <= 8
    assert np.mean([one.points for one in found]) == pytest.approx(0, abs=0.02)


def test_a_share_that_doubled_is_clear_and_its_interval_holds_it():
    found = both(10, 5)
    assert found.is_clear
    assert found.low < 0.25 < found.high


def test_one_burst_is_no_clear_move():
    part, rest = np.zeros(48), drawn(20)
    part[10:12] = 100
    assert not move((part, np.zeros(48)), (part + rest, drawn(20))).is_clear


def test_too_few_posts_tell_no_move():
    assert move((np.ones(3), np.ones(3)), (np.full(3, 2.0), np.full(3, 2.0))) is None


def test_nothing_of_everything_did_not_move():
    found = move((np.zeros(48), np.zeros(48)), (drawn(20), drawn(20)))
    assert (found.points, found.is_clear) == (0, False)


def platforms(mastodon: Any, telegram: Any, **more: Any) -> dict[str, Share]:
    columns = {("mastodon", POSTS): mastodon, ("telegram", POSTS): telegram}
    told = shares.platforms(facts(columns, platforms=("mastodon", "telegram"), **more))
    return {share.name: share for share in told}


def test_a_platform_that_took_over_moved_clearly():
    found = platforms(np.where(NOW, 30.0, 10.0), 10.0)
    assert found["mastodon"].move.points == pytest.approx(0.25)
    assert found["mastodon"].move.is_clear
    assert found["telegram"].move.points == pytest.approx(-0.25)


def test_a_platform_that_was_blind_the_day_before_did_not_move():
    found = platforms(10.0, 10.0, blind={"telegram": [day(-1)]})
    assert found["telegram"].share == 0.5
    assert found["telegram"].move is None
    assert found["mastodon"].move.points == 0


def test_a_half_blind_day_is_compared_by_what_was_seen_in_both():
    morning = Window(FRIDAY, FRIDAY + timedelta(hours=12))
    found = platforms(10.0, 10.0, blind={"telegram": [morning]})
    assert (found["mastodon"].move.points, found["mastodon"].move.is_clear) == (0, False)


def test_spellings_move_among_all_posts():
    subject = next(iter(shares.named_spellings(ALEPPO)))
    told = facts({POSTS: 20.0}, spellings={(subject, "mastodon", POSTS): np.where(NOW, 10.0, 5.0)})
    (share,) = shares.spellings(told)
    assert (share.move.points, share.move.is_clear) == (pytest.approx(0.25), True)


def test_languages_of_posts_move():
    tongues = facts({}, spellings={("language/ar", "mastodon", POSTS): np.where(NOW, 15.0, 5.0)}).spellings
    (share,) = shares.tongues(facts({POSTS: 20.0}, tongues=tongues))
    assert (share.name, share.move.points) == ("ar", pytest.approx(0.5))


def campaign(slug: str, now: float | None, change: float | None = 0.0, stray: float | None = None) -> Brief:
    posts = QUIET.total("posts")
    told = Total(
        **{
            **posts.model_dump(),
            "now": Level(value=now),
            "change": change,
            "before": Level(value=0),
            "week_before": Level(value=0),
        }
    )
    day = Heading(name="posts", hours=24, direction=Direction.STEADY, change=0, low=-(stray or 0), high=stray or 0)
    return QUIET.model_copy(update={"campaign": slug, "totals": (told,), "headings": () if stray is None else (day,)})


def test_campaigns_share_the_posts_of_all():
    found = across([campaign("a", 300.0), campaign("b", 900.0, 2.0)])
    assert [(one.name, one.share, one.before) for one in found] == [("b", 0.75, 300.0), ("a", 0.25, 300.0)]
    assert found[0].move.points == pytest.approx(0.25)
    assert found[0].move.is_clear


def test_a_campaign_that_strays_as_much_every_day_did_not_move_clearly():
    found = across([campaign("a", 300.0), campaign("b", 900.0, 2.0, stray=0.9)])
    assert not found[0].move.is_clear


def test_where_one_can_not_be_compared_no_share_moved():
    found = across([campaign("a", 300.0), campaign("b", 900.0, None)])
    assert {one.move for one in found} == {None}


@pytest.mark.parametrize("briefs", [[], [campaign("a", 3.0)], [campaign("a", None), campaign("b", 2.0)]])
def test_one_voice_has_no_share(briefs: list[Brief]):
    assert across(briefs) == ()
