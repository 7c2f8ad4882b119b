"""One pass over markup: what stands in what, whatever is open, closed, or neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources._telegram_markup import Element, steps

ASKED = frozenset({"in", "out"})


def texts(markup: str) -> list[tuple[str, int, int]]:
    """Return every text with how often it stands in each of the two classes."""
    return [(step.text, step.inside["in"], step.inside["out"]) for step in steps(markup, ASKED) if step.text]


def elements(markup: str) -> list[Element]:
    return [step.element for step in steps(markup, ASKED) if step.element]


def only(markup: str) -> Element:
    (element,) = elements(markup)
    return element


def test_a_text_stands_in_what_is_open() -> None:
    markup = '<div class="out x"><p class="in">a<b>b</b></p>c</div>d'
    assert texts(markup) == [("a", 1, 1), ("b", 1, 1), ("c", 0, 1), ("d", 0, 0)]


def test_classes_may_stand_in_themselves() -> None:
    assert texts('<i class="in"><i class="in">a</i>b</i>c') == [("a", 2, 0), ("b", 1, 0), ("c", 0, 0)]


def test_what_was_left_open_is_closed_with_what_it_stands_in() -> None:
    assert texts('<div><p class="in">a</div>b') == [("a", 1, 0), ("b", 0, 0)]


def test_closing_what_was_never_opened_changes_nothing() -> None:
    assert texts('<div class="in">a</p></span>b</div>') == [("a", 1, 0), ("b", 1, 0)]


@pytest.mark.parametrize(
    "alone", ['<br class="in">', '<img class="in" src="x">', '<path class="in"/>', '<x class="in"/>']
)
def test_elements_without_an_end_hold_nothing(alone: str) -> None:
    assert texts(f"{alone}a") == [("a", 0, 0)]


def test_a_text_knows_the_element_it_stands_in_directly() -> None:
    (step,) = [step for step in steps('<b class="x">a</b>', ASKED) if step.text]
    assert step.parent.classes == {"x"}


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        ('<a href="?q=%23x&amp;y">', "?q=%23x&y"),
        ("<a href='x'>", "x"),
        ("<a href=x>", "x"),
        ('<A HREF = "x">', "x"),
        ('<a id="1"href="x">', "x"),
        ('<a href="">', ""),
        ('<a data-href="x">', None),
        ("<a>", None),
    ],
)
def test_an_attribute_is_read_however_it_is_written(markup: str, value: str | None) -> None:
    assert only(markup).told("href") == value


def test_entities_in_texts_are_letters() -> None:
    assert texts("12&nbsp;345 &lt;") == [("12\xa0345 <", 0, 0)]


@given(st.text(alphabet="<>/ab =\"'-div class", max_size=200))
def test_any_markup_is_passed_over(markup: str) -> None:
    for step in steps(markup, ASKED):
        assert all(count >= 0 for count in step.inside.values())
