"""A copy of the whole store, put back elsewhere: every key, every series, every end."""

import asyncio
import gzip
import io
import json
import os
import resource
import secrets
import signal
import tarfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IMODE

import pytest
from redis.exceptions import RedisError

from monitor.archive import aside, copies, forget, groups
from monitor.archive.copied import FORMAT, NotWhole, checked, packed
from monitor.archive.folders import NotEmpty, Places
from monitor.archive.restore import Restored, is_state, restore
from monitor.errors import MonitorError, StoreError
from monitor.model.metric import Metric
from monitor.store import embedded, holds, ingest, redis
from monitor.store import store as stores
from monitor.store.keys import Keys
from monitor.store.store import Store
from tests.archive.filled import SCRATCHED, batch, everything, fill, live
from tests.store.batches import total

TODAY = datetime.now(UTC)
FILES = {
    "config/monitor.toml": "",
    "config/campaigns/aleppo.toml": "",
    "archive/aleppo/5m/one.parquet": "PAR1",
    "archive/aleppo/5m/.unfinished": "",
    "key/privacy.key": "0123456789abcdef\n",
}


@pytest.fixture
async def empty(store: Store) -> AsyncIterator[Store]:
    """An empty place beside the store."""
    other = Store(store.redis, Keys(f"r{secrets.token_hex(6)}"), store.secret)
    yield other
    if left := await store.redis.keys(f"{other.keys.prefix}:*"):
        await store.redis.unlink(*left)


@pytest.fixture
def here(tmp_path: Path) -> Places:
    """The folders that are copied."""
    for name, text in FILES.items():
        (tmp_path / "here" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "here" / name).write_text(text)
    return places(tmp_path / "here")


def places(folder: Path) -> Places:
    return Places(folder / "config", folder / "archive", folder / "key/privacy.key")


@pytest.fixture
def there(tmp_path: Path) -> Places:
    return places(tmp_path / "there")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copy.tar.gz"


@pytest.fixture
async def copy(store: Store, here: Places, file: Path) -> Path:
    """A copy of a store that has something of every kind in it."""
    await fill(store)
    await copies.backup(store, here, file, TODAY)
    return file


async def put_back(store: Store, file: Path, there: Places, now: datetime = TODAY) -> Restored:
    return await restore(store, file, checked(file), there, now)


async def test_everything_is_back_as_it_was(store, empty, here, there, file):
    await fill(store)
    made = await copies.backup(store, here, file, TODAY)
    done = await put_back(empty, file, there)
    before = await everything(store)
    assert await everything(empty) == {name: held for name, held in before.items() if name not in SCRATCHED}
    assert (done.series, done.samples) == (made.series, made.samples)
    assert made.series == sum(held.kind == b"TSDB-TYPE" for held in before.values()) > 90
    assert {b"string", b"hash", b"set", b"list", b"zset", b"stream"} <= {held.kind for held in before.values()}


async def test_nothing_is_counted_twice_after_a_restore(store, empty, here, there, file):
    await fill(store)
    await copies.backup(store, here, file, TODAY)
    await put_back(empty, file, there, TODAY + timedelta(days=300))
    again = await ingest.write(empty, batch(*[live(number, number / 4) for number in range(40)]))
    assert (again.new, again.raised) == (0, 0)


async def test_files_and_key_are_back_and_what_is_unfinished_is_not(store, here, empty, there, file):
    await copies.backup(store, here, file, TODAY)
    assert (await put_back(empty, file, there)).files == 1
    assert (there.archive / "aleppo/5m/one.parquet").read_text() == "PAR1"
    assert there.key
    assert there.key.read_text() == "0123456789abcdef\n"
    assert there.key.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in there.archive.rglob("*.*")] == ["one.parquet"]


async def test_nobody_else_may_look_into_what_is_back(empty, there, copy):
    await restore(empty, copy, checked(copy), there, TODAY)
    for path in (there.archive, *there.archive.rglob("*")):
        assert S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


async def test_what_was_to_go_by_a_day_goes_by_that_day_wherever_it_was(store, empty, here, there, file):
    await fill(store)
    await copies.backup(store, here, file, TODAY)
    done = await put_back(empty, file, there, TODAY + timedelta(days=30))
    kinds = {name.partition("}:")[2].partition(":")[0] for name in await everything(empty)}
    assert not kinds & {"tags", "people", "largest", "due"}
    assert {"st", "au", "seen", "fo"} <= kinds
    assert done.over > 0


async def test_a_key_ends_at_the_moment_it_would_have_ended(store, empty, here, there, file):
    name = "{aleppo}:people:0"
    await store.redis.set(f"{store.keys.prefix}:{name}", "x", px=5_000_000)
    await copies.backup(store, here, file, TODAY)
    await put_back(empty, file, there)
    ends = [await one.redis.pexpiretime(f"{one.keys.prefix}:{name}") for one in (store, empty)]
    assert ends[0] == ends[1]


