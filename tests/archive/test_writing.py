"""A day is written when nothing changes it any more, whole or not at all, however many write it."""

import asyncio
import os
import secrets
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor.archive.files import ASIDE, digest
from monitor.archive.partitions import Kind, partitions
from monitor.archive.writing import due, keep, tidy
from monitor.errors import ArchiveError
from monitor.model.mention import Reported
from monitor.model.metric import Metric
from monitor.model.window import Resolution, Window
from monitor.store import ingest
from monitor.store.beyond import relied_on
from tests.archive.older import DAYS, FRIDAY, GONE, SETTLED, SLUG, archived, collected, files, forget, posts, read
from tests.people import NOON
from tests.store.batches import HOUR, NOW, batch

MINUTES, HOURS = Resolution.FIVE_MINUTES, Resolution.HOUR
THE_DAY = date(2016, 4, 29)


def named(folder: Path, day: str = "2016-04-29") -> list[Path]:
    return [path for path in files(folder) if path.name.startswith(day)]


async def test_a_campaign_that_nobody_watched_leaves_no_file(store, tmp_path):
    assert await archived(store, tmp_path / "archive") == []
    assert not (tmp_path / "archive").exists()


async def test_a_day_is_written_once_nothing_collected_can_change_it(store, tmp_path):
    await collected(store, NOW)
    await archived(store, tmp_path, FRIDAY + 10 * DAYS - timedelta(seconds=1))
    assert named(tmp_path) == []
    await archived(store, tmp_path, FRIDAY + 10 * DAYS)
    assert len(named(tmp_path)) == 1


async def test_what_is_written_is_not_written_again(store, tmp_path):
    await collected(store, NOW)
    assert await archived(store, tmp_path)
    assert await archived(store, tmp_path) == []


async def test_before_the_store_lets_go_of_it_a_day_is_written_with_what_was_imported(store, tmp_path):
    await collected(store, NOW)
    await archived(store, tmp_path)
    late = FRIDAY + 33 * DAYS
    await collected(store, NOW + HOUR, number=7, now=int(late.timestamp()), keep=None)
    await archived(store, tmp_path, late)
    await forget(store)
    assert len(named(tmp_path)) == 1
    assert posts(await read(store, tmp_path)) == 2


async def test_a_store_that_began_anew_takes_nothing_from_what_was_archived(store, tmp_path):
    await collected(store, NOW, NOW + HOUR)
    await archived(store, tmp_path)
    await forget(store)
    await archived(store, tmp_path, FRIDAY + 33 * DAYS)
    assert posts(await read(store, tmp_path)) == 2


async def told(store, value: float, observed: int = NOW) -> None:
    one = Reported(Metric.REPORTED_POSTS, "tag/savealeppo", NOON, HOUR, value)
    await ingest.write(store, batch(observed=observed, reported=[one]))


async def test_what_a_platform_reports_is_kept_as_it_was_told_last(store, tmp_path):
    await collected(store, NOW)
    await told(store, 90)
    await archived(store, tmp_path, FRIDAY + 390 * DAYS)
    await told(store, 70, NOW + HOUR)
    await archived(store, tmp_path, FRIDAY + 399 * DAYS)
    asked = {"subjects": ["tag/savealeppo"], "metrics": [Metric.REPORTED_POSTS], "resolution": HOURS}
    frame = await read(store, tmp_path, now=NOON + 900 * DAYS, **asked)
    assert frame.values.to_numpy().sum() == 70


async def test_two_that_write_at_once_count_nothing_twice(store, tmp_path):
    await collected(store, NOW, NOW + HOUR)
    await asyncio.gather(*(archived(store, tmp_path) for _ in range(3)))
    await forget(store)
    assert posts(await read(store, tmp_path)) == 2


async def test_of_several_versions_the_next_turn_leaves_the_newest(store, tmp_path):
    await collected(store, NOW)
    await asyncio.gather(*(archived(store, tmp_path) for _ in range(3)))
    await archived(store, tmp_path, SETTLED + DAYS)
    assert len(named(tmp_path)) == 1


async def test_nothing_that_is_not_ours_is_removed_or_read(store, tmp_path):
    await collected(store, NOW)
    await archived(store, tmp_path)
    note = tmp_path / SLUG / "5m" / "note.txt"
    note.write_text("kept")
    await archived(store, tmp_path, SETTLED + DAYS)
    assert note.read_text() == "kept"


async def test_days_of_a_month_that_is_gone_are_put_together(store, tmp_path):
    await collected(store, NOW, NOW + HOUR, NOW + 24 * HOUR)
    await archived(store, tmp_path)
    assert len(files(tmp_path)) == 7
    tidy(tmp_path, SLUG, Kind.FIVE_MINUTES, datetime(2016, 8, 1, tzinfo=UTC))
    await forget(store)
    assert [one.span for one in partitions(tmp_path, SLUG, Kind.FIVE_MINUTES)] == ["2016-04", "2016-05-01"]
    assert posts(await read(store, tmp_path)) == 2


