"""Why a number moved, in both languages."""

from datetime import timedelta
from typing import Any

import pytest

from monitor.digest import why
from monitor.model.brief import Spike
from monitor.model.finding import Cause, Crowd, Driver, Way
from monitor.trends.meanwhile import TOLD
from monitor.words.voice import END_ISOLATE, ISOLATE, Voice, voice
from tests.digest.briefs import EVENING, SURGE

ENGLISH, ARABIC = voice("en", "Asia/Damascus"), voice("ar", "Asia/Damascus")
INDIC = voice("ar", "Asia/Damascus", "arabic")
SPELLING = Driver(cause=Cause.SPELLING, name="#أنقذوا_حلب", value=412.0, expected=60.0, share=0.78)
TELEGRAM = Driver(cause=Cause.PLATFORM, name="telegram", value=380.0, expected=90.0, share=0.64)
POST = Driver(cause=Cause.POST, name="x", value=90_000.0, share=0.7, at=EVENING, link="https://x.example/1")
POLL = Driver(cause=Cause.POLL, name="closed", at=EVENING)
HEADLINE = Driver(cause=Cause.HEADLINE, name="Hospital hit", at=EVENING, link="https://courier.example/1")


def spike(*drivers: Driver, **fields: Any) -> Spike:
    given = {"name": "posts", "crowd": Crowd(), "sole": bool(drivers), **fields}
    return SURGE.spikes[0].model_copy(update={**given, "drivers": drivers})


def crowd(tongue: Voice = ENGLISH, **fields: Any) -> str:
    return why.sentence(spike(SPELLING, crowd=Crowd(**fields)), tongue).partition("usual. ")[2]


def test_the_sole_driver_is_told_with_what_is_usual_for_it():
    assert why.sentence(spike(SPELLING), ENGLISH) == (
        f"Mostly {ISOLATE}#أنقذوا_حلب{END_ISOLATE}: 412 posts (usually 60), 78% of what came above the usual."
    )


def test_the_same_in_arabic_with_every_foreign_word_isolated():
    assert why.sentence(spike(SPELLING, TELEGRAM), ARABIC) == (
        f"وراءها أساسًا {ISOLATE}#أنقذوا_حلب{END_ISOLATE}: 412 منشورًا والمعتاد 60، "
        f"أي {ISOLATE}78%{END_ISOLATE} مما زاد على المعتاد. وأيضًا: تيليغرام ({ISOLATE}64%{END_ISOLATE})."
    )


def test_digits_are_those_of_the_reader():
    assert "٤١٢ منشورًا والمعتاد ٦٠" in why.sentence(spike(SPELLING), INDIC)


def test_without_a_driver_it_is_said_that_none_stands_out():
    assert why.sentence(spike(), ENGLISH) == "No single driver stands out."
    assert why.sentence(spike(POLL, sole=False), ARABIC) == "لا يبرز عامل واحد بعينه."


def test_drivers_of_which_none_explains_most_are_listed():
    assert why.sentence(spike(TELEGRAM, SPELLING, sole=False), ENGLISH).startswith(
        "No single driver explains most of it. Of what came above the usual: Telegram (64%), "
    )


def test_a_single_post_has_no_usual():
    assert why.sentence(spike(POST, name="impressions"), ENGLISH) == (
        "Mostly one post on X: 90,000 impressions, 70% of what came above the usual."
    )


def test_of_a_silence_it_is_told_what_was_missing():
    assert "78% of what was missing" in why.sentence(spike(SPELLING, way=Way.DOWN), ENGLISH)
    assert "مما نقص عن المعتاد" in why.sentence(spike(SPELLING, way=Way.DOWN, sole=False), ARABIC)


@pytest.mark.parametrize(
    ("cause", "name", "words"),
    [
        (Cause.SPELLING, "#SaveAleppo ~", "#SaveAleppo, other spellings"),
        (Cause.LANGUAGE, "ar", "posts in Arabic"),
        (Cause.TAG, "#Madaya", "posts that also carry #Madaya"),
        (Cause.OUTLET, "Courier", "Courier"),
        (Cause.PLATFORM, "x", "X"),
    ],
)
def test_every_kind_of_part_has_a_name(cause: Cause, name: str, words: str):
    assert why.name(Driver(cause=cause, name=name), ENGLISH) == words
    assert why.name(Driver(cause=cause, name=name), ARABIC)


