"""`monitor backup` and `monitor restore`, each in a process' own words."""

import asyncio
import os
import secrets
from pathlib import Path

import pytest

from monitor import app
from monitor.settings.load import load
from monitor.store import ingest
from tests.cli.command import monitor
from tests.settings.folder import folder
from tests.store.batches import batch, sighting


@pytest.fixture(autouse=True)
def inside(tmp_path: Path):
    """Be in a folder of one's own: paths of the settings begin in it."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield
    os.chdir(before)


@pytest.fixture
def config(tmp_path: Path, own_redis: str) -> Path:
    """Settings of a store in which one post was counted."""
    place = folder(tmp_path / "config", monitor=own_redis)
    asyncio.run(count(place))
    return place


async def count(config: Path, *, clear: bool = False) -> int:
    """Store a post, or clear the store away; return how many keys there are."""
    settings = load(config, {})
    async with app.opened_store(settings) as (store, _):
        if not clear:
            await ingest.write(store, batch(sighting(likes=3)))
        names = await store.redis.keys(f"{store.keys.prefix}:*")
        if clear:
            await store.redis.unlink(*names)
        return len(names)


def test_a_copy_is_put_back_where_the_store_was_lost(config):
    said = monitor("backup", "copy.tar.gz", "--config", config)
    assert said.out.startswith("copy.tar.gz: 0.0 MB, ")
    keys = asyncio.run(count(config, clear=True))
    said = monitor("restore", "copy.tar.gz", "--config", config)
    assert f"back again: {keys} keys; " in said.out
    assert "settings: those of the copy" in said.out
    assert asyncio.run(count(config)) == keys


def test_settings_and_key_are_put_back_where_there_are_none(config):
    monitor("backup", "copy.tar.gz", "--config", config)
    asyncio.run(count(config, clear=True))
    key = Path("var/privacy.key").read_text()
    Path("var/privacy.key").unlink()
    assert monitor("restore", "copy.tar.gz", "--config", "new").code == 0
    assert Path("new/campaigns/buses.toml").read_text() == (config / "campaigns/buses.toml").read_text()
    assert Path("var/privacy.key").read_text() == key


def test_settings_that_are_there_stay(config):
    monitor("backup", "copy.tar.gz", "--config", config)
    asyncio.run(count(config, clear=True))
    (config / "campaigns/trams.toml").write_text('title = "Trams"\nhashtags = ["#trams"]\n')
    (config / "campaigns/buses.toml").unlink()
    assert "settings: yours" in monitor("restore", "copy.tar.gz", "--config", config).out
    assert not (config / "campaigns/buses.toml").exists()


def test_into_a_folder_copies_are_named_by_their_moment(config):
    Path("copies").mkdir()
    monitor("backup", "copies", "--config", config)
    (made,) = Path("copies").iterdir()
    assert made.match("monitor-20*Z.tar.gz")


def test_a_store_in_use_is_left_alone_and_the_copy_fits_beside_it(config):
    monitor("backup", "copy.tar.gz", "--config", config)
    refused = monitor("restore", "copy.tar.gz", "--config", config)
    assert (refused.code, "the store is not empty" in refused.err) == (1, True)
    beside = f"t{secrets.token_hex(6)}"
    said = monitor("restore", "copy.tar.gz", "--into-prefix", beside, "--config", config)
    assert f'to look at it: prefix = "{beside}" in [redis], folder = "var/archive-{beside}" in [archive]' in said.out
    (config / "monitor.toml").write_text(
        (config / "monitor.toml").read_text().replace('prefix = "t', f'prefix = "{beside}" # ')
    )
    asyncio.run(count(config, clear=True))


def test_a_copy_without_secrets_asks_for_the_key(config):
    monitor("backup", "copy.tar.gz", "--without-secrets", "--config", config)
    asyncio.run(count(config, clear=True))
    key = Path("var/privacy.key").rename("key")
    refused = monitor("restore", "copy.tar.gz", "--config", config)
    assert "holds no privacy key: put the one it was made with at var/privacy.key" in refused.err
    key.rename("var/privacy.key")
    assert monitor("restore", "copy.tar.gz", "--config", config).code == 0


def test_a_copy_of_nothing_is_not_made(tmp_path):
    config = folder(tmp_path / "other")
    said = monitor("backup", "copy.tar.gz", "--config", config)
    assert (said.code, said.err) == (
        1,
        f"there is no store at {tmp_path}/var/redis: start this in the folder of `monitor run`, or start that first\n",
    )
    assert not Path("var").exists()


def test_a_copy_can_be_checked_where_nothing_is_to_be_put_back(config):
    monitor("backup", "copy.tar.gz", "--config", config)
    said = monitor("restore", "copy.tar.gz", "--check", "--config", "nowhere")
    assert (said.code, said.out.startswith("copied on 20"), Path("nowhere").exists()) == (0, True, False)


@pytest.mark.slow
def test_a_house_with_a_redis_of_its_own_moves_into_an_empty_folder(tmp_path):
    asyncio.run(count(folder(tmp_path / "config")))
    assert monitor("backup", tmp_path / "copy.tar.gz").code == 0
    (tmp_path / "new").mkdir()
    os.chdir(tmp_path / "new")
    assert "settings: those of the copy, in config" in monitor("restore", tmp_path / "copy.tar.gz").out
    before, after = (tmp_path / at / "var" / "privacy.key" for at in (".", "new"))
    assert before.read_text() == after.read_text()
    assert asyncio.run(count(Path("config"))) > 20


@pytest.mark.parametrize("content", [b"", b"hello", b"\x1f\x8b\x08\x00"])
def test_what_is_no_copy_is_told_in_a_sentence(config, content):
    Path("photo").write_bytes(content)
    said = monitor("restore", "photo", "--config", config)
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "take another" in said.err


def test_a_prefix_that_is_none_is_refused(config):
    monitor("backup", "copy.tar.gz", "--config", config)
    assert '"Old!" is no prefix' in monitor("restore", "copy.tar.gz", "--into-prefix", "Old!", "--config", config).err
