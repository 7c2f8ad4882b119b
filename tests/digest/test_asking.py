"""What is said of one source: by `monitor status` below its table, by the page."""

from datetime import timedelta

import pytest

from monitor.collect.report import Report
from monitor.digest import asking
from monitor.errors import Reason
from monitor.model.brief import Stretch
from monitor.model.run import Outcome
from monitor.words.voice import voice
from tests.people import NOON

ENGLISH = voice("en")


def source(**fields: object) -> Report:
    return Report.model_validate({"campaign": "buses", "source": "m", "platform": "mastodon", **fields})


def remarks(**fields: object) -> str:
    return asking.remarks(source(**fields), ENGLISH)


@pytest.mark.parametrize(("lost", "said"), [
    (None, ""), (0.0, ""), (0.4, ""), (0.6, "about 1 missed in these gaps"), (118.4, "about 120 missed in these gaps"),
    (12_345.0, "about 12,000 missed in these gaps"),
])  # fmt: skip
def test_about_what_the_gaps_hid_is_said_with_the_digits_an_estimate_has(lost, said):
    assert remarks(lost=lost) == said


def test_it_stands_behind_what_went_wrong_and_what_had_to_wait():
    said = remarks(lost=10.0, message="no answer", skipped=1200)
    assert said == "no answer; 1,200 posts left for later: its budget allows no more; about 10 missed in these gaps"


@pytest.mark.parametrize(("language", "said", "quoted"), [
    ("en", "answered 401", ""),
    ("ar", "مفتاحه مرفوض", "\u2068answered 401\u2069"),
])  # fmt: skip
def test_why_it_fails_stands_apart_from_its_own_words_where_these_are_foreign(language, said, quoted):
    failing, reader = source(message="answered 401", reason=Reason.KEY), voice(language)
    assert (asking.remarks(failing, reader), asking.quoted(failing, reader)) == (said, quoted)


def test_what_is_said_of_a_source_that_is_off_is_quoted_where_it_is_foreign():
    off = source(off="no key", message="answered 401")
    assert (asking.remarks(off, voice("ar")), asking.quoted(off, voice("ar"))) == ("", "\u2068no key\u2069")


def test_of_a_source_that_is_off_only_that_is_said():
    assert remarks(lost=10.0, off="switched off (enabled = false)") == "switched off (enabled = false)"


@pytest.mark.parametrize(("fields", "said"), [
    ({}, "not asked yet"), ({"off": "no key"}, "switched off"), ({"outcome": Outcome.EMPTY}, "answered, nothing new"),
    ({"outcome": Outcome.REFUSED}, "refused us"),
])  # fmt: skip
def test_how_the_last_run_ended_is_said_in_the_words_of_mails(fields, said):
    assert asking.outcome(source(**fields), ENGLISH) == said


@pytest.mark.parametrize(
    "outcome", [one for one in Outcome if one not in {Outcome.OK, Outcome.EMPTY, Outcome.UNCHANGED}]
)
def test_whatever_goes_wrong_says_what_to_do(outcome):
    assert asking.advice(source(outcome=outcome), ENGLISH)


@pytest.mark.parametrize(("language", "said", "remark"), [
    ("en", "there is nothing at its address", "answered 404"),
    ("ar", "لا شيء على عنوانه", ""),
])  # fmt: skip
def test_an_address_that_leads_nowhere_is_not_called_unreadable(language, said, remark):
    gone, reader = source(outcome=Outcome.SOFT_ERROR, reason=Reason.GONE, message="answered 404"), voice(language)
    assert (asking.outcome(gone, reader), asking.remarks(gone, reader)) == (said, remark)
    assert asking.advice(gone, ENGLISH).startswith("Correct its address")


def test_of_a_source_that_is_well_nothing_is_to_do():
    assert asking.advice(source(outcome=Outcome.OK), ENGLISH) == ""
    assert asking.advice(source(), ENGLISH) == ""


def test_gaps_are_counted_and_summed():
    gaps = [Stretch(start=NOON, end=NOON + timedelta(hours=hours)) for hours in (1, 2)]
    assert asking.gaps(source(outcome=Outcome.OK, gaps=gaps), ENGLISH) == "2 gaps in 7 days, 3 hours"
    assert asking.gaps(source(outcome=Outcome.OK), ENGLISH) == "no gap in 7 days"
    assert asking.gaps(source(), ENGLISH) == ""


@pytest.mark.parametrize("gaps", [(), (Stretch(start=NOON, end=NOON + timedelta(hours=1)),)])
def test_a_source_that_never_answered_is_not_one_without_gaps(gaps):
    silent = source(outcome=Outcome.UNAVAILABLE, gaps=gaps)
    assert asking.gaps(silent, ENGLISH) == "it never answered"
    assert asking.gaps(silent, voice("ar")) == "لم يُجب قط"
    assert asking.gaps(source(outcome=Outcome.BLIND), ENGLISH) == "nothing seen yet"


def test_one_that_fails_now_and_answered_before_has_its_gaps_counted():
    assert asking.gaps(source(outcome=Outcome.UNAVAILABLE, last_up=NOON), ENGLISH) == "no gap in 7 days"


def test_a_message_of_a_server_can_not_turn_the_line():
    assert "\u202e" not in asking.remarks(source(message="no\u202eanswer"), ENGLISH)
