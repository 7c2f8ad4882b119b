"""From the real store to the outbox: what is found, told, remembered and handed on."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.alerts.board import board, silence
from monitor.alerts.finding import Kind, Parcel, Silence
from monitor.alerts.rounds import parcels
from monitor.alerts.rules import HOUSE, Budget, Drop, Rule, Source, Spike, Threshold
from monitor.errors import StoreError
from monitor.model.account import Period
from monitor.model.brief import Stir
from monitor.model.finding import Cause, Driver
from monitor.model.run import Outcome
from monitor.model.spending import Spending
from monitor.store import alerts, runs
from monitor.store.store import Store
from tests.alerts.cases import HOUR, MINUTE, channel, desk, found, message, spike
from tests.alerts.street import SINCE, posts, rounds, stored, usual
from tests.people import ALEPPO, NOON

MANY = Threshold(on="threshold", hours=1, above=5)
FEW = Threshold(on="threshold", hours=2, below=5)


async def outbox(store: Store) -> list[Parcel]:
    return [Parcel.model_validate_json(one) for one in (await alerts.waiting(store)).values()]


async def look(store: Store, *rules: Rule, now: datetime = NOON, **more: Any):
    looking = rounds(store, *rules, now=now, **more)
    return await looking.look(looking.watched[0])


async def test_a_limit_that_is_reached_is_told_once(store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    (told,) = await look(store, MANY)
    assert (told.new[0].kind, told.new[0].value, told.new[0].against) == (Kind.ABOVE, 6, 5)
    assert await look(store, MANY) == ()
    assert len(await outbox(store)) == 1


async def test_a_limit_that_is_not_reached_is_no_news(store: Store):
    await stored(store, posts(4, NOON - MINUTE))
    assert await look(store, MANY) == ()


async def test_too_little_is_told_of_whole_hours_only(store: Store):
    await stored(store, usual(3))
    assert await look(store, FEW) == ()
    await stored(store, now=NOON + 3 * HOUR)
    (told,) = await look(store, FEW, now=NOON + 3 * HOUR)
    assert (told.new[0].kind, told.new[0].value) == (Kind.BELOW, 0)


async def test_what_a_blind_source_hides_is_not_too_little(store: Store):
    await stored(store, usual(3))
    await stored(store, now=NOON + 3 * HOUR, outcome=Outcome.BLIND)
    assert await look(store, FEW, now=NOON + 3 * HOUR) == ()


async def half_blind(store: Store, count: int) -> None:
    """Store posts of the last minute, of which one of two sources of a platform knows: the other died hours ago."""
    died = NOON - 3 * HOUR
    await stored(store, usual(4, died), now=died, source="second", platform="mastodon", outcome=Outcome.UNAVAILABLE)
    await stored(store, posts(count, NOON - MINUTE))
    await runs.declare(store, ALEPPO.slug, {"mastodon": "mastodon", "second": "mastodon"}, SINCE)


async def test_one_dead_source_of_two_hides_no_limit_that_is_reached(store: Store):
    await half_blind(store, 6)
    (told,) = await look(store, MANY)
    assert (told.new[0].kind, told.new[0].value) == (Kind.ABOVE, 6)


async def test_one_dead_source_of_two_hides_no_spike(store: Store):
    await half_blind(store, 80)
    (told,) = await look(store, Spike(on="spike"))
    assert (told.new[0].kind, told.new[0].value) == (Kind.SPIKE, 80)


async def test_a_surge_is_told_with_what_is_usual(store: Store):
    await stored(store, [*usual(4), *posts(80, NOON - MINUTE)])
    (told,) = await look(store, Spike(on="spike"))
    (finding,) = told.new
    assert (finding.kind, finding.spike is not None) == (Kind.SPIKE, True)
    assert (finding.value or 0) >= 80
    assert (finding.against or 0) < 10


async def test_a_silence_of_the_street_is_told(store: Store):
    await stored(store, usual(28))
    await stored(store, now=NOON + 5 * HOUR)
    (told,) = await look(store, Drop(on="drop"), now=NOON + 5 * HOUR)
    assert told.new[0].kind is Kind.DROP


async def test_a_usual_hour_is_no_news(store: Store):
    await stored(store, [*usual(4), *posts(4, NOON - MINUTE)])
    assert await look(store, Spike(on="spike", sensitivity="high"), Drop(on="drop")) == ()


async def test_a_surge_of_one_hashtag_is_a_part_of_that_of_the_whole(store: Store):
    await stored(store, [*usual(4), *posts(80, NOON - MINUTE)])
    (told,) = await look(store, Spike(on="spike"), Spike(on="spike", hashtag="SaveAleppo"))
    assert [one.of for one in told.new] == [None]


async def test_why_is_asked_only_when_there_is_a_surge_to_tell(store: Store):
    asked = []

    async def explain(campaign, now):
        asked.append(campaign.slug)
        driven = spike(start=NOON - HOUR, end=NOON, drivers=(Driver(cause=Cause.PLATFORM, name="mastodon"),))
        return Stir.model_construct(spikes=(driven,))

    looking = rounds(store, Spike(on="spike"), MANY)
    explaining = type(looking)(store, looking.settings, looking.clock, looking.watched, explain)
    await stored(store, usual(4))
    await explaining.look(explaining.watched[0])
    assert asked == []
    await stored(store, posts(80, NOON - MINUTE))
    (told,) = await explaining.look(explaining.watched[0])
    assert [one.name for one in told.new[-1].spike.drivers] == ["mastodon"]


@pytest.mark.parametrize("problem", [TimeoutError(), ValueError("a bug")])
async def test_what_happened_is_told_where_its_reason_can_not_be_found(store: Store, problem: Exception):
    async def explain(campaign, now):
        raise problem

    looking = rounds(store, Spike(on="spike"))
    await stored(store, [*usual(4), *posts(80, NOON - MINUTE)])
    (told,) = await replace(looking, explain=explain).look(looking.watched[0])
    assert told.new[0].kind is Kind.SPIKE


async def test_a_store_that_goes_away_in_the_middle_of_a_round_loses_nothing(store: Store):
    async def explain(campaign, now):
        raise StoreError("gone")

    looking = rounds(store, Spike(on="spike"))
    await stored(store, [*usual(4), *posts(80, NOON - MINUTE)])
    with pytest.raises(StoreError):
        await replace(looking, explain=explain).look(looking.watched[0])
    assert len(await looking.look(looking.watched[0])) == 1
    assert len(await outbox(store)) == 1


async def test_each_channel_gets_what_it_wants(store: Store):
    ways = [channel("all"), channel("others", campaigns=("buses",)), desk("calm", least="critical"), desk("desk")]
    await stored(store, posts(6, NOON - MINUTE))
    await look(store, MANY, channels=ways)
    assert sorted(one.channel for one in await outbox(store)) == ["all", "desk"]


def test_a_channel_hears_only_of_the_sources_of_its_campaigns():
    fields = {"kind": Kind.BLIND, "name": "mastodon"}
    told = message(1, *(found(f"s/{slug}", campaign=slug, **fields) for slug in ("aleppo", "buses")), scope=HOUSE)
    ways = [channel("all"), channel("buses", campaigns=("buses",)), channel("trams", campaigns=("trams",))]
    sent = {one.channel: [each.campaign for each in one.messages[0].findings] for one in parcels(told, ways, NOON)}
    assert sent == {"all": ["aleppo", "buses"], "buses": ["buses"]}


def test_what_belongs_to_no_campaign_is_told_to_every_channel():
    told = message(1, found("budget", Kind.BUDGET, campaign=HOUSE), scope=HOUSE)
    assert [one.channel for one in parcels(told, [channel("buses", campaigns=("buses",))], NOON)] == ["buses"]


async def test_quiet_hours_hold_a_message_until_they_end(store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    await look(store, MANY, channels=[channel("hook", quiet="10:00-14:30")])
    (held,) = await outbox(store)
    assert held.not_before == NOON + 2.5 * HOUR


async def test_a_silence_is_kept_and_ends(store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    one = Silence(id="s", campaign="aleppo", begun=NOON, until=NOON + 10 * MINUTE)
    await silence(store, one)
    assert await look(store, MANY) == ()
    assert (await board(store, NOON, most=9)).active[0].muted == "silenced"
    await look(store, MANY, now=NOON + 10 * MINUTE)
    assert (await board(store, NOON + 11 * MINUTE, most=9)).silences == ()


async def test_two_daemons_that_look_at_once_tell_it_once(store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    told = await asyncio.gather(*(look(store, MANY) for _ in range(4)))
    assert sum(map(len, told)) == 1
    assert len(await outbox(store)) == 1


async def test_a_source_that_is_blind_waits_for_others_and_is_told(store: Store):
    await stored(store, outcome=Outcome.BLIND)
    rule = Source(on="source")
    assert await rounds(store, rule).look_at_house([]) == ()
    (told,) = await rounds(store, rule, now=NOON + 2 * MINUTE).look_at_house([])
    assert (told.scope, told.new[0].kind, told.new[0].source) == (HOUSE, Kind.BLIND, "mastodon")
    assert told.campaigns == ("aleppo",)


async def test_a_source_that_gives_no_answer_is_silent_after_its_time(store: Store):
    await stored(store)
    await stored(store, now=NOON + 5 * HOUR, outcome=Outcome.UNAVAILABLE)
    assert await rounds(store, Source(on="source"), now=NOON + 5 * HOUR).look_at_house([]) == ()
    assert await rounds(store, Source(on="source"), now=NOON + 6 * HOUR).look_at_house([]) == ()
    (told,) = await rounds(store, Source(on="source"), now=NOON + 6 * HOUR + 2 * MINUTE).look_at_house([])
    assert told.new[0].kind is Kind.SILENT


def spending(out: timedelta | None) -> Spending:
    told = {"account": "a", "platform": "x", "allowance": "reads", "unit": "posts", "period": Period.MONTH}
    out_at = None if out is None else NOON + out
    return Spending(**told, used=90, most=100, renewed_at=NOON + timedelta(days=3), runs_out_at=out_at)


@pytest.mark.parametrize(("out", "count"), [(None, 0), (10 * HOUR, 1), (30 * HOUR, 0), (timedelta(days=4), 0)])
async def test_a_budget_that_will_not_last_is_told_in_time(store: Store, out: timedelta | None, count: int):
    rule = Budget(on="budget")
    await rounds(store, rule).look_at_house([spending(out)])
    told = await rounds(store, rule, now=NOON + 2 * MINUTE).look_at_house([spending(out)])
    assert len(told) == count


async def test_the_board_shows_what_goes_on_and_what_was_told(store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    await look(store, MANY)
    shown = await board(store, NOON, most=9)
    assert ([one.finding.rule for one in shown.active], len(shown.history), shown.waiting) == (["threshold"], 1, 1)


async def test_a_limit_that_is_edited_ends_the_old_one_without_a_word(store: Store):
    await stored(store, usual(3))
    await stored(store, now=NOON + 3 * HOUR)
    later = NOON + 3 * HOUR
    await look(store, FEW, now=later)
    assert await look(store, FEW.model_copy(update={"below": 0.0}), now=later + MINUTE) == ()
    shown = await board(store, later, most=9)
    assert (shown.active, [one.against for one in shown.history[0].ended]) == ((), [5])
    assert len(await outbox(store)) == 1


async def test_what_goes_on_ends_with_the_last_rule_and_with_the_campaign(store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    await look(store, MANY)
    await rounds(store, MANY).end_unsought()
    assert len((await board(store, NOON, most=9)).active) == 1
    await rounds(store).end_unsought()
    shown = await board(store, NOON, most=9)
    assert (shown.active, [len(one.ended) for one in shown.history]) == ((), [1, 0])


async def test_a_source_that_is_taken_out_of_the_settings_does_not_answer_again(store: Store):
    rule = Source(on="source")
    await stored(store, outcome=Outcome.BLIND)
    for minute in (0, 2):
        await rounds(store, rule, now=NOON + minute * MINUTE).look_at_house([])
    await runs.declare(store, ALEPPO.slug, {}, NOON)
    late = [await rounds(store, rule, now=NOON + minute * MINUTE).look_at_house([]) for minute in (40, 60)]
    assert late == [(), ()]
    assert [one.name for one in (await board(store, NOON, most=9)).history[0].ended] == ["mastodon"]


async def test_no_rule_reads_no_numbers(store: Store):
    assert await look(store) == ()
    assert ALEPPO.slug not in await alerts.states(store)
