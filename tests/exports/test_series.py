"""A metric over time: who tells it, what nobody knows, why nobody watched."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from monitor.digest import gather
from monitor.exports import series
from monitor.exports.series import Split
from monitor.model.mention import Counts
from monitor.model.metric import Metric
from monitor.model.run import Outcome, Run
from monitor.model.series import Frame
from monitor.model.sighting import Batch, SourceState
from monitor.model.source import Standing
from monitor.model.window import Resolution, Window
from monitor.store import ingest, runs
from tests.digest.test_gather import DAY, FRIDAY, NOW, seen, store_all
from tests.people import ALEPPO


async def read(store, metric=Metric.POSTS, split=Split.NONE, width=Resolution.HOUR):
    return await series.read(store, ALEPPO, metric, DAY, width, split, NOW)


def total(one) -> float | None:
    known = [value for line in one.lines for value in line.values if value is not None]  # noqa: PD011 - no pandas
    return sum(known) if known else None


async def test_a_metric_that_a_platform_never_tells_is_not_zero(store):
    await store_all(store, [seen(1, 2, counts=Counts(likes=3))])
    assert [total(await read(store, metric)) for metric in (Metric.LIKES, Metric.IMPRESSIONS)] == [3, None]


async def test_a_view_that_was_told_as_nothing_is_zero(store):
    await store_all(store, [seen(1, 2, counts=Counts(impressions=0))])
    assert total(await read(store, Metric.IMPRESSIONS)) == 0


async def test_platforms_that_tell_nothing_do_not_spoil_the_sum_of_those_that_do(store):
    await store_all(store, [seen(1, 2)])
    await store_all(store, [seen(2, 3, counts=Counts(impressions=70))], platform="telegram")
    assert total(await read(store, Metric.IMPRESSIONS)) == 70
    assert [line.name for line in (await read(store, Metric.IMPRESSIONS, Split.PLATFORM)).lines] == ["telegram"]


async def test_a_quiet_platform_is_watched_all_the_same(store):
    await store_all(store, [])
    assert total(await read(store)) == 0


@pytest.mark.parametrize("width", Resolution)
async def test_every_width_has_the_same_sum(store, width):
    await store_all(store, [seen(number, 2.3 * number) for number in range(8)])
    assert total(await read(store, width=width)) == 8


async def test_posts_of_two_spellings_count_for_both(store):
    await store_all(store, [seen(1, 2, ("SaveAleppo", "أنقذوا_حلب"))])
    found = await read(store, split=Split.SPELLING)
    assert [(line.name, sum(line.values)) for line in found.lines] == [("#SaveAleppo", 1), ("#أنقذوا_حلب", 1)]


async def test_gaps_of_all_sources_are_told_with_their_reason(store):
    await store_all(store, [], covered=Window(FRIDAY - timedelta(days=9), FRIDAY + timedelta(hours=10)))
    await runs.add(store, Run(
        campaign="aleppo", source="mastodon", platform="mastodon", started_at=FRIDAY + timedelta(hours=11), seconds=1,
        outcome=Outcome.REFUSED, message="the key is not accepted",
    ))  # fmt: skip
    (gap,) = await series.gaps(store, ALEPPO, DAY, Resolution.HOUR, NOW)
    assert (gap.start, gap.end, gap.reason) == (FRIDAY + timedelta(hours=10), NOW, "the key is not accepted")


async def test_cells_are_partial_where_the_brief_is_and_nowhere_else(store):
    await store_all(store, [])
    assert not any((await read(store)).partial)
    await store_all(store, [], platform="telegram", covered=Window(FRIDAY + timedelta(hours=4), NOW))
    assert (await read(store)).partial == (True,) * 4 + (False,) * 20
    assert (await gather.brief(store, ALEPPO, DAY, NOW)).total("posts").now.partial


async def test_only_the_platform_that_was_not_watched_is_a_lower_bound(store):
    await store_all(store, [seen(number, number) for number in range(8)])
    await store_all(store, [seen(9, 9)], platform="telegram", covered=Window(FRIDAY + timedelta(hours=4), NOW))
    quiet, blind = (False,) * 24, (True,) * 4 + (False,) * 20
    by_platform, by_spelling = [await read(store, split=split) for split in (Split.PLATFORM, Split.SPELLING)]
    assert {line.name: line.partial for line in by_platform.lines} == {"mastodon": quiet, "telegram": blind}
    assert {line.partial for line in by_spelling.lines} == {by_spelling.partial} == {blind}


async def test_files_of_one_afternoon_make_no_other_hour_partial(store):
    await store_all(store, [])
    afternoon = Window(FRIDAY + timedelta(hours=12), FRIDAY + timedelta(hours=18))
    now, standing = int(NOW.timestamp()), Standing({"at": 1}, (afternoon,))
    files = Batch(ALEPPO.slug, ALEPPO.zone, "x", "x (files)", "posts", now, now, [seen(9, 13)], walk="w",
                  standing=standing)  # fmt: skip
    await ingest.write(store, files)
    assert not any((await read(store)).partial)


async def test_the_last_hour_is_not_partial_while_its_source_is_not_due_to_be_asked_again(store):
    await store_all(store, [], covered=Window(FRIDAY - timedelta(days=9), NOW - timedelta(minutes=25)))
    found = await series.read(
        store, ALEPPO, Metric.POSTS, Window(DAY.start, NOW), Resolution.FIVE_MINUTES, Split.NONE, NOW
    )
    assert not any(found.partial[:-12])
    assert found.partial[-1] is False


@pytest.mark.parametrize(
    ("kept", "gone"),
    [("0011", [(0, 2)]), ("1100", [(2, 4)]), ("0110", [(0, 1), (3, 4)]), ("0000", [(0, 4)]), ("1111", [])],
)
def test_what_is_no_longer_kept_is_told_in_whole_stretches(kept: str, gone: list[tuple[int, int]]):
    hours = pd.date_range(DAY.start, periods=4, freq="h")
    window = Window(DAY.start, DAY.start + timedelta(hours=4))
    cells = pd.DataFrame(index=hours)
    frame = Frame(window, Resolution.HOUR, "UTC", cells, cells, kept=np.array([one == "1" for one in kept]))
    found = series.gaps_in(frame, [SourceState("own", "mastodon", (), {})], NOW)
    told = [(one.start, one.end) for one in found if one.reason == series.NO_LONGER_KEPT]
    assert told == [(DAY.start + timedelta(hours=start), DAY.start + timedelta(hours=end)) for start, end in gone]
