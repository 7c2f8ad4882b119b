"""Silence is stored as silence only when the source has shown that it could have spoken."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.digest import gather
from monitor.errors import RateLimited, SourceUnavailable
from monitor.fetch.pocket import Pocket
from monitor.model.account import Account
from monitor.model.brief import Brief
from monitor.model.mention import Reported
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome, Run
from monitor.model.source import Page, Standing
from monitor.model.window import Window
from monitor.store import runs
from monitor.store.store import Store
from tests.collect.played import Played, Step
from tests.people import ALEPPO, NOON, post

HOUR = timedelta(hours=1)
SILENT = Page(cursor={"at": "9"}, covered=Window(NOON - HOUR, NOON))
COUNTED = Page(reported=(Reported(Metric.REPORTED_POSTS, WHOLE, NOON - HOUR, 3600, 3),))


@dataclass
class Meter:
    """What a run is given beside its source: an account that outlives it."""

    clock: Simulated = field(default_factory=lambda: Simulated(NOON))
    calls: int = 0
    quota_left: int | None = None

    def __post_init__(self) -> None:
        self.account: Account = Pocket(self.clock)


async def ran(store: Store, *steps: Step, canary: bool | Exception | None = None, meter: Meter | None = None) -> Run:
    source = Played({"a": steps}, canary=canary)
    return await collected(store, source, meter or Meter())


async def collected(store: Store, source: Played, meter: Meter) -> Run:
    return await collect(store, source, ALEPPO, meter.clock, meter=meter)


async def standing(store: Store) -> Standing:
    return await runs.standing(store, "aleppo", "social", "a")


async def test_silence_of_a_source_whose_canary_sings_is_silence(store: Store) -> None:
    run = await ran(store, SILENT, canary=True)
    assert run.outcome is Outcome.EMPTY
    assert await standing(store) == Standing({"at": "9"}, (Window(NOON - HOUR, NOON),))


async def test_silence_of_a_source_without_a_canary_is_silence(store: Store) -> None:
    assert (await ran(store, SILENT, canary=None)).outcome is Outcome.EMPTY
    assert (await standing(store)).covered


async def test_silence_of_a_mute_canary_is_blindness_and_covers_nothing(store: Store) -> None:
    run = await ran(store, SILENT, canary=False)
    assert (run.outcome, run.outcome.is_up) == (Outcome.BLIND, False)
    assert "its silence says nothing" in run.message
    assert await standing(store) == Standing()


async def test_a_source_that_brings_something_is_not_asked_for_its_canary(store: Store) -> None:
    source = Played({"a": [Page([post(1)])], "b": [SILENT]}, canary=False)
    assert (await collected(store, source, Meter())).outcome is Outcome.OK
    assert source.canaries == 0


async def test_a_walk_proves_the_silence_of_its_own_way_only(store: Store) -> None:
    walks = {"count/a": [COUNTED], "search/b": [SILENT], "count/c": [SILENT]}
    run = await collected(store, Played(walks, canary=False), Meter())
    assert run.outcome is Outcome.BLIND
    covered = [bool((await runs.standing(store, "aleppo", "social", name)).covered) for name in walks]
    assert covered == [False, False, True]  # counts cover nothing themselves


async def test_what_one_way_brought_within_the_hour_proves_no_other(store: Store) -> None:
    meter = Meter()
    await collected(store, Played({"count/a": [COUNTED]}, canary=False), meter)
    assert (await collected(store, Played({"search/b": [SILENT]}, canary=False), meter)).outcome is Outcome.BLIND
    assert (await collected(store, Played({"count/a": [SILENT]}, canary=False), meter)).outcome is Outcome.EMPTY


@pytest.mark.parametrize(("value", "is_blind"), [(3, False), (0, True)])
async def test_counts_of_the_platform_are_no_silence_but_its_zeros_are(
    store: Store, value: int, is_blind: bool
) -> None:
    told = Reported(Metric.REPORTED_POSTS, WHOLE, NOON - HOUR, 3600, value)
    assert ((await ran(store, Page(reported=(told,)), canary=False)).outcome is Outcome.BLIND) is is_blind


async def test_a_walk_that_says_nothing_at_all_needs_no_canary(store: Store) -> None:
    source = Played({"stream": []}, canary=False)
    await collected(store, source, Meter())
    assert source.canaries == 0


@pytest.mark.parametrize("answer", [True, False])
async def test_the_canary_is_asked_once_an_hour_at_most(store: Store, answer: bool) -> None:
    source, meter = Played({"a": [SILENT], "b": [SILENT]}, canary=answer), Meter()
    outcomes = {(await collected(store, source, meter)).outcome for _ in range(3)}
    assert (source.canaries, len(outcomes)) == (1, 1)
    meter.clock.move_to(NOON + HOUR)
    await collected(store, source, meter)
    assert source.canaries == 2


async def test_what_a_source_brought_within_the_hour_proves_as_much(store: Store) -> None:
    meter, mute = Meter(), Played({"a": [SILENT]}, canary=False)
    await ran(store, Page([post(1)]), meter=meter)
    assert (await collected(store, mute, meter)).outcome is Outcome.EMPTY
    meter.clock.move_to(NOON + HOUR)
    assert (await collected(store, mute, meter)).outcome is Outcome.BLIND


async def test_a_blind_source_that_brings_something_sees_again(store: Store) -> None:
    meter = Meter()
    outcomes = [
        (await ran(store, step, canary=False, meter=meter)).outcome for step in (SILENT, Page([post(1)]), SILENT)
    ]
    assert outcomes == [Outcome.BLIND, Outcome.OK, Outcome.EMPTY]


@pytest.mark.parametrize(
    ("error", "outcome"), [(SourceUnavailable("down"), Outcome.UNAVAILABLE), (RateLimited("no"), Outcome.RATE_LIMITED)]
)
async def test_a_canary_that_fails_is_an_ordinary_failure_and_leaves_doubt(
    store: Store, error: Exception, outcome: Outcome
) -> None:
    source = Played({"a": [SILENT], "b": [SILENT]}, canary=error)
    assert (await collected(store, source, Meter())).outcome is outcome
    assert source.canaries == 1
    assert await standing(store) == Standing()


async def test_what_a_walk_told_before_it_failed_is_doubted_too(store: Store) -> None:
    run = await ran(store, SILENT, SourceUnavailable("down"), canary=False)
    assert run.outcome is Outcome.UNAVAILABLE
    assert await standing(store) == Standing()


async def test_sources_of_one_name_that_share_a_key_share_the_answer(store: Store) -> None:
    meter, other = Meter(), Played({"a": [SILENT]}, canary=True)
    await ran(store, SILENT, canary=True, meter=meter)
    await collected(store, other, meter)
    assert other.canaries == 0


STEP, STEPS, BLIND_FROM, BLIND_TO = 6, 48, 2, 47


def told(step: int) -> Page:
    """Return six hours of twelve posts each, or of nothing while the source is blind."""
    end = NOON + STEP * step * HOUR
    spoken = [] if BLIND_FROM <= step < BLIND_TO else range(STEP * 12)
    mentions = [post(step * 1000 + number, hours=STEP * step - (number + 0.5) / 12) for number in spoken]
    return Page(mentions, covered=Window(end - STEP * HOUR, end))


async def brief_after(store: Store, *, canary: bool) -> Brief:
    """Collect twelve days, of which the source says nothing for eleven; return the brief of the day it is back."""
    meter = Meter()
    for step in range(STEPS):
        meter.clock.move_to(NOON + STEP * step * HOUR)
        await collected(store, Played({"a": [told(step)]}, canary=canary), meter)
    now = meter.clock.now()
    return await gather.brief(store, ALEPPO, Window(now - 24 * HOUR, now), now)


async def test_the_end_of_a_silence_that_is_believed_is_a_spike(store: Store) -> None:
    assert (await brief_after(store, canary=True)).spikes


async def test_the_end_of_blindness_is_none(store: Store) -> None:
    brief = await brief_after(store, canary=False)
    assert brief.spikes == ()
    assert [gap.end - gap.start for gap in brief.sources[0].gaps] == [18 * HOUR]
    posts = brief.total("posts")
    assert posts is not None
    assert posts.now.partial
