"""The Friday report in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.digest.naming import sections
from monitor.digest.street import section
from monitor.model.figure import Headline, Level, Line
from monitor.model.friday import Adopted, FridayReport, Rhythm
from monitor.words.voice import Voice, voice
from tests.digest.briefs import VOTE
from tests.digest.races import CLOSES, ENDED, HOUR

ENGLISH, ARABIC = voice("en", "Asia/Damascus"), voice("ar", "Asia/Damascus", "arabic")
HIDDEN = dict.fromkeys((0x2068, 0x2069))


def name(hashtag: str, posts: float | None, share: float | None = None, **fields: Any) -> Adopted:
    line = Line(name=hashtag, cell_seconds=3600, points=())
    details = {"posts": Level(value=posts), "share": share, "line": line, **fields}
    return Adopted(key=hashtag, label=hashtag, hashtag=f"#{hashtag}", **details)


WINNER = name("Hope", 1240, 0.62, first_used=datetime(2016, 4, 26, 17, tzinfo=UTC))
REPORT = FridayReport(since=CLOSES, until=CLOSES + 40 * HOUR, winner=WINNER, others=(name("Bread", 760, 0.38),))


def said(language: Voice = ENGLISH, **fields: Any) -> str:
    rows = section(REPORT.model_copy(update=fields), language).rows
    return "\n".join(f"{row.text} {row.note}".strip() for row in rows).translate(HIDDEN)


def printed(after: float) -> dict[str, object]:
    article = Headline(title="a", outlet="Enab Baladi", at=CLOSES + timedelta(hours=after))
    return {"printed": article, "printed_after": after}


def test_a_report_says_how_far_the_name_was_taken_up():
    assert "Since the poll closed, 1,240 posts under #Hope: 62% of those under any of its names." in said()
    assert "#Bread 760 posts, 38%" in said()
    assert "First posted in the hour of Tue 26 Apr 20:00." in said()


def test_the_bars_are_shares_of_all_names():
    assert [row.share for row in section(REPORT, ENGLISH).rows] == [None, 0.62, 0.38, None, None]


@pytest.mark.parametrize(("after", "words"), [(3, "3 hours after the poll"), (-2, "2 hours before the poll")])
def test_the_first_outlet_is_told_with_how_long_it_took(after, words):
    assert f"Enab Baladi printed it first, {words} closed." in said(**printed(after))


def test_what_nobody_printed_and_nobody_saw_is_said_so():
    unseen = WINNER.model_copy(update={"posts": Level(value=None, partial=True), "share": None, "first_used": None})
    told = said(winner=unseen, others=())
    assert "How much is posted under #Hope is not known: no platform was watched." in told
    assert "No post with it was found yet. No outlet that is read has printed the name." in told


def test_a_name_that_nobody_took_up_is_said_to_be_one():
    assert "Nothing was found under #Hope since the poll closed." in said(winner=name("Hope", 0))


def test_platforms_that_look_for_the_winner_only_are_left_out_of_shares_and_named():
    assert "Shares leave out X, YouTube, where only the name that won is looked for." in said(apart=("x", "youtube"))
    told = said(winner=WINNER.model_copy(update={"share": None}), apart=("x",))
    assert "Since the poll closed, 1,240 posts under #Hope.\n" in told


def test_where_something_was_not_watched_the_posts_are_at_least_so_many():
    partial = WINNER.model_copy(update={"posts": Level(value=12, partial=True)})
    assert "at least 12 posts under #Hope" in said(winner=partial)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (2, "posts under #Hope came 2 hours before votes for it (posts ahead by 1 to 3 hours in nine cases of ten)."),
        (-2, "posts under #Hope came 2 hours after votes for it (posts ahead by -3 to -1 hours in nine cases of ten)."),
        (0, "posts under #Hope and votes for it rose in the same hour (posts ahead by -1 to 1 hours"),
    ],
)
def test_what_came_first_is_told_with_its_interval(hours, words):
    rhythm = Rhythm(hours=hours, low=hours - 1, high=hours + 1)
    assert words in said(winner=WINNER.model_copy(update={"rhythm": rhythm}))


def test_an_interval_of_one_hour_is_not_told_apart():
    rhythm = Rhythm(hours=2, low=2, high=2)
    assert "came 2 hours before votes for it." in said(winner=WINNER.model_copy(update={"rhythm": rhythm}))


def test_what_is_not_clear_is_said_to_be_so():
    assert "Whether posts under #Hope came before votes for it or after is not clear." in said()


def test_in_arabic_everything_is_arabic_but_the_names():
    told = said(ARABIC, **printed(3))
    for name in ("Hope", "Bread", "Enab Baladi"):
        told = told.replace(name, "")
    assert not any(letter.isascii() and letter.isalpha() for letter in told)
    assert "١٬٢٤٠" in told


def test_the_section_stands_below_the_poll_it_belongs_to():
    week = ENDED.model_copy(update={"friday": REPORT})
    titles = [one.title for one in sections(VOTE.model_copy(update={"polls": (week,)}), ENGLISH)]
    assert len(titles) == 2
    assert titles[1] == "On the street: Hope"