def test_whether_many_or_few_people_took_part():
    assert crowd(posts=412, authors=380) == "Many people took part: 412 posts, 380 authors."
    assert crowd(posts=412, authors=40) == "Few people took part: 412 posts, 40 authors."
    assert crowd(posts=412, authors=150) == "How many took part: 412 posts, 150 authors."
    assert crowd(ARABIC, posts=412, authors=2) == ""
    assert "شارك قليلون: 412 منشورًا، ناشران." in why.sentence(spike(crowd=Crowd(posts=412, authors=2)), ARABIC)


def test_whether_few_posts_made_it():
    assert crowd(top=10, top_share=0.64) == "Few posts made most of it: the 10 largest posts had 64%."
    assert crowd(top=10, top_share=0.12) == "Many posts made it: the 10 largest posts had 12%."
    assert crowd(top=1, top_share=0.9) == "Few posts made most of it: the largest post had 90%."


def test_of_a_handful_of_posts_neither_many_people_nor_few_posts_are_said():
    assert crowd(posts=9, authors=9, top=9, top_share=1.0) == "How many took part: 9 posts, 9 authors."
    assert crowd(posts=30, authors=25, top=10, top_share=0.4).startswith("Many people took part")


@pytest.mark.parametrize(("number", "words"), [(1, "أكبر منشور"), (2, "أكبر منشورين"), (7, "أكبر 7 منشورات")])
def test_the_largest_posts_are_counted_in_arabic(number: int, words: str):
    assert f"نصيب {words} " in why.sentence(spike(crowd=Crowd(top=number, top_share=0.6)), ARABIC)


def test_what_nobody_looked_into_is_not_explained():
    assert why.sentence(spike(crowd=None), ENGLISH) == ""


@pytest.mark.parametrize("kind", TOLD)
@pytest.mark.parametrize("tongue", [ENGLISH, ARABIC])
def test_every_event_of_a_poll_has_words(kind: str, tongue: Voice):
    assert why.event(Driver(cause=Cause.POLL, name=kind, at=EVENING), tongue) != tongue.foreign(kind)


def rows(*spikes: Spike) -> list[tuple[str, str, str | None]]:
    (section,) = why.sections(SURGE.model_copy(update={"spikes": spikes}), ENGLISH)
    return [(row.text, row.note, row.link) for row in section.rows]


def test_events_stand_in_lines_of_their_own_with_time_and_link():
    assert rows(spike(SPELLING, HEADLINE, POLL))[1:] == [
        ("At the same time, Fri 29 Apr 20:00: Hospital hit", "", "https://courier.example/1"),
        ("At the same time, Fri 29 Apr 20:00: the naming poll closed", "", None),
    ]


def test_a_post_that_may_be_shown_has_its_link():
    shown = ("The largest: one post on X", "90,000 impressions", "https://x.example/1")
    assert rows(spike(POST, name="impressions"))[1:] == [shown]


def test_a_link_that_is_a_script_is_left_out():
    (_, headline, *_) = rows(spike(HEADLINE.model_copy(update={"link": "javascript:alert(1)"})))
    assert headline[2] is None


def test_nobody_takes_part_in_a_silence():
    quiet = spike(SPELLING, way=Way.DOWN, crowd=Crowd(posts=4, authors=4))
    assert "took part" not in why.sentence(quiet, ENGLISH)


def test_where_no_driver_is_known_what_moved_most_is_told():
    assert rows(spike(crowd=None))[-1][0].startswith("What moved most is Telegram")
    assert not any(text.startswith("What moved most") for text, _, _ in rows(spike(SPELLING)))


def test_no_more_spikes_are_told_than_anybody_reads():
    many = [spike(start=EVENING + timedelta(hours=number)) for number in range(20)]
    assert len(rows(*many)) == why.MOST_SPIKES + 1
