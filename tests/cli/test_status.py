"""What `monitor status` says below its table."""

import pytest

from monitor.cli.status import _remarks
from monitor.collect.report import Report


def remarks(**fields: object) -> str:
    return _remarks(Report.model_validate({"campaign": "buses", "source": "m", "platform": "mastodon", **fields}))


@pytest.mark.parametrize(("lost", "said"), [
    (None, ""), (0.0, ""), (0.4, ""), (0.6, "about 1 missed in its gaps"), (118.4, "about 120 missed in its gaps"),
    (12_345.0, "about 12,000 missed in its gaps"),
])  # fmt: skip
def test_about_what_the_gaps_hid_is_said_with_the_digits_an_estimate_has(lost, said):
    assert remarks(lost=lost) == said


def test_it_stands_behind_what_went_wrong_and_what_had_to_wait():
    said = remarks(lost=10.0, message="no answer", skipped=1200)
    assert said == "no answer; 1,200 posts are left for later: the budget allows no more; about 10 missed in its gaps"


def test_of_a_source_that_is_off_only_that_is_said():
    assert remarks(lost=10.0, off="switched off (enabled = false)") == "switched off (enabled = false)"
