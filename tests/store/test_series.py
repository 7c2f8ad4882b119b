from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from monitor.model.metric import WHOLE, Metric
from monitor.model.source import Standing
from monitor.model.window import Resolution, cells
from monitor.store import ingest, runs, series
from tests.people import ADA, ALEPPO, BEA, NOON
from tests.store.batches import DAY, HOUR, NOW, TAG, batch, frame, sighting, window

SLUG = ALEPPO.slug


def covered(*stretches: tuple[int, int]) -> Standing:
    return Standing({"min_id": "1"}, tuple(window(*pair) for pair in stretches))


async def walked(store, start: int, end: int, walk: str = "savealeppo", **fields: Any) -> None:
    await ingest.write(store, batch(walk=walk, standing=covered((start, end)), **fields))


async def test_a_frame_has_a_row_per_cell_and_a_column_per_series(store):
    await ingest.write(store, batch(sighting(1), sighting(2, created=NOW - HOUR)))
    read = await frame(store, window(NOW - 2 * HOUR, NOW + HOUR), subjects=[WHOLE, TAG])
    assert read.values[WHOLE, "mastodon", Metric.POSTS].tolist() == [0, 1, 1]
    assert read.values.columns.names == ["subject", "platform", "metric"]
    assert read.values.index[0] == NOON - timedelta(hours=2)


@pytest.mark.parametrize("resolution", Resolution)
async def test_the_rows_are_the_cells_of_the_window(store, resolution):
    asked = window(NOW - 3 * DAY + 17, NOW + 101)
    read = await frame(store, asked, resolution)
    assert list(read.values.index) == cells(asked, resolution, ALEPPO.zone)


async def test_a_platform_nobody_watched_is_unknown_not_zero(store):
    read = await frame(store, window(NOW - 2 * HOUR, NOW))
    assert not read.known.to_numpy().any()
    assert np.isnan(read.gapped.to_numpy()).all()


async def test_a_quiet_hour_that_was_watched_is_zero(store):
    await walked(store, NOW - 2 * HOUR, NOW)
    read = await frame(store, window(NOW - 3 * HOUR, NOW))
    assert read.known["mastodon"].tolist() == [False, True, True]


async def test_the_cell_that_is_still_going_on_counts_by_what_has_passed_of_it(store):
    await walked(store, NOW, NOW + 600)
    read = await frame(store, window(NOW, NOW + 2 * HOUR), now=NOON + timedelta(minutes=11))
    assert read.known["mastodon"].tolist() == [True, False]


async def test_one_walk_of_two_that_stands_still_makes_the_platform_unknown(store):
    await runs.declare(store, SLUG, {"social.example": "mastodon"}, NOON)
    await walked(store, NOW - 4 * HOUR, NOW)
    await walked(store, NOW - 4 * HOUR, NOW - 2 * HOUR, walk="another")
    read = await frame(store, window(NOW - 4 * HOUR, NOW))
    assert read.known["mastodon"].tolist() == [True, True, False, False]


async def test_a_walk_added_later_does_not_blind_the_time_before_it(store):
    await runs.declare(store, SLUG, {"social.example": "mastodon"}, NOON)
    await walked(store, NOW - 4 * HOUR, NOW)
    await walked(store, NOW - 2 * HOUR, NOW, walk="another")
    assert (await frame(store, window(NOW - 4 * HOUR, NOW))).known["mastodon"].all()


async def test_a_source_that_was_taken_out_blinds_nobody_from_then_on(store):
    both = {"social.example": "mastodon", "other.example": "mastodon"}
    await runs.declare(store, SLUG, both, NOON - timedelta(hours=4))
    await walked(store, NOW - 4 * HOUR, NOW)
    await walked(store, NOW - 4 * HOUR, NOW - 3 * HOUR, source="other.example")
    await runs.declare(store, SLUG, {"social.example": "mastodon"}, NOON - timedelta(hours=1))
    read = await frame(store, window(NOW - 4 * HOUR, NOW))
    assert read.known["mastodon"].tolist() == [True, False, False, True]


async def test_a_walk_that_was_taken_out_blinds_nobody_from_then_on(store):
    own = {"social.example": "mastodon"}
    await walked(store, NOW - 4 * HOUR, NOW)
    await walked(store, NOW - 4 * HOUR, NOW - 2 * HOUR, walk="old")
    await runs.declare(store, SLUG, own, NOON - timedelta(hours=2), walks={"social.example": ["savealeppo"]})
    assert (await frame(store, window(NOW - 4 * HOUR, NOW))).known["mastodon"].all()


async def test_imported_files_add_knowledge_and_their_end_blinds_nobody(store):
    await runs.declare(store, SLUG, {"social.example": "mastodon"}, NOON)
    await walked(store, NOW - 2 * HOUR, NOW)
    await walked(store, NOW - 4 * HOUR, NOW - 3 * HOUR, source="a file")
    read = await frame(store, window(NOW - 4 * HOUR, NOW))
    assert read.known["mastodon"].tolist() == [True, False, True, True]


async def test_the_25_hour_day_is_one_cell(store):
    midnight = int(datetime(2016, 10, 26, 21, tzinfo=UTC).timestamp())  # in Damascus; 25 hours later was the next
    late = sighting(1, created=midnight + 24 * HOUR + 1800)
    await ingest.write(store, batch(late, observed=midnight + 30 * HOUR))
    read = await frame(store, window(midnight, midnight + 2 * DAY), Resolution.DAY)
    assert read.values.iloc[:, 0].tolist() == [1, 0]
    assert read.values.index[1] - read.values.index[0] == timedelta(hours=25)


async def test_days_of_a_former_time_zone_fall_into_the_days_they_began_in(store):
    midnight = int(datetime(2016, 4, 28, 21, tzinfo=UTC).timestamp())  # in Damascus
    for zone, hours in (("UTC", 5), ("Asia/Damascus", 6), ("UTC", 29)):
        await ingest.write(
            store, batch(sighting(hours, created=midnight + hours * HOUR), zone=zone, observed=NOW + DAY)
        )
    read = await frame(store, window(midnight, midnight + 2 * DAY), Resolution.DAY)
    assert read.values.iloc[:, 0].tolist() == [2, 1]


async def test_authors_are_counted_once_over_days_and_platforms(store):
    await ingest.write(store, batch(sighting(1, author=ADA), sighting(2, author=BEA), sighting(3, author=ADA)))
    await ingest.write(store, batch(sighting(4, author=ADA, created=NOW + DAY), observed=NOW + DAY))
    span = window(NOW - DAY, NOW + 2 * DAY)
    assert await series.authors(store, SLUG, WHOLE, ["mastodon", "telegram"], span, ALEPPO.zone) == 2
    assert await series.authors(store, SLUG, WHOLE, [], span, ALEPPO.zone) == 0


async def test_subjects_and_platforms_are_those_seen_so_far(store):
    await ingest.write(store, batch(sighting(1, subjects=(WHOLE, TAG, "language/ar"))))
    await runs.declare(store, SLUG, {"news": "feeds"}, NOON)
    assert await series.subjects(store, SLUG, "tag") == [TAG]
    assert await series.subjects(store, SLUG, "language") == ["language/ar"]
    assert await series.platforms(store, SLUG) == ["feeds", "mastodon"]


async def test_a_frame_of_nothing_is_empty(store):
    read = await frame(store, window(NOW, NOW), subjects=[])
    assert read.values.shape == (0, 0)
