"""Which cells an export has, and which wishes are too large."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from monitor.errors import MonitorError
from monitor.exports import widths
from monitor.exports.asked import Asked, Format, What
from monitor.exports.book import SHEETS, be_bearable
from monitor.exports.files import export
from monitor.exports.series import Split
from monitor.model.metric import Metric
from monitor.model.window import Resolution, Window
from tests.digest.test_gather import DAY, NOW
from tests.exports.books import VOTING, fill, spoken, table, told

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
async def test_cells_are_few_and_still_kept_where_nobody_says_how_wide(store, days, ago, width):
    assert await widths.chosen(store, VOTING.slug, asked(days, ago=ago).window, NOW) is width


async def test_a_wish_goes_before(store):
    await fill(store)
    rows = await table(store, What.SERIES, Format.JSON, metrics=(Metric.POSTS,), resolution=Resolution.HOUR)
    assert len(rows) == 24


async def test_what_is_no_longer_kept_stands_among_the_gaps_of_every_format(store):
    await fill(store)
    later = partial(export, store, VOTING, await told(store), now=NOW + timedelta(days=60))
    for form in (Format.CSV, Format.REPORT):
        wish = replace(asked(1), format=form, window=DAY, what=What.GAPS, resolution=Resolution.FIVE_MINUTES)
        written = b"".join((await later(wish)).parts()).decode()
        assert "no longer kept" in written
        assert "no longer kept" not in b"".join((await later(replace(wish, resolution=None))).parts()).decode()


@pytest.mark.parametrize("split", [Split.NONE, Split.PLATFORM, Split.SPELLING])
def test_what_would_fill_the_memory_is_refused_with_advice(split):
    many = replace(VOTING, families=VOTING.families * 40)
    with pytest.raises(MonitorError, match="ask for a wider resolution, a shorter window, or fewer metrics"):
        be_bearable(asked(YEARS * 2, split=split), many, Resolution.FIVE_MINUTES)


def test_every_sheet_can_be_asked_for():
    assert {*SHEETS} == {*What} - {What.ALL}
