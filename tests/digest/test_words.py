"""What is said about a brief, in both languages."""

from datetime import timedelta

import pytest

from monitor.digest import health, sentences, terms, words
from monitor.digest.section import Row
from monitor.model.brief import Brief, Share, SourceHealth, State, Stretch
from monitor.model.definition import Break
from monitor.model.finding import Way
from monitor.model.run import Outcome
from monitor.words.voice import voice
from tests.digest.briefs import BLIND, EVENING, FRIDAY, MADE_AT, QUIET, SURGE, headline, told, total

ENGLISH, ARABIC = voice("en", "Asia/Damascus"), voice("ar", "Asia/Damascus")


def about(state: State, **fields: object) -> Brief:
    return SURGE.model_copy(update={"state": state, **fields})


def told_of(found: Break) -> Brief:
    return QUIET.model_copy(update={"breaks": (found,)})


def lasting(days: float) -> Brief:
    return SURGE.model_copy(update={"window": Stretch(start=FRIDAY.end - timedelta(days=days), end=FRIDAY.end)})


def test_the_verdict_is_one_sentence_with_number_day_and_both_comparisons():
    assert words.verdict(SURGE) == (
        "Save Aleppo jumped on Friday 29 April: at least 1,223,700 impressions, "
        "72% more than the Friday before and 204% more than the day before."
    )


def test_the_verdict_in_arabic_has_the_title_and_the_months_of_syria():
    verdict = words.verdict(SURGE, "ar")
    assert "أنقذوا حلب" in verdict
    assert "الجمعة 29 نيسان" in verdict
    assert "1,223,700 مشاهدة على الأقل" in verdict


def test_a_platform_that_counts_otherwise_is_told_in_both_languages():
    found = Break(platform="x", number="impressions", at=FRIDAY.start, what="embedded posts count")
    rows = [str(row) for one in (ENGLISH, ARABIC) for told in health.sections(told_of(found), one) for row in told.rows]
    assert any("Impressions: X has counted in another way since Fri 29 Apr 00:00 (embedded" in row for row in rows)
    assert any("المشاهدات: تغيّرت طريقة العدّ لدى إكس منذ الجمعة 29 نيسان 00:00" in row for row in rows)


def test_sources_that_came_later_are_named_with_since_when_they_are_watched():
    new = [source.model_copy(update={"since": FRIDAY.start + timedelta(hours=9)}) for source in SURGE.sources[:2]]
    told = SURGE.model_copy(update={"sources": tuple(new)})
    rows = {row for one in (ENGLISH, ARABIC) for section in health.sections(told, one) for row in section.rows}
    names = ENGLISH.listed([ENGLISH.foreign(source.name) for source in new])
    assert Row("Watched since Fri 29 Apr 09:00", names) in rows
    assert any("الرصد قائم منذ الجمعة 29 نيسان 09:00" in str(row) for row in rows)


@pytest.mark.parametrize(
    ("state", "begin"),
    [
        (State.RISING, "Save Aleppo rose on Friday"),
        (State.STEADY, "Save Aleppo held steady on Friday"),
        (State.FALLING, "Save Aleppo fell on Friday"),
        (State.QUIET, "All quiet about Save Aleppo on Friday"),
        (State.BLIND, "Save Aleppo: too little was seen on Friday"),
    ],
)
def test_every_state_has_its_words(state: State, begin: str):
    assert words.verdict(about(state)).startswith(begin)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_state_has_a_short_form_for_subject_lines(state: State, language: str):
    assert len(sentences.subject(about(state), voice(language))) > len("Save Aleppo: ")


def test_a_blind_verdict_names_no_number():
    assert not any(character.isdigit() for character in words.verdict(BLIND).replace("29 April", ""))


FIRST = total("posts", 216.0, told(None), told(None))


