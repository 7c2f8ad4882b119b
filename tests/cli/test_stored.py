"""A command that reads, in a folder where the monitor never ran."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.stored import stored
from monitor.errors import MonitorError
from tests.cli.command import monitor
from tests.settings.folder import folder

READING = [
    ("brief", "buses"),
    ("brief", "--all"),
    ("export", "buses"),
    ("alerts",),
    ("alerts", "silence", "all", "--for", "2h"),
    ("alerts", "unsilence", "all"),
    ("status",),
    ("poll",),
    ("digest",),
    ("digest", "--preview"),
    ("readers",),
    ("backtest", "buses"),
    ("backup", "copy.tar.gz"),
    ("purge", "--dry-run"),
    ("archive", "write"),
    ("spell", "--seen", "buses"),
    ("user", "list"),
    ("token", "list"),
]


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    """A folder that holds settings and nothing else, as the one a command is started in."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield folder(tmp_path / "config")
    os.chdir(before)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_it_says_that_there_is_no_store_and_makes_none(fresh: Path, words: tuple[str, ...]):
    said = monitor(*words, "--config", fresh)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"there is no store at {fresh.parent}/var/redis: start this in the folder of")
    assert [path.name for path in Path().iterdir()] == ["config"]


def test_a_redis_of_somebody_else_is_not_read_without_the_key_it_was_filled_with(fresh: Path):
    (fresh / "monitor.toml").write_text('[redis]\nurl = "redis://127.0.0.1:9/0"\n')
    with pytest.raises(MonitorError, match=f"there is none at {fresh.parent}/var/privacy.key: start this"):
        stored(fresh)
    assert [path.name for path in Path().iterdir()] == ["config"]


def test_a_key_of_the_operators_own_lies_nowhere(fresh: Path, rules: str):
    (fresh / "monitor.toml").write_text(rules)
    assert stored(fresh).monitor.privacy.key is None
