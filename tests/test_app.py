from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from monitor import app
from monitor.app import Monitor
from monitor.clock import Simulated
from monitor.collect.accounts import account_of
from monitor.errors import MonitorError, StoreError
from monitor.model.account import Allowance
from monitor.model.run import Outcome
from monitor.model.source import SourceSettings
from monitor.settings.schema import Monitor as Rules
from monitor.settings.schema import Settings, Watched
from monitor.sources.mastodon import Settings as Mastodon
from monitor.sources.telegram import Settings as Telegram
from monitor.store import accounts, runs
from monitor.store.redis import Settings as Redis
from monitor.store.store import Store
from tests.people import ALEPPO, NOON
from tests.settings.folder import BUSES, loaded

SOCIAL = Mastodon(name="social", server="https://social.example", refresh_budget=7, every_minutes=10)


def watching(*sources: SourceSettings, **rules: object) -> Settings:
    return Settings(Rules(**rules), (Watched(ALEPPO, sources, Path("aleppo.toml")),))


async def empty(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200 if "timelines" in request.url.path else 404, json=[])


@pytest.fixture
async def monitor(store: Store) -> AsyncIterator[Monitor]:
    async with app.built(watching(SOCIAL), store, Simulated(NOON), httpx.MockTransport(empty)) as monitor:
        yield monitor


async def built(store: Store, *sources: SourceSettings) -> list[str]:
    async with app.built(watching(*sources), store) as monitor:
        return [collector.key for collector in monitor.collectors]


async def test_every_source_of_every_campaign_has_a_collector(store: Store):
    assert await built(store, SOCIAL, Mastodon(server="https://b.example")) == ["aleppo/social", "aleppo/b.example"]


async def test_a_source_that_is_switched_off_has_none(store: Store):
    assert await built(store, SOCIAL.model_copy(update={"enabled": False})) == []


async def test_a_source_whose_terms_were_not_accepted_has_none(store: Store):
    assert await built(store, Telegram(channel="enab")) == []
    assert await built(store, Telegram(channel="enab", accept_terms=True)) == ["aleppo/enab"]


async def test_a_collector_keeps_to_what_the_operator_wrote(monitor: Monitor):
    (collector,) = monitor.collectors
    assert (collector.every, collector.limits.again) == (timedelta(minutes=10), 7)


async def test_a_collector_runs_by_the_clock_that_was_handed_in(monitor: Monitor):
    run = await monitor.collect(monitor.collectors[0])
    assert (run.outcome, run.started_at) == (Outcome.EMPTY, NOON)
    assert run.calls


async def test_a_source_keeps_its_session_in_the_store(monitor: Monitor):
    account = monitor.collectors[0].client.account
    await account.keep("session", "s", seconds=60)
    again = accounts.Account(monitor.store, account_of(monitor.store, SOCIAL), monitor.clock)
    assert await again.recall("session") == "s"


async def test_what_all_accounts_have_used_is_told(monitor: Monitor):
    assert await monitor.spendings() == []
    await monitor.collectors[0].client.account.take({Allowance("calls", 10): 3})
    assert [spent.used for spent in await monitor.spendings()] == [3]


async def test_what_is_declared_is_known_before_its_first_run(monitor: Monitor):
    await monitor.declare()
    assert [state.name for state in await runs.states(monitor.store, "aleppo")] == ["social"]


async def test_a_campaign_is_found_by_its_slug(monitor: Monitor):
    assert monitor.campaign("aleppo") is ALEPPO


async def test_a_mistyped_campaign_is_answered_with_the_right_one(monitor: Monitor):
    with pytest.raises(MonitorError, match="no campaign is called alepo; did you mean aleppo"):
        monitor.campaign("alepo")


async def test_a_source_nobody_configured_is_answered_with_those_there_are(monitor: Monitor):
    with pytest.raises(MonitorError, match="no source is called x; there are: social"):
        monitor.collectors_of("aleppo", "x")


async def test_collectors_of_a_campaign_are_all_or_one(monitor: Monitor):
    assert monitor.collectors_of("aleppo") == monitor.collectors_of("aleppo", "social") == monitor.collectors


async def test_what_did_not_change_is_taken_over_as_it_is(monitor: Monitor):
    other = Mastodon(server="https://b.example")
    after = monitor.rebuilt(watching(SOCIAL, other))
    assert after.collectors[0].source is monitor.collectors[0].source
    assert [collector.key for collector in after.collectors] == ["aleppo/social", "aleppo/b.example"]


async def test_what_changed_is_built_anew(monitor: Monitor):
    after = monitor.rebuilt(watching(SOCIAL.model_copy(update={"refresh_budget": 8})))
    assert after.collectors[0].source is not monitor.collectors[0].source


async def test_a_campaign_with_another_spelling_is_collected_anew(monitor: Monitor):
    families = (replace(ALEPPO.families[0], spellings=("savealeppo", "saveallepo")),)
    changed = replace(monitor.settings.campaigns[0], campaign=replace(ALEPPO, families=families))
    after = monitor.rebuilt(Settings(Rules(), (changed,)))
    assert after.collectors != monitor.collectors


async def test_a_redis_of_ones_own_is_used_when_named(store: Store, redis_server, tmp_path: Path):
    redis = Redis(url=redis_server.url, prefix=store.keys.prefix)
    settings = watching(SOCIAL, redis=redis, privacy={"folder": tmp_path})
    async with app.opened(settings) as monitor:
        assert monitor.server is None
        assert await monitor.store.redis.ping()


async def test_a_redis_that_does_not_answer_is_said_in_words(tmp_path: Path):
    settings = watching(redis=Redis(url="unix:///nowhere/redis.sock"), privacy={"folder": tmp_path})
    with pytest.raises(StoreError, match="nothing answers at the address of Redis"):
        async with app.opened(settings):
            pass


@pytest.mark.slow
async def test_without_one_a_private_redis_lives_as_long_as_the_monitor(tmp_path: Path):
    settings = watching(SOCIAL, redis=Redis(folder=tmp_path / "redis"), privacy={"folder": tmp_path})
    async with app.opened(settings) as monitor:
        assert monitor.server is not None
        socket = monitor.server.socket
        assert socket.exists()
    assert not socket.exists()


async def test_a_poll_is_followed_where_the_operator_says_and_changes_with_what_is_written(store, tmp_path):
    place = (
        '[[polls]]\n[polls.at]\nplatform = "page"\nkind = "csv"\nlabel = "Name"\nvotes = "Votes"\nurl = "https://{}"\n'
    )
    written = [
        loaded(tmp_path, buses=BUSES + place.format(host)) for host in ("one.example", "one.example", "two.example")
    ]
    async with app.built(written[0], store) as monitor:
        (before,) = monitor.polls
        (same,), (moved,) = (monitor.rebuilt(settings).polls for settings in written[1:])
    assert before.key == "buses/friday"
    assert before.wanted == same.wanted
    assert before.wanted != moved.wanted


async def test_a_poll_whose_terms_were_not_accepted_is_not_asked(store, tmp_path):
    channel = '[[polls]]\n[polls.at]\nplatform = "telegram"\nchannel = "fridays"\n'
    async with app.built(loaded(tmp_path, buses=BUSES + channel), store) as monitor:
        assert monitor.polls == ()
