"""What a source may rely on of its account, in memory or in the store, and what only the store can promise."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from monitor.clock import Clock, Simulated
from monitor.errors import RateLimited
from monitor.fetch.pocket import Pocket
from monitor.model.account import Account, Allowance, Period
from monitor.store import accounts
from monitor.store.store import Store
from tests.people import NOON

SEARCHES = Allowance("searches", 3)
DOLLARS = Allowance("dollars", 1.0, "dollars", Period.MONTH)
DAMASCUS = Allowance("posts", 10, "posts", Period.DAY, "Asia/Damascus")

Open = Callable[[Clock], Account]


@pytest.fixture(params=["pocket", "store"])
def opened(request: pytest.FixtureRequest, store: Store) -> Open:
    return Pocket if request.param == "pocket" else lambda clock: accounts.Account(store, "x-1", clock)


@pytest.fixture
def clock() -> Simulated:
    return Simulated(NOON)


@pytest.fixture
def account(opened: Open, clock: Simulated) -> Account:
    return opened(clock)


async def test_what_is_taken_is_not_left(account: Account) -> None:
    await account.take({SEARCHES: 2})
    assert await account.left(SEARCHES) == 1


async def test_all_that_there_is_may_be_taken_and_no_more(account: Account) -> None:
    await account.take({SEARCHES: 3})
    with pytest.raises(RateLimited, match=r"3 calls \(searches\)"):
        await account.take({SEARCHES: 1})


async def test_cents_add_up(account: Account) -> None:
    for _ in range(10):
        await account.take({DOLLARS: 0.1})
    with pytest.raises(RateLimited):
        await account.take({DOLLARS: 0.005})


async def test_it_is_all_or_nothing(account: Account) -> None:
    with pytest.raises(RateLimited):
        await account.take({SEARCHES: 1, DOLLARS: 1.5})
    assert (await account.left(SEARCHES), await account.left(DOLLARS)) == (3, 1.0)


async def test_the_wait_lasts_until_the_period_that_is_used_up_is_renewed(account: Account) -> None:
    await account.take({SEARCHES: 3})
    with pytest.raises(RateLimited) as raised:
        await account.take({DOLLARS: 0.1, SEARCHES: 1})
    assert raised.value.retry_after == timedelta(hours=12).total_seconds()


async def test_a_day_begins_at_midnight_of_its_zone(account: Account) -> None:
    await account.take({DAMASCUS: 10})
    with pytest.raises(RateLimited) as raised:
        await account.take({DAMASCUS: 1})
    assert raised.value.retry_after == timedelta(hours=9).total_seconds()


async def test_a_new_period_begins_with_everything(account: Account, clock: Simulated) -> None:
    await account.take({SEARCHES: 3, DOLLARS: 1})
    clock.move_to(NOON + timedelta(hours=12))
    assert (await account.left(SEARCHES), await account.left(DOLLARS)) == (3, 0)


async def test_what_was_not_used_is_there_again(account: Account) -> None:
    await account.take({SEARCHES: 3})
    await account.give_back({SEARCHES: 2})
    assert await account.left(SEARCHES) == 2


async def test_what_is_given_back_after_midnight_frees_nothing_of_the_new_day(
    account: Account, opened: Open, clock: Simulated
) -> None:
    await account.take({SEARCHES: 3})
    clock.move_to(NOON + timedelta(hours=13))
    await account.give_back({SEARCHES: 3})
    await account.take({SEARCHES: 2})
    assert await account.left(SEARCHES) == 1


async def test_more_can_not_be_given_back_than_was_taken(account: Account) -> None:
    await account.take({SEARCHES: 1})
    await account.give_back({SEARCHES: 5})
    assert await account.left(SEARCHES) == 3


async def test_a_limit_that_was_lowered_leaves_nothing_but_no_debt(account: Account) -> None:
    await account.take({SEARCHES: 3})
    assert await account.left(Allowance("searches", 2)) == 0


async def test_what_is_kept_is_recalled_until_its_time_is_over(account: Account, clock: Simulated) -> None:
    await account.keep("session", '{"token": "حلب"}', seconds=3600)
    clock.move_to(NOON + timedelta(minutes=59))
    assert await account.recall("session") == '{"token": "حلب"}'
    clock.move_to(NOON + timedelta(minutes=60))
    assert await account.recall("session") is None


async def test_what_was_never_kept_is_not_recalled(account: Account) -> None:
    assert await account.recall("session") is None


async def test_what_is_kept_again_replaces_the_first(account: Account) -> None:
    await account.keep("session", "one", seconds=60)
    await account.keep("session", "two", seconds=60)
    assert await account.recall("session") == "two"


async def admitted(account: Account, *members: str) -> list[float]:
    return [await account.admit("tags", member, most=2, seconds=3600) for member in members]


async def test_only_so_many_are_admitted_and_who_is_too_late_hears_how_long(account: Account, clock: Simulated) -> None:
    assert await admitted(account, "a") == [0]
    clock.move_to(NOON + timedelta(minutes=20))
    assert await admitted(account, "b", "حلب") == [0, 2400]


async def test_a_member_is_admitted_again_and_its_time_begins_anew(account: Account, clock: Simulated) -> None:
    await admitted(account, "a", "b")
    clock.move_to(NOON + timedelta(minutes=20))
    assert await admitted(account, "a", "c") == [0, 2400]


async def test_when_the_time_of_one_is_over_another_is_admitted(account: Account, clock: Simulated) -> None:
    await admitted(account, "a", "b")
    clock.move_to(NOON + timedelta(hours=1))
    assert await admitted(account, "c", "d", "e") == [0, 0, 3600]


async def test_another_name_has_members_of_its_own(account: Account) -> None:
    await admitted(account, "a", "b")
    assert await account.admit("channels", "c", most=2, seconds=60) == 0


async def test_of_many_at_once_no_more_are_admitted_than_may(store: Store, clock: Simulated) -> None:
    crowd = [(accounts.Account(store, "x-1", clock), f"tag{number}") for number in range(40)]
    waits = await asyncio.gather(*(one.admit("tags", tag, most=30, seconds=60) for one, tag in crowd))
    assert sorted(waits) == [0.0] * 30 + [60.0] * 10


async def test_two_who_use_one_key_share_what_it_may_spend_and_its_session(store: Store, clock: Simulated) -> None:
    one, other = (accounts.Account(store, "x-1", clock) for _ in range(2))
    await one.take({SEARCHES: 2})
    await one.keep("session", "s", seconds=60)
    assert (await other.left(SEARCHES), await other.recall("session")) == (1, "s")


async def test_another_key_has_its_own(store: Store, clock: Simulated) -> None:
    one, other = (accounts.Account(store, name, clock) for name in ("x-1", "x-2"))
    await one.take({SEARCHES: 3})
    await one.keep("session", "s", seconds=60)
    assert (await other.left(SEARCHES), await other.recall("session")) == (3, None)


async def test_many_at_once_never_overspend(store: Store, clock: Simulated) -> None:
    crowd = [accounts.Account(store, "x-1", clock) for _ in range(40)]
    tight, wide = Allowance("calls", 25), Allowance("posts", 1000)
    taken = await asyncio.gather(*(one.take({wide: 7, tight: 1}) for one in crowd), return_exceptions=True)
    assert (taken.count(None), sum(isinstance(one, RateLimited) for one in taken)) == (25, 15)
    assert (await crowd[0].left(tight), await crowd[0].left(wide)) == (0, 1000 - 25 * 7)


class Stammering:
    """A Redis to which every command is sent once more, as if its answer had been lost."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def execute_command(self, *command: str) -> object:
        await self._redis.execute_command(*command)
        return await self._redis.execute_command(*command)