async def test_batches_that_come_in_meanwhile_are_in_the_copy_whole_or_not_at_all(store, empty, here, there, file):
    await ingest.write(store, batch(*map(live, range(50))))
    reading = aside.rows(store, groups.of(store, "aleppo"))
    first = await anext(reading)
    await ingest.write(store, batch(*map(live, range(50, 100))))
    rows = [first] + [row async for row in reading]
    posts = {row.name: row.total for row in rows if row.name.endswith(b"ts:*:mastodon:posts:1d")}
    assert list(posts.values()) == [50]


async def test_every_post_counts_once_whatever_moment_the_copy_was_made_at(store, empty, here, there, file):
    pages = [batch(*map(live, range(first, first + 10))) for first in range(0, 600, 10)]

    async def collect() -> None:
        for page in pages:
            await ingest.write(store, page)
            await asyncio.sleep(0)

    await ingest.write(store, pages[0])
    await asyncio.gather(collect(), copies.backup(store, here, file, TODAY))
    await put_back(empty, file, there)
    assert 0 < await total(empty, Metric.POSTS) < 600
    for page in pages:
        await ingest.write(empty, page)
    assert await total(empty, Metric.POSTS) == 600
    assert await total(empty, Metric.IMPRESSIONS) == await total(store, Metric.IMPRESSIONS)


async def test_nobody_waits_for_a_look_at_all_keys(store, here, file):
    """Redis does one thing at a time: `KEYS`, or a step with every key of a campaign, stops everybody."""
    await fill(store)
    await store.redis.config_resetstat()
    await copies.backup(store, here, file, TODAY)
    told = await store.redis.info("commandstats")
    assert "cmdstat_keys" not in told
    assert told["cmdstat_eval"]["calls"] > told["cmdstat_copy"]["calls"] / holds.AT_ONCE > 2


async def test_what_holds_a_campaign_is_no_part_of_its_copy(store, here, file):
    await fill(store)
    names = [row.name async for row in aside.rows(store, groups.of(store, "aleppo"))]
    assert len(names) == await forget.keys_of(store, "aleppo")
    assert not [name for name in names if name.endswith(b"}:held")]


async def test_what_posts_are_known_by_outlives_a_copy_unless_the_terms_of_a_platform_forbid_it(store):
    assert is_state(b"{aleppo}:st:mastodon:2016-04-29:00")
    assert is_state(b"{aleppo}:fo:mastodon:2016-04-29:00")
    assert not is_state(b"{aleppo}:st:youtube:2016-04-29:00")
    assert not is_state(b"{aleppo}:people:0")


async def test_what_was_set_aside_is_gone_afterwards_also_when_nobody_reads_it_to_its_end(store):
    await fill(store)
    reading = aside.rows(store, groups.of(store, "aleppo"))
    await anext(reading)
    assert await store.redis.keys(f"{store.keys.prefix}-aside:*")
    await reading.aclose()
    assert await store.redis.keys(f"{store.keys.prefix}-aside:*") == []


async def test_what_a_killed_process_set_aside_is_swept_away_and_nothing_younger(store):
    now, _ = await store.redis.time()
    old, young = (f"{store.keys.prefix}-aside:{now - age}-ab12:x" for age in (4000, 1000))
    for name in (old, young):
        await store.redis.set(name, 1)
    await aside.sweep(store)
    assert [await store.redis.exists(name) for name in (old, young)] == [0, 1]
    await store.redis.delete(young)


async def test_every_key_is_in_one_group(store):
    await fill(store)
    found = [row.name for group in await groups.groups(store) async for row in aside.rows(store, group)]
    assert sorted(found) == sorted(name.encode() for name in await everything(store))


async def test_without_secrets_nothing_in_it_lets_anybody_in(store, here, there, empty, file):
    await fill(store)
    (here.settings / "smtp_password").write_text("hunter2")
    made = await copies.backup(store, here, file, TODAY, with_secrets=False)
    await put_back(empty, file, there)
    names = set(await everything(store)) - set(await everything(empty)) - SCRATCHED
    assert {name.partition(":")[0] for name in names} == {"users", "tokens", "session", "sessions", "account"}
    assert not {"privacy.key", "settings/smtp_password"} & {part.name for part in made.parts}
    content = gzip.decompress(file.read_bytes())
    assert b"hunter2" not in content
    assert b"a secret of the platform" not in content


async def test_only_its_owner_may_read_a_copy(store, here, file):
    await copies.backup(store, here, file, TODAY)
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_copy_is_never_written_over_another(store, here, file):
    file.write_text("older")
    with pytest.raises(MonitorError, match="never written over"):
        await copies.backup(store, here, file, TODAY)
    assert file.read_text() == "older"


async def test_what_a_loss_of_power_left_unfinished_is_removed_by_the_copy_of_another_day(store, here, file):
    left = [file.with_name(f".copy.{hours}{copies.UNFINISHED}") for hours in (1, 30)]
    for path, hours in zip(left, (1, 30), strict=True):
        path.touch()
        os.utime(path, (TODAY.timestamp() - hours * 3600,) * 2)
    await copies.backup(store, here, file, TODAY)
    assert [path.exists() for path in left] == [True, False]


