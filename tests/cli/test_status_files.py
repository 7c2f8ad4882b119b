"""The imported files in `monitor status`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.status_files import FileReport, remarks, reports
from monitor.model.sighting import Batch
from monitor.model.source import Standing
from monitor.store import ingest
from monitor.store.store import Store
from tests.cli.command import monitor
from tests.imports.twarc import file, page, tweet
from tests.settings.folder import folder

MORNING, EVENING = datetime(2026, 11, 14, 7, 30, tzinfo=UTC), datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
BUSES = 'title = "Buses"\nhashtags = ["#SaveAleppo"]\ntimezone = "Asia/Damascus"\n'


async def read(store: Store, walk: str, first: datetime | None, last: datetime | None) -> None:
    """Write that a file was read, without any post."""
    moments = [moment and int(moment.timestamp()) for moment in (first, last)]
    standing = Standing({"first": moments[0], "last": moments[1], "done": True})
    now = int(EVENING.timestamp())
    batch = Batch("buses", "UTC", "x", "import-x", "posts", now, now, walk=walk, standing=standing)
    await ingest.write(store, batch)


async def test_files_of_a_platform_are_told_together(store: Store):
    noon = datetime(2026, 11, 17, 12, tzinfo=UTC)
    await read(store, "file/1", MORNING, noon)
    await read(store, "file/2", noon, EVENING)
    (found,) = await reports(store, ["buses"])
    assert (found.source, found.platform, found.first, found.last) == ("import-x", "x", MORNING, EVENING)


async def test_a_file_without_a_post_of_the_campaign_is_not_told(store: Store):
    await read(store, "file/1", None, None)
    assert await reports(store, ["buses"]) == []


def test_they_are_said_on_the_clock_of_the_campaign():
    found = FileReport(campaign="buses", source="import-x", platform="x", first=MORNING, last=EVENING)
    said = ["imported: x, posts from 2026-11-14 10:30 to 2026-11-22 00:30"]
    assert list(remarks([found], ZoneInfo("Asia/Damascus"))) == said


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    """Return a folder of settings whose store holds one imported file, and whose source was never asked."""
    found = folder(
        tmp_path / "config",
        monitor=rules,
        buses=f'{BUSES}[[sources]]\nplatform = "mastodon"\nserver = "social.example"\n',
    )
    monitor("import", file(tmp_path, [page(tweet(1), tweet(2))]), "--campaign", "buses", "--config", found)
    return found


def test_status_tells_them_and_knows_no_gaps_of_what_was_never_asked(config: Path):
    said = monitor("status", "--config", config).out
    assert "imported: x, posts from" in said
    assert "not asked" in said
    assert "none" not in said


def test_status_tells_them_to_scripts(config: Path):
    (found,) = json.loads(monitor("status", "--config", config, "--json").out)["imported"]
    assert (found["campaign"], found["source"]) == ("buses", "import-x")
