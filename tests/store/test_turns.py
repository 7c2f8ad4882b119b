"""Which runs of a source are kept long after the others."""

from datetime import timedelta

from monitor.model.run import Outcome, Run
from monitor.store import runs
from monitor.store.runs import RUNS_KEPT
from monitor.store.store import Store
from monitor.store.turns import TURNS_KEPT, turns
from tests.people import NOON


def run(minutes: int, outcome: Outcome = Outcome.OK) -> Run:
    at = NOON + timedelta(minutes=minutes)
    return Run(campaign="aleppo", source="m", platform="mastodon", started_at=at, seconds=1, outcome=outcome)


async def kept(store: Store, *made: Run) -> list[Run]:
    for one in made:
        await runs.add(store, one)
    return await turns(store, "aleppo", "m")


async def test_the_first_run_and_both_sides_of_every_turn_are_kept(store: Store):
    down = [run(3, Outcome.REFUSED), run(4, Outcome.UNAVAILABLE)]
    made = [run(0), run(1, Outcome.EMPTY), run(2), *down, run(5, Outcome.BLIND), run(6)]
    assert await kept(store, *made) == [made[0], made[2], made[3], made[4], made[5], made[6]]


async def test_turns_outlive_the_runs_between_them(store: Store):
    first = [run(0), run(1, Outcome.BLIND), run(2)]
    assert await kept(store, *first, *(run(3 + number) for number in range(RUNS_KEPT + 1))) == first


async def test_the_same_run_told_twice_is_no_turn(store: Store):
    assert await kept(store, run(0), run(0), run(1, Outcome.BLIND), run(1, Outcome.BLIND)) == [
        run(0),
        run(1, Outcome.BLIND),
    ]


async def test_only_the_latest_turns_are_kept(store: Store):
    made = [run(number, Outcome.BLIND if number % 2 else Outcome.OK) for number in range(TURNS_KEPT)]
    found = await kept(store, *made)
    assert len(found) <= TURNS_KEPT
    assert found[-1] == made[-1]
