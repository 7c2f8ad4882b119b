"""`monitor readers` on the private real Redis."""

import json
from pathlib import Path

import pytest

from monitor.store import readers
from monitor.store.store import Store
from tests.cli.command import Said, monitor, with_store
from tests.settings.folder import folder

READERS = """[mail]
outbox = "{home}/outbox"
[[digest.recipients]]
address = "desk@example.org"
"""
BUSES = 'title = "Bus fares"\nhashtags = ["#buses"]\ntimezone = "Asia/Damascus"\n'


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    return folder(tmp_path / "config", monitor=rules + READERS.format(home=tmp_path), buses=BUSES)


def told(config: Path, *words: str) -> Said:
    return monitor("readers", "--config", config, *words)


def test_the_readers_are_told_with_how_far_their_mail_is(config: Path):
    assert "desk@example.org: gets the digest; mail about" in told(config).out
    monitor("digest", "--config", config)
    assert ": sent (written to" in told(config).out


async def leave(store: Store) -> None:
    """Be the reader who presses the button."""
    await readers.unsubscribe(store, readers.reader(store, "desk@example.org"), 1_461_974_400)


def test_whoever_left_gets_nothing_and_status_tells_how_they_come_back(config: Path):
    with_store(config, leave)
    assert monitor("digest", "--config", config).out.startswith("nothing is due")
    advice = "desk@example.org: unsubscribed on 2016-04-30 03:00"
    assert advice in told(config).out
    assert advice in " ".join(monitor("status", "--config", config).out.split())
    (desk,) = json.loads(monitor("status", "--json", "--config", config).out)["readers"]
    assert (desk["address"], desk["state"]) == ("desk@example.org", "unsubscribed")


def test_a_reader_is_resumed_once(config: Path):
    with_store(config, leave)
    assert "had unsubscribed" in told(config, "--resume", "DESK@example.org").out
    assert "was not paused" in told(config, "--resume", "desk@example.org").out
    assert "sent" in monitor("digest", "--config", config).out


def test_only_readers_are_resumed(config: Path):
    said = told(config, "--resume", "dek@example.org")
    assert (said.code, "did you mean desk@example.org?" in said.err) == (1, True)


def test_a_reader_who_is_paused_in_the_settings_is_told_so(config: Path):
    settings = config / "monitor.toml"
    settings.write_text(settings.read_text() + "pause = true\n")
    assert "paused in monitor.toml" in told(config).out
    assert "take the line away" in told(config, "--resume", "desk@example.org").out


def test_three_refusals_are_told_with_the_words_of_the_server(config: Path):
    with_store(config, refuse)
    assert "3 mails were refused (550 no such user); correct it, then `monitor readers --resume" in told(config).out
    assert "had been refused" in told(config, "--resume", "desk@example.org").out


async def refuse(store: Store) -> None:
    who = readers.reader(store, "desk@example.org")
    for day in range(3):
        await readers.refused(store, who, f"2016-04-{day + 10}", "550 no such user", 1_461_974_400)
