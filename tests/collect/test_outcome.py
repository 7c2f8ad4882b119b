from datetime import timedelta

import pytest

from monitor.collect.outcome import Course
from monitor.errors import AccessRefused, Blind, RateLimited, Reason, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.model.run import Outcome
from tests.people import NOON


def test_a_run_that_read_something_is_ok():
    assert Course(read=1, unchanged=[False]).outcome is Outcome.OK


def test_a_run_that_found_nothing_is_empty():
    assert Course(unchanged=[False, True]).outcome is Outcome.EMPTY


def test_a_run_of_unchanged_pages_only_is_unchanged():
    assert Course(unchanged=[True, True]).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (SourceUnavailable("down"), Outcome.UNAVAILABLE),
        (RateLimited("slow down"), Outcome.RATE_LIMITED),
        (AccessRefused("no key"), Outcome.REFUSED),
        (UnexpectedPayload("HTML"), Outcome.SOFT_ERROR),
        (Blind("it brings none of 500"), Outcome.BLIND),
        (SourceError("something"), Outcome.UNAVAILABLE),
    ],
)
def test_every_error_has_its_outcome(error: SourceError, outcome: Outcome):
    course = Course(read=5)
    course.failed(error, NOON)
    assert (course.outcome, course.message) == (outcome, str(error))


def test_the_gravest_error_tells_the_reason():
    course = Course()
    for error in (
        SourceUnavailable("down", reason=Reason.SLOW),
        AccessRefused("who knows why"),
        AccessRefused("no key", reason=Reason.KEY),
    ):
        course.failed(error, NOON)
    assert course.reason is Reason.KEY
    assert Course().reason is None


def test_the_gravest_of_several_errors_names_the_run():
    course = Course(read=5)
    course.note(Outcome.TRUNCATED, "cut off")
    course.failed(SourceUnavailable("down"), NOON)
    course.failed(AccessRefused("no key"), NOON)
    assert course.outcome is Outcome.REFUSED
    assert course.message == "cut off; down; no key"


def test_the_same_words_are_said_once():
    course = Course()
    for _ in range(3):
        course.failed(SourceUnavailable("down"), NOON)
    assert course.message == "down"


def test_a_long_message_is_cut():
    course = Course()
    course.failed(SourceUnavailable("x" * 5000), NOON)
    assert len(course.message) == 300


@pytest.mark.parametrize(("asked", "waited"), [(90.0, 90), (None, 0), (-5.0, 0), (1e12, 86400)])
def test_a_server_that_asks_for_patience_gets_a_day_at_most(asked: float | None, waited: float):
    course = Course()
    course.failed(RateLimited("later", asked), NOON)
    assert course.retry_at == NOON + timedelta(seconds=waited)


def test_other_errors_ask_for_no_patience():
    course = Course()
    course.failed(SourceUnavailable("down"), NOON)
    assert course.retry_at is None
