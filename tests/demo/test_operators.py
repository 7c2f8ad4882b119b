"""Questions to X are read as X reads them."""

from dataclasses import replace

import pytest

from monitor.demo.cast import TYPED
from monitor.demo.life import Curve, Totals
from monitor.demo.operators import Misread, question
from monitor.demo.world import Author, Tagged, Tweet

NOW = 1e9
TWEET = Tweet(
    1, (0,), 0, Author(1, "x", 1), Tagged(("Syria",), (TYPED[0],)), ("en", "Vigil tonight."), Curve(0, 1), Totals()
)
REPOST = replace(TWEET, number=2, original=TWEET)


@pytest.mark.parametrize(
    "query",
    [
        "#savealeppo",
        "#SAVEALEPPO lang:en",
        "(#other OR #syria)",
        "#other OR #syria",
        "vigil",
        '"vigil tonight"',
        "#syria -#other",
        "#syria (#other OR (vigil lang:en))",
        "#syria has:hashtags",
    ],
)
def test_what_fits_is_found(query: str) -> None:
    assert question(query)(TWEET, NOW)


@pytest.mark.parametrize(
    "query", ["#save", "#syria -vigil", "#syria lang:ar", "#syria is:retweet", "#syria #other OR #b"]
)
def test_what_does_not_fit_is_not_found(query: str) -> None:
    assert not question(query)(TWEET, NOW)


def test_reposts_are_told_apart() -> None:
    assert question("#syria is:retweet")(REPOST, NOW)
    assert not question("#syria -is:retweet")(REPOST, NOW)


def test_a_hashtag_that_an_edit_adds_is_found_from_then_on() -> None:
    edited = replace(TWEET, tagged=Tagged((), (TYPED[0],), 100.0))
    assert [question("#savealeppo")(edited, moment) for moment in (99.0, 100.0)] == [False, True]


@pytest.mark.parametrize(
    "query", ["", "-#a", "lang:en", "is:retweet", "#a -(#b OR #c)", "#a OR", "(#a", "#a)", "#a min_likes_:3"]
)
def test_what_is_no_question_is_refused(query: str) -> None:
    with pytest.raises(Misread):
        question(query)
