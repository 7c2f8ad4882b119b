import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from monitor import app
from monitor.app import Monitor
from monitor.archive import evidence
from monitor.archive.partitions import Kind, partitions
from monitor.clock import Simulated
from monitor.daemon.duties import Duties
from monitor.errors import ArchiveError
from monitor.model.run import Outcome, Run
from monitor.settings.load import load
from monitor.store import briefs, runs
from monitor.store.store import Store
from monitor.web.metrics import Metrics
from tests.daemon.machine import Machine
from tests.people import NOON

HOUR = timedelta(hours=1)


@pytest.fixture
async def monitor(house: Machine, store: Store, server: str) -> AsyncIterator[Monitor]:
    house.campaign("aleppo", server)
    house.campaign("homs", server)
    file = house.config / "monitor.toml"
    file.write_text(f'{file.read_text()}\n[[digest.recipients]]\naddress = "desk@example.org"\n')
    async with app.built(load(house.config, {}), store, Simulated(NOON)) as monitor:
        yield monitor


@pytest.fixture
def duties(monitor: Monitor) -> Duties:
    return Duties(monitor, Metrics())


async def test_there_is_a_job_for_each_source_a_summary_for_each_campaign_and_the_digest(duties: Duties):
    jobs = await duties.begin()
    of_campaigns = {"collect/aleppo/town", "collect/homs/town", "brief/aleppo", "brief/homs"}
    assert set(jobs) == of_campaigns | {"digest", "archive", "purge"}


async def test_what_is_to_be_kept_no_longer_goes_once_a_day(house: Machine, monitor: Monitor):
    file = house.config / "monitor.toml"
    file.write_text(f"{file.read_text()}\n[retention]\nheadlines = 30\n")
    duties = Duties(monitor.rebuilt(load(house.config, {})), Metrics())
    name, kept = monitor.store.keys.headlines("aleppo"), {"old": 1.0, "new": NOON.timestamp()}
    await monitor.store.redis.zadd(name, kept)
    job = (await duties.begin())["purge"]
    await job.do()
    assert (job.every, await monitor.store.redis.zrange(name, 0, -1)) == (timedelta(days=1), [b"new"])


async def test_a_source_that_never_ran_runs_soon(duties: Duties):
    job = (await duties.begin())["collect/aleppo/town"]
    assert job.first is not None
    assert timedelta(0) < job.first - NOON <= timedelta(seconds=2)


async def test_a_source_that_ran_just_now_keeps_to_its_rhythm(duties: Duties):
    await (await duties.begin())["collect/aleppo/town"].do()
    jobs = await duties.begin()
    assert jobs["collect/aleppo/town"].first is None
    assert jobs["collect/homs/town"].first is not None


async def test_a_source_that_should_have_run_meanwhile_runs_soon(duties: Duties, monitor: Monitor):
    await (await duties.begin())["collect/aleppo/town"].do()
    await monitor.clock.sleep(7200)
    assert (await duties.begin())["collect/aleppo/town"].first is not None


async def test_jobs_of_unchanged_sources_are_the_same_jobs(duties: Duties, monitor: Monitor, house: Machine):
    before = await duties.begin()
    house.campaign("homs", "https://elsewhere.example")
    after = await duties.change(monitor.rebuilt(load(house.config, {})))
    assert after["collect/aleppo/town"] == before["collect/aleppo/town"]
    assert after["collect/homs/town"] != before["collect/homs/town"]


async def test_a_run_is_counted_and_remembered(duties: Duties, monitor: Monitor):
    await (await duties.begin())["collect/aleppo/town"].do()
    (state,) = await runs.states(monitor.store, "aleppo")
    due = next(due for due in duties.dues() if due.campaign == "aleppo")
    assert due.last == state.runs[0].started_at + timedelta(seconds=state.runs[0].seconds)


async def test_a_source_without_a_run_is_watched_since_the_beginning(duties: Duties):
    await duties.begin()
    assert {due.last for due in duties.dues()} == {NOON}


async def test_the_hourly_summary_is_there_for_other_programs(duties: Duties, monitor: Monitor):
    await duties.begin()
    await duties.sum_up(monitor.campaign("aleppo"))
    brief = json.loads(await briefs.latest(monitor.store, "aleppo") or "")
    assert brief["campaign"] == "aleppo"
    assert brief["window"] == {"start": "2016-04-28T12:00:00Z", "end": "2016-04-29T12:00:00Z"}


async def test_the_digest_that_is_due_is_sent_once(duties: Duties, house: Machine, monitor: Monitor):
    await runs.declare(monitor.store, "homs", {"town": "mastodon"}, NOON - timedelta(days=1))
    job = (await duties.begin())["digest"]
    await job.do()
    await job.do()
    assert len(list((house.home / "outbox").glob("*.eml"))) == 1


async def test_without_readers_there_is_no_digest(house: Machine, store: Store, server: str):
    house.campaign("aleppo", server)
    async with app.built(load(house.config, {}), store, Simulated(NOON)) as monitor:
        assert "digest" not in await Duties(monitor, Metrics()).begin()


def ended(outcome: Outcome, *, minutes: int = 0) -> Run:
    moment = NOON + timedelta(minutes=minutes)
    return Run(campaign="aleppo", source="town", platform="mastodon", started_at=moment, seconds=1.0, outcome=outcome)


async def test_a_blind_source_is_noted_until_it_sees_again(duties: Duties, monitor: Monitor):
    await runs.add(monitor.store, ended(Outcome.BLIND))
    await duties.begin()
    assert duties.notes() == (
        "aleppo/town is blind since 2016-04-29 12:00 UTC: it brings nothing, not even what is always there",
    )
    await runs.add(monitor.store, ended(Outcome.OK, minutes=5))
    await duties.begin()
    assert duties.notes() == ()


async def test_a_folder_that_takes_nothing_is_told_until_it_does(duties: Duties, monitor: Monitor, house: Machine):
    """A full or a foreign disk: the job says so, and writes what is due with its next turn."""
    jobs = await duties.begin()
    await jobs["collect/aleppo/town"].do()
    await monitor.clock.sleep(12 * 86400)
    (house.home / "archive").write_text("no folder")
    with pytest.raises(ArchiveError):
        await jobs["archive"].do()
    assert "nothing is archived" in duties.notes()[-1]
    assert str(house.home / "archive") in duties.notes()[-1]
    (house.home / "archive").unlink()
    await jobs["archive"].do()
    assert duties.notes() == ()
    assert partitions(house.home / "archive", "aleppo", Kind.FIVE_MINUTES)


async def test_an_archive_that_is_switched_off_is_not_written(house: Machine, store: Store, server: str):
    house.campaign("aleppo", server)
    file = house.config / "monitor.toml"
    file.write_text(file.read_text().replace("[archive]", "[archive]\nenabled = false"))
    async with app.built(load(house.config, {}), store, Simulated(NOON)) as monitor:
        assert "archive" not in await Duties(monitor, Metrics()).begin()


async def test_a_campaign_that_keeps_evidence_has_every_run_in_its_log(house: Machine, store: Store, server: str):
    file = house.campaign("aleppo", server)
    file.write_text(f"evidence = true\n{file.read_text()}")
    async with app.built(load(house.config, {}), store, Simulated(NOON)) as monitor:
        await monitor.collect(monitor.collectors[0])
    (line,) = evidence.read(house.home / "archive", "aleppo", Kind.RUNS)
    assert (line["source"], line["asked"]) == ("town", ["aleppo"])
