"""Briefs and series of long ago say the same as they did then, and say so where nobody knows any more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.archive.reading import Archive
from monitor.digest import gather
from monitor.exports import series, widths
from monitor.exports.series import NO_LONGER_KEPT, Split
from monitor.model.metric import Metric
from monitor.model.window import Resolution, Window
from monitor.store import runs
from tests.archive.older import DAYS, FRIDAY, SETTLED, archived, collected, forget
from tests.people import ALEPPO, NOON
from tests.store.batches import HOUR, NOW

YEARS = NOON + 900 * DAYS
ODD = Window(NOON - timedelta(minutes=55), NOON + timedelta(hours=23, minutes=5))
"""A day that no hours cut."""


@pytest.fixture
async def kept(store, tmp_path):
    """A store that forgot, and the archive behind it."""
    await runs.declare(store, ALEPPO.slug, {"social.example": "mastodon"}, NOON - 9 * DAYS)
    await collected(store, *range(NOW - 9 * 24 * HOUR, NOW + 2 * 24 * HOUR, HOUR))
    return store


async def behind(store, tmp_path):
    for now in (SETTLED, FRIDAY + 385 * DAYS):
        await archived(store, tmp_path, now)
    await forget(store)
    return replace(store, older=Archive(tmp_path))


async def points(store, resolution: Resolution = Resolution.FIVE_MINUTES, now=YEARS) -> series.Series:
    window = Window(NOON, NOON + timedelta(hours=3))
    return await series.read(store, ALEPPO, Metric.POSTS, window, resolution, Split.NONE, now)


async def test_a_brief_of_years_ago_counts_what_it_counted_then(kept, tmp_path):
    before = await gather.brief(kept, ALEPPO, ODD, ODD.end)
    after = await gather.brief(await behind(kept, tmp_path), ALEPPO, ODD, YEARS)
    assert after.window == before.window
    assert [total.now for total in after.totals] == [total.now for total in before.totals]
    assert after.total("posts").now.value == 24


async def test_without_an_archive_a_brief_of_years_ago_is_of_whole_days(kept):
    await forget(kept)
    brief = await gather.brief(kept, ALEPPO, ODD, YEARS)
    assert brief.window.end - brief.window.start >= DAYS
    assert brief.window.start != ODD.start


@pytest.mark.parametrize("resolution", [Resolution.FIVE_MINUTES, Resolution.HOUR])
async def test_a_series_of_years_ago_is_the_one_of_then(kept, tmp_path, resolution):
    before = await points(kept, resolution, now=SETTLED)
    after = await points(await behind(kept, tmp_path), resolution)
    assert after == before


async def test_what_nobody_keeps_any_more_is_a_gap_with_its_reason_and_not_zero(kept):
    await forget(kept)
    told = await points(kept)
    assert set(told.lines[0].values) == {None}
    assert all(told.partial)
    (gap,) = [gap for gap in told.gaps if gap.reason == NO_LONGER_KEPT]
    assert (gap.start, gap.end, gap.source) == (NOON, NOON + timedelta(hours=3), "social.example")


async def test_with_an_archive_the_narrowest_cells_are_chosen_that_it_keeps(kept, tmp_path):
    window = Window(NOON, NOON + timedelta(hours=3))
    assert await widths.chosen(kept, ALEPPO.slug, window, YEARS) is Resolution.DAY
    assert await widths.chosen(await behind(kept, tmp_path), ALEPPO.slug, window, YEARS) is Resolution.FIVE_MINUTES
