"""How posts spread over authors and words: formulas, and when nothing is said."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.spread import ALIKE, Spread
from monitor.model.window import Window
from monitor.trends.concentration import FEWEST_AUTHORS, FEWEST_POSTS, concentration
from tests.people import NOON


def day(number: int = 0, *, wrote: tuple[int, ...] = (), groups: tuple[int, ...] = (), single: int = 0) -> Spread:
    """Return a day on which authors wrote so many posts each, groups of posts said the same and others did not."""
    wrote, start = tuple(sorted(wrote, reverse=True)), NOON + timedelta(days=number)
    return Spread(
        Window(start, start + timedelta(days=1)),
        posts=sum(wrote),
        authors=len(wrote),
        loudest=wrote[:250],
        texts=sum(groups) + single,
        alike=tuple(sorted((size for size in groups if size >= ALIKE), reverse=True)),
    )


@pytest.mark.parametrize(
    ("wrote", "top", "share"),
    [
        ((1,) * 200, 2, 0.01),
        ((50, 50) + (1,) * 198, 2, 100 / 298),
        ((50, 50) + (1,) * 197, 1, 50 / 297),  # 199 authors: one in a hundred, rounded down
        ((81,) + (1,) * 19, 1, 0.81),
    ],
)
def test_the_top_share_is_what_the_most_active_hundredth_wrote(wrote, top, share):
    told = concentration([day(wrote=wrote)])
    assert (told.top, told.authors, told.posts) == (top, len(wrote), sum(wrote))
    assert told.top_share == pytest.approx(share)


def test_posts_are_alike_from_three_on():
    told = concentration([day(groups=(30, 3, 2), single=65)])
    assert (told.alike_share, told.largest, told.texts) == (0.33, 30, 100)


def test_where_no_three_say_the_same_the_share_is_zero_and_there_is_no_group():
    told = concentration([day(groups=(2, 2), single=96)])
    assert (told.alike_share, told.largest) == (0.0, None)


def test_of_each_day_its_own_hundredth_is_taken():
    told = concentration([day(0, wrote=(41,) + (1,) * 59), day(1, wrote=(21,) + (1,) * 79)])
    assert (told.top, told.top_share) == (2, 62 / 200)
    assert (told.start, told.end) == (NOON, NOON + timedelta(days=2))


@pytest.mark.parametrize(
    "few",
    [
        [],
        [day()],
        [day(wrote=(1,) * (FEWEST_POSTS - 1))],
        [day(wrote=(50,) * (FEWEST_AUTHORS - 1))],
        [day(n, wrote=(10,) * (FEWEST_AUTHORS - 1)) for n in range(7)],
        [day(groups=(FEWEST_POSTS - 1,))],
    ],
)
def test_of_few_posts_or_few_authors_nothing_is_said(few):
    assert concentration(few) is None


def test_what_one_half_is_too_few_for_is_none_and_not_zero():
    told = concentration([day(wrote=(5,) * 20, groups=(10,))])
    assert (told.top_share, told.alike_share, told.largest) == (0.05, None, None)


@given(
    st.lists(
        st.builds(
            day,
            wrote=st.lists(st.integers(1, 500), max_size=400).map(tuple),
            groups=st.lists(st.integers(2, 90), max_size=60).map(tuple),
            single=st.integers(0, 300),
        ),
        max_size=4,
    )
)
def test_shares_lie_between_nothing_and_everything(days):
    told = concentration(days)
    for share in (told and told.top_share, told and told.alike_share):
        assert share is None or 0 <= share <= 1
