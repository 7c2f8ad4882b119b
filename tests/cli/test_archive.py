"""`monitor archive`, in a process' own words."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from monitor.archive.evidence import Evidence, roll
from monitor.archive.partitions import Kind, partitions
from monitor.clock import System
from tests.archive.older import SLUG, collected
from tests.archive.test_evidence import NEXT_DAY, seen
from tests.cli.command import monitor, with_store
from tests.people import post
from tests.settings.folder import folder


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    rules += f'[archive]\nfolder = "{tmp_path}/archive"\n'
    return folder(tmp_path / "config", monitor=rules, **{SLUG: 'title = "Save Aleppo"\nhashtags = ["#SaveAleppo"]\n'})


def evidence(tmp_path: Path) -> Path:
    """Leave an archive with one item in it."""
    place = tmp_path / "archive"
    asyncio.run(Evidence(place).saw(seen(post())))
    roll(place, SLUG, NEXT_DAY)
    return place


def test_an_empty_archive_says_when_something_comes(config):
    assert "holds nothing yet" in monitor("archive", "status", "--config", config).out


def test_what_lies_there_is_shown_for_people_and_for_scripts(config, tmp_path):
    evidence(tmp_path)
    assert "observations" in monitor("archive", "status", "--config", config).out
    (told,) = json.loads(monitor("archive", "status", "--json", "--config", config).out)
    assert (told["campaign"], told["kind"], told["rows"], told["first"]) == (SLUG, "observations", 1, "2016-04-29")


def test_whole_files_are_said_to_be_whole(config, tmp_path):
    evidence(tmp_path)
    assert monitor("archive", "verify", "--config", config).out == "1 files are what was written\n"


def test_a_file_that_was_cut_is_named_and_makes_the_command_fail(config, tmp_path):
    place = evidence(tmp_path)
    (one,) = partitions(place, SLUG, Kind.OBSERVATIONS)
    os.truncate(one.path(place), 100)
    said = monitor("archive", "verify", "--config", config)
    assert said.code == 1
    assert str(one.path(place)) in said.err
    assert "1 of 1 files" in said.err


def test_what_is_due_is_written_now(config, tmp_path):
    long_ago = int(System().now().timestamp()) - 20 * 86400
    with_store(config, lambda store: collected(store, long_ago))
    assert monitor("archive", "write", "--config", config).out.endswith(" files written\n")
    assert monitor("archive", "write", "--config", config).out == "nothing is due\n"
    assert partitions(tmp_path / "archive", SLUG, Kind.FIVE_MINUTES)
