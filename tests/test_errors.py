from monitor.errors import MOST_NAMED, instead


def test_a_slip_of_the_hand_is_answered_with_the_nearest_name():
    assert instead("alepo", ["water", "aleppo"]) == "did you mean aleppo?"


def test_a_name_like_no_other_is_answered_with_all_there_are():
    assert instead("x", ["water", "aleppo"]) == "there are: aleppo, water"
    assert instead("x", []) == "there are: none"


def test_where_another_advice_is_better_it_follows_only_when_nothing_is_near():
    assert instead("x", ["aleppo"], "add it") == "add it"
    assert instead("alepo", ["aleppo"], "add it") == "did you mean aleppo?"


def test_of_very_many_names_the_first_are_told():
    told = instead("x", [f"campaign-{number:02}" for number in range(MOST_NAMED + 1)])
    assert told.endswith(f"campaign-{MOST_NAMED - 1}, …")