async def test_a_copy_that_cannot_be_written_leaves_nothing(store, here, tmp_path):
    with pytest.raises(MonitorError, match=r"cannot be written to .* nothing is left"):
        await copies.backup(store, here, tmp_path / "nowhere" / "copy", TODAY)


async def test_a_disk_that_is_full_in_the_middle_is_told_and_leaves_no_half_file(store, here, file):
    await fill(store)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(MonitorError, match="cannot be written to"):
            await copies.backup(store, here, file, TODAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in file.parent.iterdir()] == ["here"]


@pytest.mark.slow
async def test_a_redis_that_goes_away_in_the_middle_is_told_and_leaves_no_half_file(tmp_path, here, file):
    with embedded.start(tmp_path / "redis") as server:
        store = Store(redis.connect(server.url), Keys("cm"), b"a secret of the tests")
        await fill(store)
        (here.archive / "big").write_bytes(b"x" * 10_000)
        copying = asyncio.create_task(copies.backup(store, here, file, TODAY))
        reading = aside.rows(store, groups.of(store, "aleppo"))
        await anext(reading)
        os.kill(server.pid, signal.SIGKILL)
        with pytest.raises(StoreError, match="nothing answers"):
            await copying
        with pytest.raises(RedisError):
            await reading.aclose()
        await store.redis.aclose()
    assert [path.name for path in file.parent.iterdir() if path.name.startswith((".", "copy"))] == []


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", [cut, flipped, lambda content: content[:-9], lambda _: b"", lambda _: b"PK\3\4 zip"])
async def test_what_is_damaged_changes_nothing(empty, there, copy, damage):
    copy.write_bytes(damage(copy.read_bytes()))
    with pytest.raises(NotWhole, match=r"damaged|cut off|no copy"):
        await put_back(empty, copy, there)
    assert await everything(empty) == {}


def tar(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as written:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            written.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as read:
        return {one.name: read.extractfile(one).read() for one in read}


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "settings/../../x", "settings//x", "photo.jpg"])
def test_an_archive_of_something_else_is_refused(file, name):
    file.write_bytes(tar({name: b"x"}))
    with pytest.raises(NotWhole, match="is no copy of a monitor"):
        checked(file)


async def test_a_copy_of_a_newer_monitor_is_refused(store, here, file):
    await copies.backup(store, here, file, TODAY)
    parts = members(file)
    told = json.loads(parts["manifest.json"]) | {"format": FORMAT + 1, "more": "than we know"}
    file.write_bytes(tar(parts | {"manifest.json": json.dumps(told, indent=1).encode()}))
    with pytest.raises(NotWhole, match="newer monitor: update this one first"):
        checked(file)


async def test_a_part_that_was_changed_is_named(store, here, file):
    await copies.backup(store, here, file, TODAY)
    parts = members(file)
    file.write_bytes(tar(parts | {"settings/monitor.toml": b"[web]"}))
    with pytest.raises(NotWhole, match=r"damaged \(settings/monitor.toml\)"):
        checked(file)


async def test_a_store_that_holds_something_is_left_alone(store, here, there, file):
    await fill(store)
    await copies.backup(store, here, file, TODAY)
    before = await everything(store)
    with pytest.raises(NotEmpty, match=r"not empty: \d+ keys begin with .*--into-prefix"):
        await put_back(store, file, there)
    assert await everything(store) == before


async def test_an_archive_that_holds_something_is_left_alone(store, empty, here, there, file):
    await copies.backup(store, here, file, TODAY)
    there.archive.mkdir(parents=True)
    (there.archive / "other.parquet").write_text("PAR1")
    with pytest.raises(NotEmpty, match=r"archive is not empty \(other.parquet\)"):
        await put_back(empty, file, there)
    assert await everything(empty) == {}


async def test_another_privacy_key_is_refused(store, empty, here, there, file):
    await copies.backup(store, here, file, TODAY)
    other = Store(empty.redis, empty.keys, b"another secret")
    with pytest.raises(NotEmpty, match="another privacy key"):
        await put_back(other, file, there)


async def test_an_interrupted_restore_keeps_everybody_out_and_can_be_run_again(empty, there, copy, redis_server):
    there.archive.parent.mkdir(parents=True)
    there.archive.write_text("a file where a folder should be")
    with pytest.raises(MonitorError, match="cannot be written"):
        await put_back(empty, copy, there)
    with pytest.raises(StoreError, match="a restore was interrupted"):
        async with stores.opened(redis_server.url, empty.keys.prefix, empty.secret):
            pass
    there.archive.unlink()
    await put_back(empty, copy, there)
    assert len(await everything(empty)) == sum(checked(copy).keys.values())


async def test_a_series_that_comes_back_otherwise_is_noticed(store, empty, there, copy):
    manifest = checked(copy)
    rows = [row async for row in aside.rows(store, groups.of(store, "aleppo"))]
    wrong = [row._replace(total=row.total + 1) if row.samples else row for row in rows]
    copy.write_bytes(tar({"redis/00001.rows": packed(wrong)}))
    with pytest.raises(StoreError, match="is not as it was copied"):
        await restore(empty, copy, manifest, there, TODAY)
    assert await empty.redis.exists(empty.keys.restoring)