async def test_a_command_whose_answer_was_lost_counts_once(store: Store, clock: Simulated) -> None:
    account = accounts.Account(replace(store, redis=Stammering(store.redis)), "x-1", clock)
    await account.take({SEARCHES: 2})
    await account.give_back({SEARCHES: 1})
    assert await account.left(SEARCHES) == 2


async def test_the_ledger_tells_what_was_used_and_since_when(store: Store, clock: Simulated) -> None:
    account = accounts.Account(store, "x-1", clock)
    await account.take({SEARCHES: 1, DOLLARS: 0.25})
    clock.move_to(NOON + timedelta(hours=1))
    await account.take({SEARCHES: 1})
    assert await accounts.ledger(store, "x-1", clock.now()) == [
        accounts.Spent(DOLLARS, 0.25, NOON),
        accounts.Spent(SEARCHES, 2, NOON),
    ]


async def test_the_ledger_of_a_new_day_shows_that_nothing_was_used(store: Store, clock: Simulated) -> None:
    await accounts.Account(store, "x-1", clock).take({SEARCHES: 1})
    tomorrow = NOON + timedelta(days=1)
    assert await accounts.ledger(store, "x-1", tomorrow) == [accounts.Spent(SEARCHES, 0, None)]


async def test_nothing_is_kept_for_ever(store: Store, clock: Simulated) -> None:
    account = accounts.Account(store, "x-1", clock)
    await account.take({SEARCHES: 1, DOLLARS: 1})
    await account.keep("session", "s", seconds=60)
    await admitted(account, "a")
    keys = await store.redis.keys(f"{store.keys.account('x-1')}*")
    assert len(keys) == 8
    assert all([await store.redis.ttl(key) > 0 for key in keys])


async def test_the_course_of_an_allowance_is_remembered_to_five_minutes(store: Store, clock: Simulated) -> None:
    account = accounts.Account(store, "x-1", clock)
    for amount, minutes in ((1, 1), (1, 1), (1, 9)):
        await account.take({SEARCHES: amount})
        await clock.sleep(minutes * 60)
    assert await accounts.course(store, "x-1", SEARCHES) == [(NOON, 3.0)]


async def test_what_is_given_back_is_seen_in_the_course_when_something_is_taken_again(
    store: Store, clock: Simulated
) -> None:
    account = accounts.Account(store, "x-1", clock)
    await account.take({SEARCHES: 3})
    await clock.sleep(600)
    await account.give_back({SEARCHES: 2})
    await account.take({SEARCHES: 1})
    told = await accounts.course(store, "x-1", SEARCHES)
    assert [amount for _, amount in told] == [3.0, 2.0]


async def test_an_allowance_that_nobody_took_from_has_no_course(store: Store) -> None:
    assert await accounts.course(store, "x-1", SEARCHES) == []