def test_a_first_day_that_was_seen_whole_is_told_with_its_number():
    first = about(State.BLIND, headline_metric="posts", totals=(FIRST,))
    assert words.verdict(first) == (
        "Save Aleppo: 216 posts on Friday 29 April; there is nothing to compare it with yet."
    )
    assert sentences.subject(first, ENGLISH) == "Save Aleppo: nothing to compare with yet, 216 posts"
    assert "216 منشورًا يوم الجمعة 29 نيسان، ولا شيء بعد يُقارن به." in words.verdict(first, "ar")


@pytest.mark.parametrize("now", [told(216.0, partial=True), told(None)])
def test_a_first_day_with_gaps_is_one_of_which_too_little_was_seen(now: object):
    first = about(State.BLIND, headline_metric="posts", totals=(FIRST.model_copy(update={"now": now}),))
    assert "too little was seen" in words.verdict(first)
    assert "too little was seen" in sentences.subject(first, ENGLISH)


def test_a_decline_is_called_less_and_no_change_as_much():
    verdict = words.verdict(QUIET)
    assert "33% less than the Friday before and as much as the day before" in verdict


@pytest.mark.parametrize(
    ("language", "clause"), [("en", "68% more than the Friday before, but 60% less"), ("ar", "، لكن بانخفاض")]
)
def test_comparisons_that_disagree_are_joined_by_but(language: str, clause: str):
    mixed = about(State.RISING, headline_metric="posts", totals=(total("posts", 366.0, 919.0, 218.0),))
    assert clause in words.verdict(mixed, language)


@pytest.mark.parametrize(
    ("language", "clause"),
    [
        ("en", "2,640 posts, 12 times the Friday before and 5.1 times the day before."),
        ("ar", "2,640 منشورًا، ما يعادل يوم الجمعة السابق 12 مرة وما يعادل اليوم السابق 5.1 مرات."),
    ],
)
def test_many_times_as_much_is_told_in_times(language: str, clause: str):
    huge = about(State.SPIKE, headline_metric="posts", totals=(total("posts", 2640.0, 520.0, 219.0),))
    assert words.verdict(huge, language).endswith(clause)


def test_a_day_that_jumped_for_hours_and_brought_less_says_both():
    less = about(State.SPIKE, headline_metric="posts", totals=(total("posts", 600.0, 800.0, 1200.0),))
    assert words.verdict(less) == (
        "Save Aleppo jumped for some hours on Friday 29 April, though less came in all: "
        "600 posts, 50% less than the Friday before and 25% less than the day before."
    )
    assert "وإن كان المجموع أقل" in words.verdict(less, "ar")


@pytest.mark.parametrize("before", [told(None), 500.0])
def test_where_it_is_not_less_than_all_before_it_just_jumped(before: object):
    some = about(State.SPIKE, headline_metric="posts", totals=(total("posts", 600.0, before, told(None)),))
    assert words.verdict(some).startswith("Save Aleppo jumped on Friday")


def test_all_quiet_is_told_by_posts_and_not_by_how_many_people_saw_a_few():
    seen = (total("posts", 5.0, 4.0, 5.0), total("impressions", 3_000_000.0, 2000.0, 1900.0, measured_share=1.0))
    verdict = words.verdict(about(State.QUIET, headline_metric="impressions", totals=seen))
    assert verdict.startswith("All quiet about Save Aleppo on Friday 29 April: 5 posts, as much as")
    assert "impressions" not in verdict


def test_what_can_not_be_compared_is_not_mentioned():
    alone = about(State.STEADY, headline_metric="posts", totals=(total("posts", 20.0, told(None), told(None)),))
    assert words.verdict(alone) == "Save Aleppo held steady on Friday 29 April: 20 posts."


def test_a_number_with_a_gap_in_its_window_is_a_least_number():
    gapped = about(State.RISING, headline_metric="posts", totals=(total("posts", told(20.0, partial=True)),))
    assert "at least 20 posts" in words.verdict(gapped)
    assert "20 منشورًا على الأقل" in words.verdict(gapped, "ar")


def test_nothing_seen_by_half_shut_eyes_is_not_zero():
    assert terms.level(told(0.0, partial=True), ENGLISH) == "n/a"
    assert terms.level(told(0.0), ENGLISH) == "0"


