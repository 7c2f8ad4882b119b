from collections.abc import Sequence
from datetime import timedelta

from monitor.clock import Simulated
from monitor.collect.collector import Limits, collect
from monitor.errors import RateLimited, SourceUnavailable
from monitor.model.mention import Post
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome, Run
from monitor.model.source import Page
from monitor.model.window import Resolution, Window
from monitor.store import series
from monitor.store.store import Store
from tests.collect.played import Played
from tests.people import ALEPPO, NOON, post

DAY = timedelta(days=1)


def first(*numbers: int) -> Played:
    return Played({"a": [Page([post(number, likes=1) for number in numbers])]})


async def ran(store: Store, source: Played, *, hours: float, again: int = 600, seconds: float = 240) -> Run:
    clock = Simulated(NOON + timedelta(hours=hours))
    return await collect(store, source, ALEPPO, clock, limits=Limits(again=again, seconds=seconds))


async def likes(store: Store) -> list[float]:
    frame = await series.frame(
        store, ALEPPO.slug, subjects=[WHOLE], platforms=["mastodon"], metrics=[Metric.LIKES],
        window=Window(NOON, NOON + timedelta(hours=3)), resolution=Resolution.HOUR, zone=ALEPPO.zone, now=NOON + DAY,
    )  # fmt: skip
    return [float(value) for value in frame.values.to_numpy()[:, 0]]


def known(*numbers: int, **fields: int) -> list[Post]:
    return [post(number, **fields) for number in numbers]


async def test_a_known_post_is_asked_again_and_its_growth_counts_when_it_was_seen(store: Store):
    await ran(store, first(1), hours=0)
    run = await ran(store, Played({}, again_at_once=40, known=known(1, likes=5)), hours=2)
    assert (run.kept, run.new) == (1, 0)
    assert await likes(store) == [1, 0, 4]


async def test_posts_are_asked_in_batches_the_platform_takes(store: Store):
    await ran(store, first(*range(5)), hours=0)
    source = Played({}, again_at_once=2, known=known(*range(5), likes=1))
    await ran(store, source, hours=2)
    assert sorted(map(len, source.asked_again)) == [1, 2, 2]


async def test_those_for_whom_the_budget_was_too_small_are_counted(store: Store):
    await ran(store, first(*range(5)), hours=0)
    source = Played({}, again_at_once=2, known=known(*range(5)))
    assert [(await ran(store, source, hours=2 + n / 10, again=3)).skipped for n in range(2)] == [2, 0]


async def test_those_that_wait_for_money_are_counted_in_every_run(store: Store):
    await ran(store, first(*range(5)), hours=0)
    source = Played({}, again_at_once=None)
    assert [(await ran(store, source, hours=2 + n / 10)).skipped for n in range(2)] == [5, 5]
    assert source.asked_again == []


async def test_those_that_an_error_left_are_counted_beside_what_came_before_it(store: Store):
    await ran(store, first(*range(5)), hours=0)

    class Breaking(Played):
        async def again(self, marks: Sequence[str]) -> Sequence[Post]:
            if self.asked_again:
                raise SourceUnavailable("down")
            return await super().again(marks)

    run = await ran(store, Breaking({}, again_at_once=2, known=known(*range(5))), hours=2)
    assert (run.kept, run.skipped, run.outcome) == (2, 3, Outcome.UNAVAILABLE)


async def test_those_that_wait_for_the_end_of_a_limit_are_counted(store: Store):
    await ran(store, first(*range(5)), hours=0)
    source = Played({"a": [RateLimited("slow down", 90.0)]}, again_at_once=40)
    assert (await ran(store, source, hours=2)).skipped == 5
    assert source.asked_again == []


async def test_nobody_waits_for_a_source_that_can_not_be_asked(store: Store):
    await ran(store, first(1), hours=0)
    assert (await ran(store, Played({}), hours=2)).skipped == 0


async def test_the_budget_says_how_many_are_asked(store: Store):
    await ran(store, first(*range(5)), hours=0)
    source = Played({}, again_at_once=2, known=known(*range(5)))
    await ran(store, source, hours=2, again=3)
    await ran(store, source, hours=2.1, again=3)
    asked = [mark for batch in source.asked_again for mark in batch]
    assert sorted(asked) == ["0", "1", "2", "3", "4"]


async def test_a_post_that_is_gone_climbs_like_any_other(store: Store):
    await ran(store, first(1), hours=0)
    source = Played({}, again_at_once=40)
    await ran(store, source, hours=2)
    await ran(store, source, hours=2.1)
    assert source.asked_again == [["1"]]


async def test_a_source_that_cannot_be_asked_again_is_not(store: Store):
    await ran(store, first(1), hours=0)
    source = Played({}, again_at_once=0)
    await ran(store, source, hours=2)
    assert source.asked_again == []


async def test_a_failure_leaves_the_posts_due(store: Store):
    await ran(store, first(1), hours=0)
    run = await ran(store, Played({}, again_at_once=40, known=SourceUnavailable("down")), hours=2)
    source = Played({}, again_at_once=40, known=known(1))
    await ran(store, source, hours=2.1)
    assert run.outcome is Outcome.UNAVAILABLE
    assert source.asked_again == [["1"]]


async def test_no_batch_begins_when_half_the_time_is_over(store: Store):
    await ran(store, first(*range(4)), hours=0)
    clock = Simulated(NOON + timedelta(hours=2))

    class Slow(Played):
        async def again(self, marks):
            await clock.sleep(60)
            return await super().again(marks)

    source = Slow({}, again_at_once=1, known=known(*range(4)))
    run = await collect(store, source, ALEPPO, clock, limits=Limits(seconds=100))
    assert (len(source.asked_again), run.outcome) == (1, Outcome.OK)


async def test_a_post_that_lost_its_hashtag_is_no_longer_counted(store: Store):
    await ran(store, first(1), hours=0)
    edited = known(1, likes=50)[0]
    source = Played({}, again_at_once=40, known=[post(1, tags=("cats",), likes=edited.counts.likes)])
    assert (await ran(store, source, hours=2)).kept == 0
    assert await likes(store) == [1, 0, 0]


class Short(Played):
    """Has money for so many posts, and takes fewer at once as it runs out."""

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        self.again_at_once = (self.again_at_once or 0) - len(marks) or None
        return await super().again(marks)


async def test_a_source_that_runs_short_is_asked_for_less_and_the_rest_waits(store: Store):
    await ran(store, first(*range(5)), hours=0)
    source = Short({}, again_at_once=3, known=known(*range(5), likes=1))
    run = await ran(store, source, hours=2)
    assert ([len(marks) for marks in source.asked_again], run.skipped) == ([3], 2)
