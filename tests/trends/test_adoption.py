from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.model.figure import Headline, Level
from monitor.model.metric import Metric
from monitor.model.window import Window
from monitor.trends.adoption import HOUR, Street, report
from tests.collect.test_names import BREAD, CLOSES, OPENED, SIEGE, closed, week
from tests.trends.polls import tally
from tests.trends.world import frame

SIEGE_KEY, BREAD_KEY = "كسر الحصار", "خبز وحريه"
UNTIL = CLOSES + 10 * HOUR
WEEK = Window(OPENED, UNTIL)
HOURS = 40  # from the opening to UNTIL; the poll closes after 30


def hours(**at: float) -> list[float]:
    """Posts of some hours after the opening, as h3=5; none in the others."""
    return [at.get(f"h{hour}", 0.0) for hour in range(HOURS)]


def street(siege: list[float], bread: list[float], *, blind: Window | None = None, **given: Any) -> Street:
    columns = {
        ("tag/siege", "mastodon", Metric.POSTS): siege,
        ("tag/bread", "mastodon", Metric.POSTS): bread,
        ("tag/own", "mastodon", Metric.POSTS): hours(h1=9, h35=4),
    }
    told = frame(columns, window=WEEK, blind={"mastodon": [blind]} if blind else None)
    known = Street(
        cycle=closed(SIEGE, BREAD),
        tallies=[tally(0, {SIEGE: 1, BREAD: 1})],
        until=UNTIL,
        hours=told,
        labels={SIEGE_KEY: SIEGE, BREAD_KEY: BREAD},
        hashtags={SIEGE_KEY: "#جمعة_كسر_الحصار", BREAD_KEY: "#جمعة_خبز_وحرية"},
        names={SIEGE_KEY: "tag/siege", BREAD_KEY: "tag/bread"},
        own={"#SaveAleppo": "tag/own"},
    )
    return replace(known, **given)


def told(siege: list[float], bread: list[float], **given: Any):
    found = report(street(siege, bread, **given), CLOSES)
    assert found is not None
    return found


def printed(outlet: str, after: timedelta) -> Headline:
    return Headline(title="a", outlet=outlet, at=CLOSES + after, names=("siege",))


def test_the_winners_share_is_of_all_posts_under_the_names_since_the_poll_closed():
    found = told(hours(h3=50, h31=6, h33=3), hours(h5=70, h32=3))
    assert (found.winner.posts, found.winner.share) == (Level(value=9.0), 0.75)
    assert [(one.label, one.share) for one in found.others] == [(BREAD, 0.25)]
    assert (found.since, found.until) == (CLOSES, UNTIL)


def test_the_first_use_is_the_first_hour_with_a_post_since_the_poll_opened():
    found = told(hours(h7=1, h31=6), hours())
    assert found.winner.first_used == OPENED + 7 * HOUR
    assert found.others[0].first_used is None
    assert found.others[0].posts == Level(value=0.0)


def test_the_hours_of_every_name_and_of_the_campaigns_own_hashtags_are_drawn():
    found = told(hours(h31=6), hours())
    assert len(found.winner.line.points) == HOURS
    assert found.winner.line.points[31].value == 6
    (own,) = found.campaign
    assert (own.name, own.points[35].value, own.points[36].value) == ("#SaveAleppo", 4, 0)


def test_an_hour_that_was_not_watched_is_a_gap_and_makes_the_sum_partial():
    found = told(hours(h31=6), hours(), blind=Window(CLOSES + 4 * HOUR, CLOSES + 5 * HOUR))
    assert found.winner.posts == Level(value=6.0, partial=True)
    assert found.winner.line.points[34].value is None


def test_where_nothing_was_watched_nobody_knows():
    found = told(hours(), hours(), blind=WEEK)
    assert (found.winner.posts.value, found.winner.share, found.winner.first_used) == (None, None, None)


def test_the_first_outlet_is_told_with_how_long_it_took():
    articles = [printed("aljazeera", 5 * HOUR), printed("enab", 2 * HOUR), printed("bbc", 3 * HOUR)]
    found = told(hours(h31=1), hours(), printed=articles)
    assert found.printed is not None
    assert (found.printed.outlet, found.printed_after) == ("enab", 2.0)


def test_an_outlet_that_printed_the_name_while_people_voted_was_before_the_closing():
    assert told(hours(), hours(), printed=[printed("enab", -3 * HOUR)]).printed_after == -3.0


def test_shares_are_taken_where_all_names_are_looked_for():
    columns = {
        ("tag/siege", "mastodon", Metric.POSTS): hours(h31=6),
        ("tag/siege", "x", Metric.POSTS): hours(h31=94),
        ("tag/bread", "mastodon", Metric.POSTS): hours(h31=2),
    }
    both = frame(columns, window=WEEK, platforms=("mastodon", "x"))
    found = told(hours(), hours(), hours=both, apart=frozenset({"x"}))
    assert (found.winner.posts.value, found.winner.share, found.apart) == (100, 0.75, ("x",))


def test_where_only_the_winner_is_looked_for_there_is_no_share():
    found = told(hours(h31=3), hours(), apart=frozenset({"mastodon"}))
    assert (found.winner.posts.value, found.winner.share) == (3, None)


def test_without_an_article_no_outlet_is_named():
    found = told(hours(), hours())
    assert (found.printed, found.printed_after) == (None, None)


def test_without_a_winner_there_is_no_report():
    assert report(street(hours(), hours(), cycle=week(SIEGE, BREAD)), CLOSES) is None


def test_thin_votes_say_nothing_of_what_came_first():
    assert not told(hours(h3=1), hours()).winner.rhythm.is_clear
