"""Which cells an export has, and which wishes are too large."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.errors import MonitorError
from monitor.exports.asked import Asked, Format, What
from monitor.exports.book import SHEETS, fitting
from monitor.exports.series import Split
from monitor.model.window import Resolution, Window
from tests.digest.test_gather import NOW
from tests.exports.books import VOTING, spoken

YEARS = 3 * 366


def asked(days: float, *, ago: float = 0, **wish: Any) -> Asked:
    end = NOW - timedelta(days=ago)
    return Asked(Format.CSV, Window(end - timedelta(days=days), end), spoken(), **wish)


@pytest.mark.parametrize(
    ("days", "ago", "width"),
    [
        (1, 0, Resolution.FIVE_MINUTES), (7, 0, Resolution.HOUR), (90, 0, Resolution.DAY), (YEARS, 0, Resolution.DAY),
        (1, 60, Resolution.HOUR), (1, 500, Resolution.DAY),
    ],
)  # fmt: skip
def test_cells_are_few_and_still_kept_where_nobody_says_how_wide(days, ago, width):
    assert fitting(asked(days, ago=ago), VOTING, NOW) is width


def test_a_wish_goes_before():
    assert fitting(asked(30, resolution=Resolution.FIVE_MINUTES), VOTING, NOW) is Resolution.FIVE_MINUTES


@pytest.mark.parametrize("split", [Split.NONE, Split.PLATFORM, Split.SPELLING])
def test_what_would_fill_the_memory_is_refused_with_advice(split):
    many = replace(VOTING, families=VOTING.families * 40)
    with pytest.raises(MonitorError, match="ask for a wider resolution, a shorter window, or fewer metrics"):
        fitting(asked(YEARS * 2, resolution=Resolution.FIVE_MINUTES, split=split), many, NOW)


def test_every_sheet_can_be_asked_for():
    assert {*SHEETS} == {*What} - {What.ALL}
