"""Older cells answer as if they were still in the store, each once."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
import structlog

from monitor.archive.files import put, table_of
from monitor.archive.partitions import Kind, partitions
from monitor.archive.reading import Archive
from monitor.model.metric import WHOLE, Metric
from monitor.model.window import Resolution, Window, local_day
from monitor.store import beyond
from tests.archive.older import DAY, DAYS, FRIDAY, GONE, SETTLED, SLUG, archived, collected, files, forget, posts, read
from tests.people import ALEPPO, NOON
from tests.store.batches import HOUR, NOW, TAG


@pytest.fixture
async def kept(store, tmp_path):
    """A store that has forgotten what the archive keeps."""
    await collected(store, NOW, NOW, NOW + HOUR, NOW + 24 * HOUR)
    await archived(store, tmp_path)
    await forget(store)
    return store


async def test_what_the_store_let_go_of_is_read_from_the_archive_to_the_cell(store, tmp_path):
    await collected(store, NOW, NOW, NOW + HOUR)
    asked = {"metrics": [Metric.POSTS, Metric.LIKES], "subjects": [TAG, WHOLE]}
    before = await read(store, None, now=SETTLED, **asked)
    await archived(store, tmp_path)
    await forget(store)
    after = await read(store, tmp_path, **asked)
    assert after.values.equals(before.values)
    assert after.known.equals(before.known)


async def test_without_an_archive_what_is_gone_is_unknown_and_not_zero(kept):
    frame = await read(kept, None)
    assert not frame.known.to_numpy().any()
    assert not frame.is_kept.any()


async def test_a_folder_that_is_not_there_holds_nothing(kept, tmp_path):
    assert np.isnan(posts(await read(kept, tmp_path / "none")))


async def test_a_folder_that_can_not_be_looked_into_is_named_and_holds_nothing(kept, tmp_path):
    with structlog.testing.capture_logs() as said:
        assert np.isnan(posts(await read(kept, tmp_path / ("x" * 300))))
    assert "x" * 300 in said[0]["problem"]


async def test_a_single_cell_is_read_from_the_archive_as_it_is_among_others(kept, tmp_path):
    one = Window(datetime.fromtimestamp(NOW, UTC), datetime.fromtimestamp(NOW, UTC) + timedelta(minutes=5))
    frame = await read(kept, tmp_path, one)
    assert posts(frame) == 2
    assert len(frame.values) == 1


async def test_a_quiet_cell_of_an_archived_day_is_zero(kept, tmp_path):
    frame = await read(kept, tmp_path)
    assert frame.gapped.iloc[0, 0] == 0


async def test_a_day_that_nobody_kept_is_a_hole_between_others(kept, tmp_path):
    (lost,) = [path for path in files(tmp_path) if path.name.startswith("2016-04-30")]
    lost.unlink()
    frame = await read(kept, tmp_path, Window(DAY.start, DAY.end + 2 * DAYS))
    assert frame.is_kept.reshape(3, 288).all(axis=1).tolist() == [True, False, True]
    assert posts(frame) == 3


@pytest.mark.parametrize("hours", range(0, 49, 7))
async def test_on_the_border_of_the_retention_every_post_counts_once(store, tmp_path, hours):
    await collected(store, NOW, NOW + HOUR, NOW + 24 * HOUR)
    await archived(store, tmp_path)
    now = FRIDAY + timedelta(days=35, hours=hours)
    assert posts(await read(store, tmp_path, Window(DAY.start, DAY.end + DAYS), now=now)) == 3


async def test_the_part_of_a_day_that_the_store_lost_is_unknown_while_the_rest_of_it_is_read(store):
    await collected(store, NOW, NOW + HOUR)
    frame = await read(store, None, now=NOON + 35 * DAYS)
    assert frame.known["mastodon"].sum() == (11 * 60) / 5
    assert posts(frame) == 1


async def test_hours_are_the_archives_after_four_hundred_days(store, tmp_path):
    await collected(store, NOW, NOW + HOUR)
    await archived(store, tmp_path, NOON + 390 * DAYS)
    await forget(store)
    asked = {"resolution": Resolution.HOUR, "now": NOON + 900 * DAYS}
    assert posts(await read(store, tmp_path, **asked)) == 2
    assert files(tmp_path, Kind.HOUR)


async def test_days_are_the_stores_for_ever(kept, tmp_path):
    local = local_day(NOON, ALEPPO.zone)
    asked = {"resolution": Resolution.DAY, "zone": ALEPPO.zone, "now": GONE + 900 * DAYS}
    assert posts(await read(kept, tmp_path, local, **asked)) == 3


@pytest.mark.parametrize("zone", ["Asia/Damascus", "Asia/Kathmandu", "America/New_York"])
async def test_a_window_of_local_days_takes_what_it_needs_of_days_of_utc(kept, tmp_path, zone):
    around = Window(NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    assert posts(await read(kept, tmp_path, around, zone=zone)) == 2


@pytest.mark.parametrize("day", [datetime(2016, 3, 27, tzinfo=UTC), datetime(2016, 10, 30, tzinfo=UTC)])
async def test_a_day_on_which_clocks_change_keeps_all_its_cells(store, tmp_path, day):
    begin = int(day.timestamp())
    hours = [begin + hour * HOUR for hour in range(24)]
    await collected(store, *hours, zone="Europe/Berlin")
    await collected(store, begin, number=99, zone="Europe/Berlin")
    before = await read(store, None, Window(day, day + DAYS), now=day + DAYS)
    await archived(store, tmp_path, day + 12 * DAYS)
    await forget(store)
    after = await read(store, tmp_path, Window(day, day + DAYS), now=day + 99 * DAYS, zone="Europe/Berlin")
    assert after.values.to_numpy().tolist() == before.values.to_numpy().tolist()


def cut(path, keep: float) -> None:
    os.truncate(path, int(path.stat().st_size * keep))


@pytest.mark.parametrize("keep", [0, 0.1, 0.99])
async def test_a_file_that_was_cut_is_named_and_the_others_are_read(kept, tmp_path, keep):
    cut(files(tmp_path)[-1], keep)
    (broken,) = [path for path in files(tmp_path) if path.name.startswith("2016-04-29")]
    cut(broken, keep)
    with structlog.testing.capture_logs() as said:
        frame = await read(kept, tmp_path, Window(DAY.start, DAY.end + DAYS))
    assert posts(frame) == 1
    assert [str(broken) in line["problem"] for line in said] == [True]


async def test_a_file_with_a_broken_middle_is_named_and_the_others_are_read(kept, tmp_path):
    (broken,) = [path for path in files(tmp_path) if path.name.startswith("2016-04-29")]
    bytes_of = bytearray(broken.read_bytes())
    bytes_of[4:600] = bytes(596)
    broken.write_bytes(bytes_of)
    with structlog.testing.capture_logs() as said:
        frame = await read(kept, tmp_path, Window(DAY.start, DAY.end + DAYS))
    assert posts(frame) == 1
    assert str(broken) in said[0]["problem"]


async def test_what_can_not_be_read_though_every_file_is_whole_is_told(kept, tmp_path):
    (before,) = [one for one in partitions(tmp_path, SLUG, Kind.FIVE_MINUTES) if one.span == "2016-04-29"]
    whole = table_of(before.path(tmp_path))
    strange = whole.set_column(3, "start", pa.array(["noon"] * len(whole)))
    put(tmp_path, replace(before, written=GONE), frozenset(before.days), strange)
    with structlog.testing.capture_logs() as said:
        assert np.isnan(posts(await read(kept, tmp_path)))
    assert "can not be read now" in said[0]["problem"]


async def test_where_the_newest_version_is_broken_the_one_before_it_serves(store, tmp_path):
    await collected(store, NOW)
    (first, *_) = await archived(store, tmp_path)
    saved = {path: path.read_bytes() for path in files(tmp_path)}
    await archived(store, tmp_path, FRIDAY + 34 * DAYS)
    for path, content in saved.items():
        path.write_bytes(content)
    newest = [path for path in files(tmp_path) if path.name.startswith("2016-04-29")][-1]
    cut(newest, 0.5)
    await forget(store)
    assert first.path(tmp_path).exists()
    assert posts(await read(store, tmp_path)) == 1


async def test_it_is_told_since_when_cells_are_there_without_a_hole(kept, tmp_path):
    now = FRIDAY + 36 * DAYS
    reach = await beyond.reach(Archive(tmp_path), SLUG, now)
    assert reach.since(Resolution.FIVE_MINUTES, now) == datetime(2016, 4, 25, tzinfo=UTC)
    assert reach.since(Resolution.HOUR, now) == now - 399 * DAYS


async def test_a_hole_ends_what_is_there_without_a_hole(kept, tmp_path):
    (lost,) = [path for path in files(tmp_path) if path.name.startswith("2016-04-29")]
    lost.unlink()
    now = FRIDAY + 36 * DAYS
    reach = await beyond.reach(Archive(tmp_path), SLUG, now)
    assert reach.since(Resolution.FIVE_MINUTES, now) == FRIDAY + DAYS


async def test_of_a_campaign_that_is_over_its_last_days_are_there_without_a_hole(kept, tmp_path):
    reach = await beyond.reach(Archive(tmp_path), SLUG, NOON + 900 * DAYS)
    assert reach.since(Resolution.FIVE_MINUTES, NOON) == datetime(2016, 4, 25, tzinfo=UTC)
    assert reach.since(Resolution.FIVE_MINUTES, NOON + 90 * DAYS) == NOON + 866 * DAYS
