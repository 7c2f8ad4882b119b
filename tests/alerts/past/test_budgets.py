"""What a rule of budgets would have sent, held beside what it did send."""

from datetime import datetime

from monitor.alerts.past.budgets import past
from monitor.alerts.past.replay import messages
from monitor.alerts.rounds import Rounds, Watched
from monitor.alerts.rules import HOUSE, Budget
from monitor.clock import Simulated
from monitor.collect.accounts import account_of, courses, spendings
from monitor.model.account import Allowance, Period
from monitor.model.window import Window
from monitor.sources.mastodon import Settings as Mastodon
from monitor.store import accounts
from monitor.store.store import Store
from tests.alerts.cases import HOUR
from tests.alerts.past.lived import SETTINGS, late, lived, told
from tests.people import ALEPPO, NOON

READS = Allowance("reads", 1000, "posts", Period.DAY)
RULE = Budget(on="budget", hours_before=3)
SOCIAL = Mastodon(name="social", server="https://social.example")
ASKED = [("aleppo", SOCIAL)]
STRETCH = Window(NOON, NOON + 62 * HOUR)
SPENT = {1: 5, 2: 10, 15: 300, 16: 200, 17: 400, 40: 990}
"""How much is spent so many hours after noon."""


async def spend(store: Store, now: datetime) -> None:
    amount = SPENT.get(round((now - NOON) / HOUR, 3))
    if amount:
        await accounts.Account(store, account_of(store, SOCIAL), Simulated(now)).take({READS: amount})


async def test_what_is_played_is_what_was_sent(store: Store):
    async def look(looking: Rounds, now: datetime):
        return await looking.look_at_house(await spendings(store, ASKED, now))

    watched = Watched(ALEPPO, (RULE,))
    sent = await lived(store, watched, STRETCH, HOUR / 4, lambda now: spend(store, now), look)
    found = past(await courses(store, ASKED, STRETCH.end), [RULE], STRETCH)
    played = list(messages(HOUSE, found, SETTINGS.policy(HOUSE)))
    assert told(played) == told(sent)
    assert [part.split()[0] for _, part in told(sent)] == ["new", "over", "new", "over"]
    assert late(sent, played) <= HOUR
    assert found.known == Window(NOON + HOUR, STRETCH.end)


async def test_before_anything_was_spent_nothing_is_known(store: Store):
    found = past(await courses(store, ASKED, NOON), [RULE], STRETCH)
    assert (found.known, found.looks) == (None, ())
    assert "it is from the next run on" in found.doubts[0]


async def test_a_new_period_begins_with_nothing(store: Store):
    for hours in (1, 13):
        account = accounts.Account(store, account_of(store, SOCIAL), Simulated(NOON + hours * HOUR))
        await account.take({READS: 50 * hours})
    (course,) = await courses(store, ASKED, NOON + 14 * HOUR)
    assert [course.at(NOON + hours * HOUR).used for hours in (0, 1, 11, 12, 13)] == [0, 50, 50, 0, 650]
    assert course.at(NOON + 23 * HOUR).runs_out_at is not None
