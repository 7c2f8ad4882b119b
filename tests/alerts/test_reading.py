"""What is read of a campaign, and what counts as not seen."""

from datetime import timedelta

import pytest

from monitor.alerts.muting import SEEING
from monitor.alerts.reading import Seen, seen
from monitor.alerts.rules import Poll, Spike
from monitor.model.metric import Metric
from monitor.model.run import Outcome, Run
from monitor.model.sighting import SourceState
from monitor.store.store import Store
from tests.alerts.cases import MINUTE
from tests.alerts.street import posts, stored
from tests.people import ALEPPO, NOON


def source(number: int, outcome: Outcome) -> SourceState:
    run = Run(campaign="aleppo", source=str(number), platform="feeds", started_at=NOON, seconds=1, outcome=outcome)
    return SourceState(str(number), "feeds", (run,), {})


@pytest.mark.parametrize(("well", "ill", "partly", "wholly"), [(1, 0, 0, 0), (0, 1, 1, 1), (9, 1, 0, 0), (1, 1, 1, 0)])
def test_one_dead_source_of_many_blinds_nobody_and_one_of_two_not_wholly(well: int, ill: int, partly: int, wholly: int):
    states = [source(number, Outcome.OK) for number in range(well)]
    states += [source(number + 100, Outcome.UNAVAILABLE) for number in range(ill)]
    blind = Seen(ALEPPO, NOON, states).blind
    assert (blind.partly, blind.wholly) == ({"feeds"} if partly else set(), {"feeds"} if wholly else set())


def test_what_came_from_files_is_never_blind():
    assert Seen(ALEPPO, NOON, [SourceState("files", "x", (), {"all": None})]).blind == SEEING


async def test_only_what_rules_ask_for_is_read(store: Store):
    await stored(store, posts(1, NOON - MINUTE))
    read = await seen(store, ALEPPO, [Poll(on="poll")], NOON)
    assert (read.hours, read.first, read.cycles) == (None, {}, [])


async def test_hours_that_nobody_watched_are_not_known(store: Store):
    await stored(store, posts(2, NOON - MINUTE))
    read = await seen(store, ALEPPO, [Spike(on="spike")], NOON)
    cells = read.cells(Metric.POSTS, "*")["mastodon"]
    assert cells.iloc[-1] == 2
    assert cells[cells.index < NOON - timedelta(days=8)].isna().all()
