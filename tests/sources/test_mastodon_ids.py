"""Ids that tell the time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources._mastodon_ids import FLAKES, SNOWFLAKES, ULIDS, Ids, order

each = pytest.mark.parametrize("ids", [SNOWFLAKES, ULIDS, FLAKES], ids=lambda ids: ids.name)
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - hypothesis wants naive bounds
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("ids", "mark", "at"),
    [
        (SNOWFLAKES, "116153341378564242", datetime(2026, 3, 1, 10, 2, tzinfo=UTC)),
        (ULIDS, "01FC3TZ5CFG6H65GCKCJRKA669", datetime(2021, 8, 2, 16, 25, tzinfo=UTC)),
        (FLAKES, "9toJCu5YZW7O7gfvH6", datetime(2020, 4, 7, 19, 48, tzinfo=UTC)),
    ],
)
def test_real_ids_tell_when_they_were_made(ids: Ids, mark: str, at: datetime) -> None:
    told = ids.time(mark)
    assert told is not None
    assert abs(told - at) < timedelta(days=1)


@each
@given(moment=MOMENTS)
def test_a_moment_comes_back_from_its_id(ids: Ids, moment: datetime) -> None:
    told = ids.time(ids.at(moment))
    assert told is not None
    assert abs(told - moment) < timedelta(milliseconds=2)


@each
@given(one=MOMENTS, other=MOMENTS)
def test_ids_are_in_the_order_of_their_moments(ids: Ids, one: datetime, other: datetime) -> None:
    if one < other - timedelta(milliseconds=1):
        assert order(ids.at(one)) < order(ids.at(other))


@each
@pytest.mark.parametrize("odd", ["", "~", "9" * 39, "z" * 26, "-5", "٣" * 18, "Z" * 26])
def test_an_odd_id_tells_nothing_or_some_time(ids: Ids, odd: str) -> None:
    told = ids.time(odd)
    assert told is None or told.tzinfo is UTC
