"""The numbers of a mail: each with its class, n/a where we were blind, and one line where nobody knows any."""

from dataclasses import astuple

import pytest

from monitor.digest import figures
from monitor.digest.figures import Figure
from monitor.model.brief import Total
from monitor.words.voice import voice
from tests.digest.briefs import BLIND, QUIET, SURGE, UNASKED, over, told, total

ENGLISH, ARABIC = voice("en", "Asia/Damascus"), voice("ar", "Asia/Damascus")


def longer(*totals: Total) -> dict[str, Figure]:
    brief = SURGE.model_copy(update={"compared": (over(7, *totals), over(30, *totals))})
    return {figure.label: figure for figure in figures.longer(brief, ENGLISH)}


def test_yesterday_stands_beside_the_day_before_and_the_same_weekday():
    posts = figures.figures(SURGE, ENGLISH)[0]
    assert [astuple(one) for one in posts.comparisons] == [
        ("the day before", "1,274", "+150%"),
        ("the Friday before", "2,460", "+29%"),
    ]


def test_a_zero_before_has_no_percentage_and_is_no_gap():
    brief = SURGE.model_copy(update={"totals": (total("articles", 3.0, 0.0),)})
    (articles,) = figures.figures(brief, ENGLISH)
    assert [(one.value, one.change) for one in articles.comparisons] == [("0", ""), ("0", "")]


def test_seven_days_stand_against_seven_and_thirty_against_thirty():
    (found,) = longer(total("posts", 150.0, 100.0)).values()
    assert [astuple(one) for one in found.comparisons] == [
        ("last 7 days", "150", "+50%, 100 before"),
        ("last 30 days", "150", "+50%, 100 before"),
    ]


def test_a_stretch_tells_its_class_and_its_own_coverage():
    found = longer(total("impressions", 150.0, told(None), measured_share=0.4))["Impressions"]
    assert found.kind == "measured"
    assert found.comparisons[0].change == "measured for 40% of posts"


def test_a_stretch_nobody_watched_is_not_zero():
    found = longer(total("posts", told(None), 100.0))["Posts"]
    assert astuple(found.comparisons[0])[1:] == ("n/a", "100 before")


def test_a_bracket_stays_one_over_longer_stretches():
    found = longer(total("potential_reach", 900.0, 700.0, low=10.0))["Potential reach"]
    assert found.comparisons[0].value == "10 to 900"
    assert "up to 700 before" in found.comparisons[0].change


def test_stretches_have_arabic_plurals():
    heads = [one.reference for one in figures.longer(SURGE, ARABIC)[0].comparisons]
    assert heads == ["آخر 7 أيام", "آخر 30 يومًا"]


def test_a_total_that_nobody_told_is_named_in_one_line_and_has_no_row():
    brief = SURGE.model_copy(
        update={"totals": (total("posts", 3.0), total("impressions", told(None), told(None), told(None)))}
    )
    assert [figure.label for figure in figures.figures(brief, ENGLISH)] == ["Posts"]
    assert figures.untold(brief, ENGLISH) == "Told by no source: Impressions."


def unseen(name: str) -> Total:
    return total(name, told(None), told(None), told(None))


def test_where_the_sources_of_a_number_were_blind_it_is_not_said_that_none_tells_it():
    brief = SURGE.model_copy(update={"totals": (unseen("posts"), unseen("impressions"), total("articles", 2.0))})
    said = figures.untold(brief, ENGLISH)
    assert said == "Not known: Posts, Impressions. The sources that could tell were blind."


def test_what_no_source_tells_stands_apart_from_what_was_not_seen():
    totals = (total("posts", 3.0), unseen("impressions"), unseen("articles"), unseen("outlets"))
    said = figures.untold(SURGE.model_copy(update={"totals": totals}), ENGLISH)
    assert said.startswith("Not known: Articles, Outlets.")
    assert said.endswith("Told by no source: Impressions.")


def test_without_any_source_of_the_kind_none_was_blind():
    totals = (unseen("posts"), total("articles", 2.0))
    sources = tuple(one for one in SURGE.sources if one.platform == "feeds")
    brief = SURGE.model_copy(update={"totals": totals, "sources": sources})
    assert figures.untold(brief, ENGLISH) == "Told by no source: Posts."


def test_a_number_that_was_known_before_keeps_its_row_and_says_n_a():
    posts, *_ = figures.figures(BLIND, ENGLISH)
    assert (posts.now, [one.value for one in posts.comparisons]) == ("n/a", ["14", "20"])


def test_a_campaign_that_was_never_asked_says_so_in_one_line():
    assert figures.figures(UNASKED, ENGLISH) == figures.longer(UNASKED, ENGLISH) == ()
    assert figures.untold(UNASKED, ENGLISH).startswith("No number is known of this time")


@pytest.mark.parametrize("brief", [SURGE, QUIET])
def test_where_all_is_told_nothing_is_missed(brief):
    assert figures.untold(brief, ENGLISH) == ""
