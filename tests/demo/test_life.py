"""Counters grow and settle; a purge takes back what stays true."""

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.demo.life import Curve, rounded, shown
from monitor.demo.plan import SETTLED

AGES = st.floats(min_value=0, max_value=2 * SETTLED.total_seconds())
TAUS = st.floats(min_value=600, max_value=86_400)


@settings(max_examples=100)
@given(TAUS, AGES, AGES)
def test_a_counter_that_does_not_fall_only_rises(tau: float, one: float, other: float) -> None:
    curve = Curve(0, tau)
    assert curve.share(min(one, other)) <= curve.share(max(one, other))


@settings(max_examples=50)
@given(TAUS, st.integers(0, 10**9))
def test_a_settled_counter_is_exactly_its_total(tau: float, total: int) -> None:
    assert shown(total, Curve(0, tau).share(SETTLED.total_seconds())) == total


def test_nothing_is_counted_before_the_post_exists() -> None:
    assert Curve(1000, 3600).share(999) == 0


def test_a_purge_shows_less_for_some_hours_and_again_after_its_fall() -> None:
    rising, falling = Curve(0, 3600), Curve(0, 3600, falls=SETTLED.total_seconds() + 1)
    assert falling.share(6 * 3600) < rising.share(6 * 3600)
    assert falling.share(SETTLED.total_seconds()) == 1
    assert falling.share(SETTLED.total_seconds() + 2) == 0.8


def test_what_is_not_counted_stays_untold() -> None:
    assert shown(None, 1.0) is None


def test_views_are_cut_to_a_tenth_of_the_unit_they_are_printed_in() -> None:
    views = (999, 1_234, 12_999, 999_999, 1_290_000)
    assert [rounded(count) for count in views] == [999, 1_200, 12_900, 999_900, 1_200_000]
