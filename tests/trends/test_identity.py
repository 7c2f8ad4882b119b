import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.poll import Tally
from tests.trends.polls import followed, tally


def keys(*looks: Tally):
    return [[option.key for option in one.options] for one in followed(*looks)]


@pytest.mark.parametrize(
    "later",
    ["أنقذوا حلب", "١) «انقذوا حلب» 🔥", "جمعة أنقذوا حلب / Save Aleppo Friday", "Save Aleppo Friday جمعة أنقذوا حلب"],
)
def test_another_writing_goes_on_as_the_same_option(later):
    first, second = keys(tally(1, {"جمعة أنقذوا حلب": 5, "الصمود": 3}), tally(2, {later: 6, "الصمود": 3}))
    assert first == second


def test_an_english_name_alone_is_found_by_the_pair_it_stood_in():
    first, second = keys(tally(1, {"جمعة الغضب - Friday of Rage": 5, "x": 1}), tally(2, {"Friday of Rage": 6, "x": 2}))
    assert first == second


def test_a_name_that_takes_the_place_and_votes_of_another_is_that_option_renamed():
    first, second = keys(tally(1, {"الغضب": 5, "الصمود": 3}), tally(2, {"الكرامة": 6, "الصمود": 3}))
    assert first == second


def test_a_name_with_fewer_votes_than_the_one_before_it_is_a_new_option():
    first, second = keys(tally(1, {"الغضب": 500, "الصمود": 3}), tally(2, {"الكرامة": 0, "الصمود": 3}))
    assert first[0] != second[0]


def test_where_an_option_was_added_nobody_is_taken_for_renamed():
    _, second = keys(tally(1, {"الغضب": 5, "الصمود": 3}), tally(2, {"الكرامة": 6, "الصمود": 3, "الوفاء": 0}))
    assert second == ["الكرامه", "الصمود", "الوفاء"]


def test_options_may_change_places():
    first, second = keys(tally(1, {"الغضب": 5, "الصمود": 3}), tally(2, {"الصمود": 9, "الغضب": 6}))
    assert second == first[::-1]


def test_two_options_of_one_name_stay_two():
    (found,) = keys(tally(1, {"Rage": 5, "rage!": 3}))
    assert len(set(found)) == 2


def test_another_poll_begins_anew():
    first, second = followed(tally(1, {"الغضب": 5}), tally(2, {"الصمود": 6}, place="poll/2"))
    assert first.options[0].key != second.options[0].key


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8, unique=True))
def test_whatever_is_written_the_options_of_a_poll_have_keys_of_their_own(labels):
    names = dict.fromkeys(labels, 1)
    for found in keys(tally(1, names), tally(2, names)):
        assert len(set(found)) == len(labels)
