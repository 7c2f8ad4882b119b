import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UnexpectedPayload
from monitor.model.poll import Votes
from monitor.sources.polls._numbers import Number, count, percent, votes
from monitor.sources.polls._percent import between, exactly


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1234", 1234), ("1,234 votes", 1234), ("١٬٢٣٤ صوت", 1234), ("۱۲۳۴ رای", 1234), ("1 234", 1234),
        ("1\u202f234 voix", 1234), ("12,345,678", 12_345_678), ("1.234.567", 1_234_567), ("0", 0), ("صوتًا 12", None),
        ("١٢ صوتا", 12), ("\u200f١٢\u200f", 12), (1234, 1234), (1234.0, 1234), ("votes: 17", 17), ("1'234", 1234),
    ],
)  # fmt: skip
def test_a_number_is_read_in_every_script(written, value):
    found = votes(written)
    assert (found and found.value) == value


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("1.2K", 1150, 1250), ("2.5 ألف", 2450, 2550), ("3 ملايين", 2_500_000, 3_500_000),
        ("1.2M", 1_150_000, 1_250_000),
        ("٣ آلاف صوت", 2500, 3500), ("2 هزار", 1500, 2500), ("1,2K", 1150, 1250),
    ],
)  # fmt: skip
def test_an_abbreviated_number_has_bounds(written, low, high):
    found = votes(written)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    "written",
    [
        "—",
        "",
        "No votes yet",
        "3 bazillion",
        "12 of 30",
        "45%",
        "12.345",
        "1.5",
        "-3",
        None,
        True,
        "1,23,4",
        "٤٥٪",
        "1-2",
        [],
        {},
    ],
)
def test_what_is_no_count_or_could_be_two_is_unknown(written):
    assert votes(written) is None


@pytest.mark.parametrize(("locale", "value"), [("de", 12345), ("auto", None), ("en", None)])
def test_a_point_groups_only_where_that_is_said(locale, value):
    found = votes("12.345", locale)
    assert (found and found.value) == value


@pytest.mark.parametrize(
    ("written", "value", "step"),
    [
        ("45%", 45, 1),
        ("٤٥٪", 45, 1),
        ("61.5 %", 61.5, 0.1),
        ("61,5%", 61.5, 0.1),
        ("٦١٫٥٪", 61.5, 0.1),
        ("12 بالمئة", 12, 1),
    ],
)
def test_a_share_is_read_with_the_width_of_its_rounding(written, value, step):
    found = percent(written)
    assert (found.value, found.step) == (pytest.approx(value), pytest.approx(step))


@pytest.mark.parametrize("written", ["101%", "-1%", "—", "many"])
def test_what_is_no_share_is_unknown(written):
    assert percent(written) is None


@pytest.mark.parametrize(
    ("share", "total", "low", "high"),
    [(61, 1234, 747, 758), (0, 1234, 0, 6), (61, 12_400, 7502, 7626), (100, 50, 50, 50)],
)
def test_rounded_shares_bound_the_votes(share, total, low, high):
    found = between(Number(share), Number(total))
    assert (found.low, found.high) == (low, high)


def test_a_rounded_total_widens_the_bounds():
    exact, rounded = between(Number(50), Number(1200)), between(Number(50), Number(1200, 100))
    assert rounded.low < exact.low <= exact.high < rounded.high


def test_a_share_without_a_total_is_only_a_share():
    assert between(Number(61), None) == Votes(share=0.61)
    assert between(None, Number(10)) == Votes()


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_the_true_votes_always_lie_between_the_bounds(mine, others):
    total = mine + others
    shown = Number(float(round(100 * mine / total)))
    found = between(shown, Number(total))
    assert found.low <= mine <= found.high


def test_told_votes_are_exact_unless_abbreviated():
    assert exactly(Number(30), 50) == Votes(30, 30, 30, 0.6)
    assert exactly(Number(1200, 100), None) == Votes(None, 1150, 1250, None)


@given(st.text(max_size=20))
def test_anything_is_read_or_unknown(written):
    found = votes(written)
    assert found is None or found.low <= found.high


def test_more_votes_than_anybody_counts_are_another_number():
    assert count(12) == 12
    assert count("12") is None
    with pytest.raises(UnexpectedPayload, match="more than anybody counts"):
        count(2**40)