async def test_a_month_and_its_days_side_by_side_count_once(store, tmp_path):
    """A daemon that is killed after it put a month together and before it removed the days."""
    await collected(store, NOW, NOW + HOUR)
    await archived(store, tmp_path)
    days = {path: path.read_bytes() for path in files(tmp_path)}
    tidy(tmp_path, SLUG, Kind.FIVE_MINUTES, datetime(2016, 8, 1, tzinfo=UTC))
    for path, content in days.items():
        path.write_bytes(content)
    await forget(store)
    assert posts(await read(store, tmp_path)) == 2


async def test_a_day_that_is_written_after_its_month_is_read_instead_of_it(store, tmp_path):
    await collected(store, NOW, NOW + HOUR, NOW - 24 * HOUR)
    await archived(store, tmp_path)
    (day,) = [path.read_bytes() for path in named(tmp_path)]
    tidy(tmp_path, SLUG, Kind.FIVE_MINUTES, datetime(2016, 8, 1, tzinfo=UTC))
    (month, *_) = files(tmp_path)
    later = month.with_name(f"2016-04-29~20170101T000000.000000Z~later-1~{'0' * 64}.parquet")
    later.write_bytes(day)
    await forget(store)
    assert posts(await read(store, tmp_path)) == 2
    assert month in files(tmp_path)


async def test_the_name_of_a_file_holds_the_hash_of_its_bytes(store, tmp_path):
    await collected(store, NOW)
    written = await archived(store, tmp_path)
    assert all(digest(one.path(tmp_path)) == one.digest for one in written)


async def test_files_are_for_their_owner_alone(store, tmp_path):
    await collected(store, NOW)
    (one, *_) = await archived(store, tmp_path / "archive")
    path = one.path(tmp_path / "archive")
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_of_somebody_else_is_named(store, tmp_path):
    await collected(store, NOW)
    tmp_path.chmod(0o500)
    with pytest.raises(ArchiveError, match=str(tmp_path)):
        await archived(store, tmp_path)


async def test_a_folder_that_is_a_file_is_named_and_leaves_nothing_behind(store, tmp_path):
    await collected(store, NOW)
    (tmp_path / SLUG).write_text("a file")
    with pytest.raises(ArchiveError, match=str(tmp_path / SLUG)):
        await archived(store, tmp_path)


def test_what_a_killed_writer_left_unfinished_is_swept_away_after_a_day(tmp_path):
    place = tmp_path / SLUG / "5m"
    place.mkdir(parents=True)
    old, new = place / f".a{ASIDE}", place / f".b{ASIDE}"
    for path, age in ((old, 2 * DAYS), (new, timedelta())):
        path.write_text("half")
        os.utime(path, times=((NOON - age).timestamp(),) * 2)
    tidy(tmp_path, SLUG, Kind.FIVE_MINUTES, NOON)
    assert [path.name for path in place.iterdir()] == [new.name]


@pytest.mark.parametrize("resolution", [MINUTES, HOURS])
@pytest.mark.parametrize("rest", [0, 5, 25])
def test_a_daemon_that_rests_for_weeks_loses_no_day(resolution, rest):
    """Every day is written while the store surely has it, whatever the days without a daemon."""
    known: dict[date, datetime] = {}
    now = NOON
    for step in range(500):
        now += (rest if step == 450 else 1) * DAYS
        for day in due(resolution, Window(NOON, now), known, now):
            assert datetime(day.year, day.month, day.day, tzinfo=UTC) >= min(relied_on(resolution, now), NOON - DAYS)
            known[day] = now
    days = sorted(known)
    assert len(days) == (days[-1] - days[0]).days + 1


def test_days_are_kept_by_the_store_and_never_due():
    assert due(Resolution.DAY, Window(NOON, GONE), {}, GONE) == []


KILLED = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from monitor.archive.writing import keep
from monitor.store.store import Store
from monitor.store.keys import Keys
from monitor.store import redis
async def main():
    store = Store(redis.connect(sys.argv[1]), Keys(sys.argv[2]), b"a secret of the tests")
    print("ready", flush=True)
    while True:
        await keep(store, Path(sys.argv[3]), ["aleppo"], datetime.fromisoformat(sys.argv[4]))
        for path in Path(sys.argv[3]).rglob("*.parquet"):
            path.unlink()
asyncio.run(main())
"""


@pytest.mark.slow
async def test_a_writer_that_is_killed_at_any_moment_leaves_whole_files_only(store, redis_server, tmp_path):
    await collected(store, *range(NOW, NOW + 24 * HOUR, 300))
    program = [sys.executable, "-c", KILLED, redis_server.url, store.keys.prefix, str(tmp_path), SETTLED.isoformat()]
    for _ in range(3):
        writer = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
        assert writer.stdout is not None
        await writer.stdout.readline()
        await asyncio.sleep(0.05 + secrets.randbelow(200) / 1000)
        writer.send_signal(signal.SIGKILL)
        await writer.wait()
        assert all(digest(one.path(tmp_path)) == one.digest for one in partitions(tmp_path, SLUG, Kind.FIVE_MINUTES))
    await archived(store, tmp_path)
    await forget(store)
    assert posts(await read(store, tmp_path)) == 144


async def test_every_campaign_is_kept(store, tmp_path):
    await collected(store, NOW)
    written = await keep(store, tmp_path, [SLUG, "homs"], SETTLED)
    assert {one.campaign for one in written} == {SLUG}
