from datetime import date, timedelta
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model.poll import State
from monitor.model.race import Cycle, Stage
from monitor.store import polls
from monitor.store.redis import execute
from tests.trends.polls import CLOSES, OPENED, tally

DAY = date(2012, 4, 13)
OPEN = Cycle(poll="friday", day=DAY, stage=Stage.OPEN, place="poll/1")


def seen(hours=1.0, **fields: Any):
    return tally(hours, {"جمعة الغضب": 30, "الصمود": 20}, closes_at=CLOSES, state=State.OPEN, **fields)


async def points(store, what):
    key = store.keys.votes("aleppo", "friday", DAY.isoformat(), what)
    return [float(value) for _, value in await execute(store.redis, "TS.RANGE", key, "-", "+")]


async def test_a_look_comes_back_as_it_was_but_for_the_raw_answer(store):
    await polls.keep(store, "aleppo", OPEN, seen())
    (back,) = await polls.tallies(store, "aleppo", "friday", DAY)
    assert (back.options, back.votes, back.total, back.closes_at, back.state) == (
        seen().options,
        seen().votes,
        50,
        CLOSES,
        State.OPEN,
    )
    assert (back.raw, back.digest) == (b"", seen().digest)


async def test_every_check_is_stored_changed_or_not(store):
    for hours in (1, 1.5, 2):
        await polls.keep(store, "aleppo", OPEN, seen(hours))
    assert [one.at for one in await polls.tallies(store, "aleppo", "friday", DAY)] == [
        OPENED + timedelta(hours=hours) for hours in (1, 1.5, 2)
    ]
    assert await points(store, "votes/الغضب") == [30, 30, 30]
    assert await points(store, "share/الغضب") == [0.6, 0.6, 0.6]
    assert await points(store, "total") == [50, 50, 50]


async def test_the_same_look_stored_again_changes_nothing(store):
    for _ in range(3):
        await polls.keep(store, "aleppo", OPEN, seen())
    assert len(await polls.tallies(store, "aleppo", "friday", DAY)) == 1
    assert await points(store, "votes/الغضب") == [30]


async def test_any_number_can_be_shown_to_come_from_somewhere(store):
    look = await polls.keep(store, "aleppo", OPEN, seen(raw=b"<html>30 votes</html>"))
    assert await polls.snapshot(store, "aleppo", look.digest) == b"<html>30 votes</html>"


async def test_a_raw_answer_is_kept_for_as_long_as_was_said(store):
    look = await polls.keep(store, "aleppo", OPEN, seen(), kept_for=timedelta(days=3))
    left = await execute(store.redis, "TTL", store.keys.snapshot("aleppo", look.digest))
    assert left == pytest.approx(3 * 86400, abs=5)


async def test_an_unknown_answer_is_told_in_words(store):
    with pytest.raises(StoreError, match="no answer of a poll"):
        await polls.snapshot(store, "aleppo", "0" * 64)


async def test_what_was_not_told_adds_no_point(store):
    await polls.keep(store, "aleppo", OPEN, tally(1, {"a": (40, 60), "b": None}))
    assert await points(store, "votes/a") == [50]
    assert not await execute(store.redis, "EXISTS", store.keys.votes("aleppo", "friday", DAY.isoformat(), "votes/b"))


async def test_series_are_told_apart_by_their_labels(store):
    await polls.keep(store, "aleppo", OPEN, seen())
    key = store.keys.votes("aleppo", "friday", DAY.isoformat(), "votes/الغضب")
    info = await execute(store.redis, "TS.INFO", key)
    labels = {name.decode(): told.decode() for name, told in dict(info[b"labels"]).items()}
    assert labels["option"] == "الغضب"
    assert (labels["metric"], labels["campaign"], labels["class"]) == ("votes", "aleppo", "votes")


async def test_a_series_that_is_something_else_stops_everything_before_the_first_write(store):
    await store.redis.set(store.keys.votes("aleppo", "friday", DAY.isoformat(), "total"), "x")
    with pytest.raises(StoreError, match="something else"):
        await polls.keep(store, "aleppo", OPEN, seen())
    assert await polls.tallies(store, "aleppo", "friday", DAY) == []
    assert await polls.cycle(store, "aleppo", "friday", DAY) is None


async def test_a_cycle_is_kept_with_its_look_and_alone(store):
    await polls.keep(store, "aleppo", OPEN, seen())
    assert await polls.cycle(store, "aleppo", "friday", DAY) == OPEN
    vain = OPEN.model_copy(update={"looked_in_vain": "the page asks for a login"})
    await polls.put(store, "aleppo", vain)
    assert await polls.cycle(store, "aleppo", "friday", DAY) == vain


async def test_cycles_come_newest_first(store):
    for weeks in (1, 0, 2):
        day = DAY + timedelta(weeks=weeks)
        await polls.put(store, "aleppo", Cycle(poll="friday", day=day, stage=Stage.AWAITED))
    found = await polls.cycles(store, "aleppo", "friday")
    assert [one.day for one in found] == [DAY + timedelta(weeks=weeks) for weeks in (2, 1, 0)]
    assert polls.newest(found) == found[0]


async def test_polls_and_campaigns_do_not_meet(store):
    await polls.keep(store, "aleppo", OPEN, seen())
    assert await polls.tallies(store, "homs", "friday", DAY) == []
    assert await polls.tallies(store, "aleppo", "other", DAY) == []