def test_unknown_is_said_in_both_languages():
    assert [terms.level(told(None), speaker) for speaker in (ENGLISH, ARABIC)] == ["n/a", "غير متاح"]


def test_a_brief_without_its_headline_total_still_has_a_verdict():
    assert "n/a" in words.verdict(about(State.STEADY, totals=()))


def test_every_measured_total_prints_its_coverage():
    lines = words.lines(SURGE)
    assert "Impressions: at least 1,223,700 (measured for 62% of posts, rounded: ±\u00a098,200)" in lines
    assert any("مقيسة لدى" in line for line in words.lines(SURGE, "ar"))


def test_reach_is_a_bracket():
    assert any("184,000 to 2,870,000" in line for line in words.lines(SURGE))


def test_a_spike_tells_how_much_when_and_against_what():
    assert sentences.spike(SURGE.spikes[0], ENGLISH) == (
        "742,200 impressions from Fri 29 Apr 18:00 to Sat 30 Apr 00:00, "
        "5.5 times the usual level; the peak was at 20:00."
    )


def test_silence_tells_what_would_have_been_usual():
    still = SURGE.spikes[0].model_copy(update={"way": Way.DOWN, "name": "posts", "total": 3.0, "expected": 2010.0})
    assert sentences.spike(still, ENGLISH) == (
        "Near silence: 3 posts from Fri 29 Apr 18:00 to Sat 30 Apr 00:00; 2,010 would be usual."
    )


def test_a_spike_out_of_silence_divides_by_nothing():
    silent = SURGE.spikes[0].model_copy(update={"expected": 0.0})
    assert "where almost nothing is usual" in sentences.spike(silent, ENGLISH)


def test_a_spike_of_an_unknown_metric_is_named_as_it_is():
    assert sentences.spike(SURGE.spikes[0].model_copy(update={"name": "votes"}), ENGLISH).startswith(
        "votes 742,200 from"
    )


def test_a_stretch_within_one_day_names_the_day_once():
    assert terms.span(EVENING, EVENING + timedelta(hours=2), ENGLISH) == "from Fri 29 Apr 20:00 to 22:00"


def test_the_driver_is_what_moved_most():
    assert sentences.driver(SURGE, ENGLISH) == "What moved most is Telegram: 1,973 posts, after 610 the day before."


@pytest.mark.parametrize("state", [State.QUIET, State.BLIND, State.STEADY])
def test_where_nothing_moved_nothing_is_blamed(state: State):
    assert sentences.driver(about(state), ENGLISH) is None


def test_a_part_that_fell_drove_no_rise_and_one_that_rose_no_fall():
    fell = (Share(name="mastodon", value=327.0, share=1.0, before=834.0),)
    assert sentences.driver(about(State.RISING, spellings=(), platforms=fell), ENGLISH) is None
    assert "Mastodon" in (sentences.driver(about(State.FALLING, spellings=(), platforms=fell), ENGLISH) or "")
    assert sentences.driver(about(State.FALLING), ENGLISH) is None


def test_a_part_without_a_before_moved_nothing():
    first = (Share(name="#savealeppo", value=9.0, share=1.0),)
    assert sentences.driver(about(State.RISING, spellings=first, platforms=()), ENGLISH) is None


def test_spellings_nobody_listed_are_called_so():
    assert terms.spelling("#SaveAleppo ~", ENGLISH) == "#SaveAleppo, other spellings"


def test_platforms_have_the_names_people_use_and_new_ones_their_own():
    assert [terms.platform(name, ENGLISH) for name in ("mastodon", "feeds", "bluesky")] == [
        "Mastodon",
        "News feeds",
        "Bluesky",
    ]


def test_a_small_share_is_not_nothing():
    assert [terms.share(part, ENGLISH) for part in (0.0, 0.001, 0.01)] == ["0%", "under 1%", "1%"]


def test_the_alt_text_tells_the_finding():
    assert sentences.chart_alt(SURGE, ENGLISH) == (
        "Chart of Impressions: highest with 183,000 at Fri 29 Apr 20:00. Holes in the line are gaps."
    )
    assert sentences.chart_alt(QUIET, ENGLISH) == "Chart: nothing was measured."


