"""`monitor purge` as an operator runs it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.store.store import Store
from tests.archive.filled import READER, everything, fill
from tests.cli.command import Said, monitor, typed, with_store
from tests.settings.folder import folder


@pytest.fixture(autouse=True)
def inside(tmp_path: Path):
    before = Path.cwd()
    os.chdir(tmp_path)
    yield
    os.chdir(before)


@pytest.fixture
def config(tmp_path: Path, own_redis: str):
    place = folder(tmp_path / "config", monitor=own_redis)
    with_store(place, fill)
    yield place
    with_store(place, clear)


async def clear(store: Store) -> None:
    await store.redis.unlink(*await store.redis.keys(f"{store.keys.prefix}:*"))


@pytest.fixture
def said(config) -> Callable[..., Said]:
    return lambda *words: monitor("purge", *words, "--config", config)


def names(config: Path) -> set[str]:
    return set(with_store(config, everything))


def test_with_the_settings_as_they_are_nothing_is_over(said):
    assert said().out == "nothing is over\n"


def test_what_would_go_is_told_and_then_goes(said, config):
    with (config / "monitor.toml").open("a") as settings:
        settings.write("[retention]\nheadlines = 1000\npolls = 400\n")
    assert said("--dry-run").out == "would go:\n1 headlines\n1 weeks of polls\n"
    assert said().out == "gone:\n1 headlines\n1 weeks of polls\n"
    assert said().out == "nothing is over\n"


def test_a_campaign_is_removed_when_it_was_confirmed(said, config):
    with typed("n\n"):
        assert said("--campaign", "aleppo").err.endswith("nothing was removed\n")
    assert "would go: " in said("--campaign", "aleppo", "--dry-run").out
    assert any("{aleppo}" in name for name in names(config))
    with typed("y\n"):
        assert "gone: " in said("--campaign", "aleppo").out
    assert not any("{aleppo}" in name for name in names(config))


def test_a_campaign_that_is_watched_is_not_removed(said, config):
    before = names(config)
    refused = said("--campaign", "buses", "--yes")
    assert (refused.code, "buses is still watched: move" in refused.err) == (1, True)
    assert names(config) == before


def test_a_campaign_that_was_never_there_is_told_with_those_that_are(said):
    assert said("--campaign", "alepo").err == "nothing is kept of a campaign alepo; there are: aleppo\n"


def test_a_reader_is_forgotten_once_they_are_no_reader_any_more(said, config):
    with (config / "monitor.toml").open("a") as settings:
        settings.write(f'[[digest.recipients]]\naddress = "{READER}"\n')
    assert "still named in monitor.toml" in said("--person", READER.upper(), "--yes").err
    (config / "monitor.toml").write_text((config / "monitor.toml").read_text().partition("[[digest")[0])
    assert said("--person", READER, "--dry-run").out == f"would go: 3 notes and mails of {READER}\n"
    assert said("--person", READER, "--yes").out == f"gone: 3 notes and mails of {READER}\n"
    assert said("--person", READER, "--yes").out == f"nothing is known of {READER}\n"


def test_one_thing_at_a_time(said):
    assert said("--campaign", "aleppo", "--person", READER).code == 2
