"""What stands beside our numbers: sentences about what platforms count themselves, and what gaps hid."""

from datetime import timedelta

import pytest

from monitor.digest import beside, sections
from monitor.model.brief import Brief, Seen, Stretch
from monitor.words.voice import voice
from tests.digest.briefs import FRIDAY, SURGE, reported, told

EN, AR = voice("en"), voice("ar")


def rows(brief: Brief, title: str) -> list[str]:
    """The lines of one section, as the text mail has them."""
    (section,) = [section for section in sections.of(brief, EN) if section.title.startswith(title)]
    return [f"{row.text}: {row.note}" for row in section.rows]


@pytest.mark.parametrize(("line", "sentence"), [
    (reported("x", 12_400.0, read=3_100.0), "X itself counts 12,400 posts; we read 3,100"),
    (reported("x", 1.0, read=0.0), "X itself counts 1 post; we read 0"),
    (reported("x", 12_400.0), "X itself counts 12,400 posts"),
    (reported("x", 7.0, of="#SaveAleppo", read=3.0), "X itself counts 7 posts (#SaveAleppo); we read 3"),
    (reported("x", told(7.0, partial=True), read=3.0), "X itself counts at least 7 posts; we read 3"),
    (reported("x", told(None), read=3.0), "X itself counts n/a; we read 3"),
    (reported("gdelt", 340.0, share=0.0001, read=9.0), "GDELT itself counts 340 articles; we read 9"),
])  # fmt: skip
def test_their_number_stands_beside_ours(line, sentence):
    assert beside.sentence(line, EN) == sentence


def test_the_class_is_said_and_of_the_press_its_share_of_all_articles():
    assert beside.note(reported("x", 7.0), EN) == "volume"
    assert beside.note(reported("gdelt", 340.0, share=0.000_118), EN) == "press, 12 in 100,000 of all its articles"
    assert beside.note(reported("gdelt", 3.0, share=0.000_004_2), EN) == "press, 0.4 in 100,000 of all its articles"


def test_arabic_says_the_same():
    said = beside.sentence(reported("x", 12_400.0, read=3_100.0), AR)
    assert "إكس" in said
    assert said.index("12,400") < said.index("3,100")


def test_a_hashtag_can_not_turn_the_line_around_it():
    assert "\u202e" not in beside.sentence(reported("x", 1.0, of="#a\u202eb"), AR)


@pytest.mark.parametrize(("lost", "words"), [(118.4, "120"), (7.4, "7"), (0.6, "1"), (1_234_567.0, "1,200,000")])
def test_an_estimate_says_about_and_no_more_digits_than_it_has(lost, words):
    assert beside.missed(lost, EN) == f"about {words} missed in these gaps"


def test_an_estimate_of_nothing_is_not_said():
    sources = tuple(source.model_copy(update={"lost": 0.3}) for source in SURGE.sources)
    assert "missed" not in "".join(rows(SURGE.model_copy(update={"sources": sources}), "Can the numbers"))


def test_unlisted_spellings_are_told_with_their_posts_and_not_too_many():
    assert rows(SURGE, "Also seen")[0] == "#save_aleppo: about 410 posts"
    many = tuple(Seen(spelling=f"#s{number}", family="#SaveAleppo", posts=9) for number in range(12))
    assert rows(SURGE.model_copy(update={"seen": many}), "Also seen")[-1] == "and 4 more: "
    exactly = rows(SURGE.model_copy(update={"seen": many[:8]}), "Also seen")
    assert len(exactly) == 8


def test_spellings_are_counted_by_the_month_and_the_mail_says_so():
    titles = [section.title for section in sections.of(SURGE, EN)]
    assert "Also seen in April, not listed yet" in titles
    over = SURGE.model_copy(update={"window": Stretch(start=FRIDAY.start, end=FRIDAY.end + timedelta(days=3))})
    assert "Also seen in April, May, not listed yet" in [section.title for section in sections.of(over, EN)]


def test_where_nothing_was_reported_or_seen_nothing_is_said():
    silent = SURGE.model_copy(update={"reported": (), "seen": ()})
    assert rows(silent, "Also seen") == rows(silent, "What platforms count") == []
