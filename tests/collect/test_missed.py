"""A walk that was cut off leaves a hole: told with about what it hid, until it is filled, or for ever."""

from datetime import timedelta

import pytest

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.collect.missed import reports
from monitor.collect.report import Report
from monitor.digest import gather
from monitor.model.run import Outcome
from monitor.model.source import Page
from monitor.model.window import Window
from tests.collect.played import Played
from tests.people import ALEPPO, NOON, post

HOUR = timedelta(hours=1)
HOLE = Window(NOON - 6 * HOUR, NOON - 2 * HOUR)
BEFORE, AFTER = Window(NOON - 24 * HOUR, HOLE.start), Window(HOLE.end, NOON)


def posts(window):
    """Three posts an hour."""
    hours = range(-24, 0)
    every = [post(100 * hour + third, hours=hour + third / 3) for hour in hours for third in range(3)]
    return [one for one in every if one.created_at in window]


def asked(*pages: Page):
    return Played({"a": pages})


async def run(store, source, *, at=NOON):
    return await collect(store, source, ALEPPO, Simulated(at))


async def cut_off(store):
    """Two runs; the second met a platform that cut the walk off before it reached what was known."""
    await run(store, asked(Page(posts(BEFORE), {"at": 1}, BEFORE)), at=HOLE.start)
    return await run(store, asked(Page(posts(AFTER), {"at": 2}, AFTER, truncated=True)))


async def status(store, *, now=NOON):
    asked = [(Report(campaign=ALEPPO.slug, source="social", platform="mastodon"), HOUR / 12)]
    (report,) = await reports(store, ALEPPO, asked, now)
    return report


async def brief(store, *, now=NOON):
    return await gather.brief(store, ALEPPO, Window(NOON - 24 * HOUR, NOON), now)


async def test_the_run_says_that_it_was_cut_off(store):
    done = await cut_off(store)
    assert done.outcome is Outcome.TRUNCATED
    assert done.kept == 6


async def test_status_and_brief_tell_the_hole_and_about_what_it_hid(store):
    await cut_off(store)
    report, found = await status(store), await brief(store)
    assert [Window(gap.start, gap.end) for gap in report.gaps] == [HOLE]
    assert found.sources[0].gaps == report.gaps
    assert found.sources[0].lost == pytest.approx(report.lost) == pytest.approx(12)


async def test_what_it_hid_is_added_to_nothing(store):
    await cut_off(store)
    total = (await brief(store)).total("posts")
    assert (total.now.value, total.now.partial) == (60, True)


async def test_a_hole_that_is_filled_later_is_gone(store):
    await cut_off(store)
    await run(store, asked(Page(posts(HOLE), {"at": 3}, HOLE)))
    found = await brief(store)
    assert ((await status(store)).gaps, found.sources[0].gaps, found.sources[0].lost) == ((), (), None)
    assert (found.total("posts").now.value, found.total("posts").now.partial) == (72, False)


async def test_a_hole_that_nobody_fills_stays_marked_for_ever(store):
    await cut_off(store)
    later = NOON
    for _ in range(20):
        before, later = later, later + 12 * HOUR
        await run(store, asked(Page((), {"at": 4}, Window(before, later))), at=later)
    found = await brief(store, now=later)
    assert [Window(gap.start, gap.end) for gap in found.sources[0].gaps] == [HOLE]
    assert found.total("posts").now.partial


async def test_where_there_is_no_gap_nothing_is_read_or_said(store):
    await run(store, asked(Page(posts(BEFORE), {"at": 1}, Window(NOON - 24 * HOUR, NOON))))
    assert (await status(store)).lost is None
