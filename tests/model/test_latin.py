"""Hashtags in the other letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.latin import MOST, NAMES, twins
from monitor.model.spelling import spelled


@pytest.mark.parametrize(("tag", "typed"), [
    ("#أنقذوا_حلب", "anqidhu_halab"),
    ("#أنقذوا_حلب", "anqithou_halab"),
    ("#أنقذوا_حلب", "anqidhuhalab"),
    ("#حلب", "halab"),
    ("#حلب", "aleppo"),
    ("#إدلب_2016", "idlib_2016"),
    ("#وطن", "watan"),
    ("#مُسلم", "maslim"),
    ("#يوم_الغضب", "yum_alghadab"),
    ("#الله", "allah"),
    ("#حلب_SOS", "halab_sos"),
    ("#Aleppo", "حلب"),
    ("#HomsIdlib", "حمص_إدلب"),
])  # fmt: skip
def test_what_people_may_type_is_among_the_twins(tag, typed):
    assert typed in twins(tag)


def test_the_likeliest_comes_first():
    assert twins("#أنقذوا_حلب")[0] == "anqidhu_halab"


@pytest.mark.parametrize("tag", ["SaveAleppo", "", "#", "___", "2016", "#Сохраните", "#AleppoIsBurning"])
def test_what_can_not_be_derived_is_not_guessed(tag):
    assert twins(tag) == ()


def test_every_name_reads_the_same_both_ways():
    for arabic, names in NAMES.items():
        assert {*names} <= {*twins(arabic)}
        assert twins(names[1])


@given(st.text("أإآٱابتثجحخدذرزسشصضطظعغفقكلمنهةويىئءؤ_ـ\u064eaB2", max_size=30))
def test_twins_are_few_each_once_and_as_platforms_are_asked_for_them(tag):
    forms = twins(tag)
    assert len(forms) == len(set(forms)) <= MOST
    assert all(form and spelled(form) == form for form in forms)
