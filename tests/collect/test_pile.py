from datetime import timedelta

import pytest

from monitor.clock import Simulated
from monitor.collect.observe import observe
from monitor.collect.page import Assignment, Kept
from monitor.collect.pile import FULL, LONGEST, Pile
from monitor.model.mention import Reported
from monitor.model.metric import WHOLE, Metric
from monitor.model.source import Page, Standing, Walk
from monitor.model.window import Window
from monitor.store import reported, runs, seen
from monitor.store.store import Store
from tests.collect.played import Played
from tests.people import ALEPPO, NOON, post

HOUR = timedelta(hours=1)
BEFORE = Window(NOON - HOUR, NOON)


@pytest.fixture
def pile(store: Store) -> Pile:
    return Pile(Assignment(store, Played({"a": []}), ALEPPO, Simulated(NOON)), Walk("a"))


def lay(pile: Pile, page: Page) -> None:
    pile.add(page, observe(ALEPPO, page.mentions, now=NOON), NOON)


async def standing(store: Store) -> Standing:
    return await runs.standing(store, "aleppo", "social", "a")


def test_a_few_posts_wait_for_more(pile: Pile):
    lay(pile, Page([post(1)]))
    assert not pile.is_full(NOON)


def test_many_posts_do_not_wait(pile: Pile):
    lay(pile, Page([post(number) for number in range(FULL)]))
    assert pile.is_full(NOON)


def test_nothing_waits_long(pile: Pile):
    lay(pile, Page([post(1)]))
    assert pile.is_full(NOON + LONGEST)


def test_an_empty_pile_is_never_full(pile: Pile):
    assert not pile.is_full(NOON + HOUR)


async def test_storing_nothing_changes_nothing(pile: Pile, store: Store):
    assert await pile.store(NOON) == Kept()
    assert await standing(store) == Standing()


async def test_pages_are_counted_together(pile: Pile):
    lay(pile, Page([post(1), post(2, tags=("cats",))], refused=4))
    lay(pile, Page([post(1), post(3, hours=5)]))
    assert await pile.store(NOON) == Kept(read=4, kept=2, new=1, refused=5)


async def test_the_last_cursor_counts(pile: Pile, store: Store):
    for cursor in ({"at": "1"}, {"at": "2"}, None):
        lay(pile, Page(cursor=cursor))
    await pile.store(NOON)
    assert (await standing(store)).cursor == {"at": "2"}


async def test_pages_without_a_cursor_leave_the_old_one(pile: Pile, store: Store):
    lay(pile, Page(cursor={"at": "1"}))
    await pile.store(NOON)
    lay(pile, Page())
    await pile.store(NOON)
    assert (await standing(store)).cursor == {"at": "1"}


async def test_what_is_covered_adds_up(pile: Pile, store: Store):
    lay(pile, Page(covered=BEFORE))
    lay(pile, Page(covered=BEFORE.shifted(-HOUR)))
    await pile.store(NOON)
    lay(pile, Page(covered=BEFORE.shifted(-3 * HOUR)))
    await pile.store(NOON)
    assert (await standing(store)).covered == (BEFORE.shifted(-3 * HOUR), Window(NOON - 2 * HOUR, NOON))


async def test_nothing_is_stored_twice(pile: Pile):
    lay(pile, Page([post(1)]))
    await pile.store(NOON)
    assert await pile.store(NOON) == Kept()


async def test_what_a_platform_reports_is_stored_with_the_cursor(pile: Pile, store: Store):
    told = Reported(Metric.REPORTED_POSTS, WHOLE, NOON - HOUR, 3600, 7.0)
    lay(pile, Page(cursor={"until": 1}, reported=[told]))
    lay(pile, Page([post(1)]))
    await pile.store(NOON)
    assert await reported.within(store, "aleppo", [WHOLE], ["mastodon"], BEFORE) == {"mastodon": [told]}
    assert (await standing(store)).cursor == {"until": 1}


async def test_an_unlisted_spelling_is_stored_with_its_posts(pile: Pile, store: Store):
    lay(pile, Page([post(n, tags=("SaveAleppo", "Save_Aleppo")) for n in range(3)]))
    await pile.store(NOON)
    assert await seen.within(store, "aleppo", BEFORE, ALEPPO.zone) == {"save_aleppo": 3}
