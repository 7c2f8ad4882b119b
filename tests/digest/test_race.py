"""The sentences about naming polls, in both languages."""

from datetime import timedelta

import pytest

from monitor.collect.cycle import decided
from monitor.digest import race
from monitor.model.race import FLAGS, Event, Kind, Line, Look, Stage
from monitor.words.voice import voice
from tests.digest.races import (
    AWAITED,
    BREAD,
    CLOSE,
    CLOSED,
    CLOSES,
    CONFIRMED,
    FLAG,
    HOPE,
    HOUR,
    OPEN,
    OPENS,
    PATIENCE,
    SILENT,
)  # fmt: skip

ENGLISH, ARABIC = voice("en", "Asia/Damascus"), voice("ar", "Asia/Damascus", "arabic")
NOW = OPENS + 20 * HOUR


def plain(text: str | None) -> str:
    return (text or "").translate(dict.fromkeys(map(ord, "\u2068\u2069")))


def test_the_heading_names_the_day():
    assert race.title(OPEN, ENGLISH) == "Naming poll for Friday 29 April"
    assert race.title(OPEN, ARABIC) == "تصويت تسمية الجمعة ٢٩ نيسان"


def test_the_leader_is_told_with_the_margin_in_votes_and_percent():
    standing = OPEN.standing
    assert plain(race.news(OPEN, ENGLISH)) == (
        f"{HOPE} leads {PATIENCE} by {standing.margin} votes, {standing.margin_points:.1f}% of all votes."
    )


def test_where_bounds_overlap_nobody_leads():
    assert plain(race.news(CLOSE, ENGLISH)) == f"Too close to call between {HOPE} and {PATIENCE}."


@pytest.mark.parametrize(("cycle", "said"), [
    (AWAITED, "The poll of this week was not found yet."),
    (AWAITED.model_copy(update={"stage": Stage.MISSED}), "No poll was found for this day."),
    (OPEN.model_copy(update={"standing": None}), "The poll was found; it tells no votes."),
    (CLOSED, f"The poll is over: {HOPE} has most votes, not confirmed yet."),
    (CONFIRMED, f"The name is {HOPE}: it has most votes."),
    (decided(CONFIRMED, "الصبر", NOW), f"The name is {PATIENCE}, although {HOPE} had most votes."),
])  # fmt: skip
def test_every_stage_has_its_sentence(cycle, said):
    assert plain(race.news(cycle, ENGLISH)) == said


def test_an_end_to_come_is_told_with_the_time_left_and_a_past_one_without():
    assert plain(race.clock(OPEN, ENGLISH, CLOSES - timedelta(minutes=40))) == (
        "It closes Thu 28 Apr 00:00, in 40 minutes."
    )
    assert plain(race.clock(OPEN, ENGLISH, CLOSES)) == "It closed Thu 28 Apr 00:00."
    assert race.clock(AWAITED, ENGLISH, NOW) is None


def test_a_look_in_vain_is_told_with_its_reason_and_the_age_of_the_numbers():
    said = plain(race.seen(SILENT, ENGLISH, OPENS + 26 * HOUR))
    assert (
        said == "The look of Wed 27 Apr 20:00 showed nothing: the page asks for a login. The numbers are 3 hours old."
    )


def test_a_reader_of_another_language_is_told_in_theirs_why_a_look_was_in_vain():
    said = plain(race.seen(SILENT, ARABIC, OPENS + 26 * HOUR))
    assert "لا يُسمح لنا بالاطلاع عليه" in said
    assert "login" not in said


def test_votes_are_exact_bounded_or_not_told():
    lines = [
        Line(key="a", label="a", votes=1200),
        Line(key="a", label="a", low=120, high=130),
        Line(key="a", label="a"),
    ]
    assert [race.votes(line, ENGLISH) for line in lines] == ["1,200 votes", "120 to 130 votes", "n/a"]


@pytest.mark.parametrize(("ratio", "said"), [(1.0, "over 99%"), (0.0, "under 1%"), (0.5, "50%")])
def test_a_chance_is_never_quite_none_or_certain(ratio, said):
    assert race.chance(ratio, ENGLISH) == said


def test_a_flag_says_what_is_odd_between_which_looks_and_no_cause():
    assert plain(race.event(FLAG, ENGLISH)) == (
        f"Unusual increase: {BREAD} gained 612 votes more than its pace promised"
    )
    assert race.looks(FLAG, ENGLISH) == (
        "seen between the looks of Wed 27 Apr 12:00 and Wed 27 Apr 13:00; cause unknown"
    )


@pytest.mark.parametrize("voice_", [ENGLISH, ARABIC], ids=["en", "ar"])
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("number", [-3.0, None, 3.0])
def test_every_kind_of_event_has_words(kind, number, voice_):
    shown = Look(at=OPENS, digest="a" * 64)
    told = Event(kind=kind, at=OPENS, option="a", other="b", number=number, before=shown, after=shown)
    assert "{" not in race.event(told, voice_)
    assert ("cause unknown" in race.looks(told, ENGLISH)) == (kind in FLAGS)


@pytest.mark.parametrize("word", ["fraud", "fake", "bot", "cheat", "manipulat"])
def test_no_words_are_a_verdict(word):
    assert not [text for text in race._HAPPENED.values() if word in text.casefold()]
