"""What platforms count themselves, beside ours."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.model.brief import Level
from monitor.model.campaign import Family
from monitor.model.mention import Reported
from monitor.model.metric import WHOLE, Metric, MetricClass, family_subject, index_subject
from monitor.trends.reported import reported
from monitor.trends.summary import brief
from tests.people import ALEPPO
from tests.trends.world import FRIDAY, facts, frame

TAG = family_subject("savealeppo")
HOUR, DAY = 3600, 86400


def told(value=10.0, *, hours=0, subject=TAG, metric=Metric.REPORTED_POSTS, seconds=HOUR):
    return Reported(metric, subject, FRIDAY + timedelta(hours=hours), seconds, value)


def day(value=10.0, **fields: Any):
    return [told(value, hours=hour, **fields) for hour in range(24)]


def lines(reports, platform="mastodon", **more: Any):
    beside = frame({(WHOLE, platform, Metric.ARTICLES): 2.0, (TAG, platform, Metric.POSTS): 1.0}, platforms=(platform,))
    known = {"platforms": {"mastodon": 0, platform: 0}, "beside": beside, **more}
    return reported(facts({Metric.POSTS: 5.0}, reported={platform: reports}, **known))


def press(question, articles=3.0, everything=1000.0, index="gdelt"):
    subject = index_subject(index, question)
    found = [(Metric.REPORTED_ARTICLES, articles), (Metric.ALL_ARTICLES, everything)]
    return [one for metric, value in found for one in day(value, subject=subject, metric=metric)]


def test_nothing_told_is_no_line():
    assert reported(facts({Metric.POSTS: 5.0})) == ()


def test_a_line_has_their_number_ours_and_its_class():
    (line,) = lines(day())
    assert (line.platform, line.name, line.of) == ("mastodon", "reported_posts", "#SaveAleppo")
    assert (line.definition, line.class_of) == ("reported/1", MetricClass.VOLUME)
    assert (line.now, line.read, line.share) == (Level(value=240), 24, None)


def test_what_was_told_for_a_part_of_the_window_is_a_lower_bound():
    (line,) = lines(day()[:12])
    assert line.now == Level(value=120, partial=True)


def test_hours_and_days_are_never_added():
    (line,) = lines([*day(), told(260.0, seconds=DAY)])
    assert line.now.value in {240, 260}
    (line,) = lines([*day()[:3], told(260.0, seconds=DAY)])
    assert line.now == Level(value=260)


def test_hashtags_keep_apart_and_what_is_no_hashtag_of_ours_keeps_its_name():
    both = [*day(), *day(3.0, subject=WHOLE), *day(1.0, subject="tag/gone")]
    assert [(line.of, line.now.value) for line in lines(both)] == [(None, 72), ("gone", 24), ("#SaveAleppo", 240)]


def test_a_family_with_its_sign_is_shown_with_one():
    signed = replace(ALEPPO, families=(Family("#SaveAleppo", ("savealeppo",)),))
    assert [line.of for line in lines(day(), campaign=signed)] == ["#SaveAleppo"]


def test_the_press_tells_its_attention_share_of_cells_where_both_were_told():
    (line,) = lines(press("latin")[:-12], "gdelt", press=frozenset({"gdelt"}))
    assert (line.name, line.of, line.class_of) == ("reported_articles", "latin", MetricClass.COVERAGE)
    assert (line.now.value, line.share, line.read) == (72, 0.003, 48)


def test_what_can_not_be_told_apart_on_our_side_is_not_compared():
    found = lines([*press("latin"), *press("arabic")], "gdelt", press=frozenset({"gdelt"}))
    assert [(line.of, line.read) for line in found] == [("arabic", None), ("latin", None)]


def test_the_indexes_of_the_press_are_told_apart_though_they_write_as_one_platform():
    found = lines([*press("latin"), *press("", 2.0, index="mediacloud")], "feeds", press=frozenset({"feeds"}))
    assert [(line.platform, line.of, line.read) for line in found] == [("gdelt", "latin", 48), ("mediacloud", None, 48)]


def test_an_index_that_held_nothing_has_no_share():
    (line,) = lines(press("latin", 0.0, 0.0), "gdelt", press=frozenset({"gdelt"}))
    assert (line.now.value, line.share) == (0, None)


def test_it_is_part_of_no_total_share_spike_or_verdict():
    quiet = {Metric.POSTS: 5.0}
    with_it, without = brief(facts(quiet, reported={"mastodon": day(9e6)})), brief(facts(quiet))
    assert with_it.reported
    assert with_it.model_copy(update={"reported": ()}) == without