@pytest.mark.parametrize(
    ("days", "when", "before", "week"),
    [
        (1, "on Friday 29 April", "the day before", "the Friday before"),
        (3, "from Wednesday 27 April to Friday 29 April", "the 3 days before", "the same time a week earlier"),
        (7, "from Saturday 23 April to Friday 29 April", "the 7 days before", None),
        (0.25, "from Fri 29 Apr 18:00 to Sat 30 Apr 00:00", "the same length before", "the same time a week earlier"),
    ],
)
def test_windows_are_called_by_what_they_are(days: float, when: str, before: str, week: str | None):
    brief = lasting(days)
    assert (terms.when(brief, ENGLISH), terms.before(brief, ENGLISH), terms.week_before(brief, ENGLISH)) == (
        when,
        before,
        week,
    )


def test_lines_end_with_the_method_note():
    assert "n/a is a gap, not zero" in words.lines(SURGE)[-1]
    assert "impressions/1" in words.lines(SURGE)[-1]


def test_a_source_in_trouble_says_what_since_when_and_where_it_was_blind():
    line = next(line for line in words.lines(SURGE) if "t.me-halab" in line)
    assert "asked us to wait" in line
    assert "last answer Sat 30 Apr 04:00" in line
    assert "blind from Fri 29 Apr 03:00 to 05:00" in line


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ({"outcome": Outcome.BLIND, "message": "no canary"}, "was blind: it answered with nothing at all"),
        ({"outcome": Outcome.OK, "skipped": 412}, "412 posts left for later: its budget allows no more"),
    ],
)
def test_a_source_whose_silence_or_budget_hides_posts_is_named(source: dict[str, object], said: str):
    told = SourceHealth(name="x-main", platform="x", last_up=MADE_AT, **source)
    line = next(line for line in words.lines(about(State.QUIET, sources=(told,))) if "x-main" in line)
    assert said in line


def test_sources_that_did_well_are_only_counted():
    assert any("2 sources answered without a gap." in line for line in words.lines(SURGE))


def test_files_answered_nobody_and_say_what_they_cover():
    covered = (Stretch(start=EVENING, end=EVENING + timedelta(hours=2)),)
    gap = (Stretch(start=FRIDAY.start, end=EVENING),)
    files = SourceHealth(name="import-facebook", platform="facebook", imported=covered, gaps=gap)
    (said,) = [line for line in words.lines(SURGE.model_copy(update={"sources": (files,)})) if "trusted" in line]
    name, note = "From imported files: Facebook", "from Fri 29 Apr 20:00 to 22:00; blind from Fri 29 Apr 00:00 to 20:00"
    assert said == f"Can the numbers be trusted?: {name} {note}"


@pytest.mark.parametrize(
    ("posts", "said"), [(1, "1 post"), (99, "99 posts"), (742, "about 740 posts"), (3071, "about 3,100 posts")]
)
def test_an_estimate_has_no_more_digits_than_it_tells(posts: int, said: str):
    assert terms.estimated(posts, ENGLISH) == said


@pytest.mark.parametrize(
    "platform", ["facebook", "instagram", "threads", "tiktok", "youtube", "reddit", "bluesky", "x", "telegram"]
)
def test_platforms_have_arabic_names(platform: str):
    assert not any(letter.isascii() and letter.isalpha() for letter in terms.platform(platform, ARABIC))
    assert "No source was asked yet." in " ".join(words.lines(about(State.QUIET, sources=())))


def test_what_an_outlet_prints_twice_stands_once():
    twice = tuple(headline("Aleppo again", "Halab Press", "en", hour) for hour in (9, 8, 7))
    others = tuple(headline(f"Story {number}", "Halab Press", "en", 6) for number in range(3))
    found = [
        line
        for line in words.lines(about(State.RISING, headlines=(*twice, *others)))
        if line.startswith("In the press")
    ]
    assert len(found) == 4
