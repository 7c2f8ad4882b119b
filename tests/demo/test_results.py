"""The rows about polls tell when the store is wrong: by a vote, by the winner, by a lead change, by a headline."""

from datetime import UTC, date, datetime

from monitor.demo.cast import CAMPAIGN
from monitor.demo.contests import CHANNEL, PAGE
from monitor.demo.plan import Plan
from monitor.demo.results import results
from monitor.demo.row import Row
from monitor.demo.world import Contest, World
from monitor.model.option import option_key
from monitor.model.race import Cycle, Event, Kind, Line, Stage, Standing
from monitor.store import polls
from monitor.store.store import Store

DAY = date(2016, 4, 22)
AT = datetime(2016, 4, 21, tzinfo=UTC)
FIRST, SECOND = "كسر القيود", "نور الساحات"
BEGUN = 1_461_078_000
LATER = [BEGUN + 7200 + number for number in range(5)]
CONTEST = Contest(DAY, BEGUN, BEGUN + 108_000, "?", (FIRST, SECOND), (tuple(LATER), (BEGUN + 60, BEGUN + 120)))
WORLD = World(Plan(days=5), [], {}, {}, contests={PAGE: [CONTEST], CHANNEL: [CONTEST]})


def stored(poll: str = "page", *, votes: int | None = 5, winner: str = FIRST, changes: int = 1) -> Cycle:
    first = Line(key=option_key(FIRST), label=f"جمعة {FIRST}", votes=votes, low=4, high=6)
    second = Line(key=option_key(SECOND), label=SECOND, votes=2, low=2, high=2)
    changed = Event(kind=Kind.LEAD_CHANGE, at=AT)
    standing = Standing(at=AT, lines=(first, second), lead_changes=(changed,) * changes)
    names = {line.key: line.label for line in (first, second)}
    return Cycle(poll=poll, day=DAY, stage=Stage.CONFIRMED, names=names, winner=option_key(winner), standing=standing)


async def compared(store: Store, *cycles: Cycle) -> dict[str, Row]:
    for cycle in cycles:
        await polls.put(store, CAMPAIGN.slug, cycle)
    return {row.metric: row for row in [row async for row in results(store, WORLD)]}


async def wrong(store: Store, cycle: Cycle) -> list[str]:
    rows = await compared(store, cycle, stored("friday"))
    return [name.partition(": ")[2] for name, row in rows.items() if not row.equal]


async def test_a_right_store_agrees_in_every_row(store: Store) -> None:
    assert await wrong(store, stored()) == []


async def test_one_vote_too_few_shows(store: Store) -> None:
    assert await wrong(store, stored(votes=4)) == [FIRST]


async def test_another_winner_shows(store: Store) -> None:
    assert await wrong(store, stored(winner=SECOND)) == [f"won by {FIRST}"]


async def test_a_lead_change_that_was_none_shows(store: Store) -> None:
    assert await wrong(store, stored(changes=2)) == ["lead changes"]


async def test_where_only_bounds_are_told_the_true_votes_lie_within(store: Store) -> None:
    rows = await compared(store, stored("friday", votes=None))
    assert rows[f"friday 22 Apr: {FIRST}"] == Row(f"friday 22 Apr: {FIRST}", 5, (4, 6), bounds=True)
    assert rows[f"friday 22 Apr: {FIRST}"].equal


async def test_a_poll_that_was_never_seen_agrees_in_nothing(store: Store) -> None:
    rows = await compared(store)
    assert len(rows) == 8
    assert not any(row.equal for row in rows.values())


def test_bounds_that_miss_the_true_number_or_are_not_there_disagree() -> None:
    assert not Row("votes", 7, (4, 6), bounds=True).equal
    assert not Row("votes", 7, (None, None), bounds=True).equal
    assert Row("votes", 6, (4, 6), bounds=True).equal
