"""Small lines: within their box, broken off at gaps."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from monitor.model.figure import Line, Point
from monitor.web.site.spark import HEIGHT, WIDTH, spark
from tests.digest.briefs import FRIDAY

HOUR = timedelta(hours=1)
VALUES = some.lists(some.none() | some.floats(0, 1e12), min_size=1, max_size=50)


def line(*values: float | None, usual: tuple[float | None, ...] = ()) -> Line:
    def points(told):
        return tuple(Point(at=FRIDAY.start + place * HOUR, value=value) for place, value in enumerate(told))

    return Line(name="posts", cell_seconds=3600, points=points(values), expected=points(usual))


def test_a_line_rises_from_the_left_to_the_right():
    assert spark(line(0, 1, 2)).line == "M40.0,45.0L120.0,24.0 200.0,3.0"


def test_a_gap_is_a_hole_and_not_zero():
    drawn = spark(line(1, 1, None, 1, 1))
    assert drawn.line.count("M") == 2
    assert drawn.gaps == ((96.0, 48.0),)


def test_a_single_hour_between_gaps_is_a_dot():
    assert spark(line(None, 4, None)).line == "M120.0,3.0h0"


def test_a_line_of_which_nothing_is_known_is_not_drawn():
    assert spark(line(None, None, usual=(3, 3))) is None
    assert spark(line()) is None


def test_silence_lies_on_the_ground():
    assert set(re.findall(r",([\d.]+)", spark(line(0, 0, 0)).line)) == {"45.0"}


def test_the_usual_level_has_the_same_scale():
    assert spark(line(1, 1, usual=(2, 2))).usual == "M60.0,3.0L180.0,3.0"


@given(VALUES, VALUES)
def test_nothing_is_drawn_outside_of_the_box(values, usual):
    drawn = spark(line(*values, usual=tuple(usual[: len(values)])))
    for across, down in re.findall(r"([\d.]+),([\d.]+)", (drawn.line + drawn.usual) if drawn else ""):
        assert 0 <= float(across) <= WIDTH
        assert 0 <= float(down) <= HEIGHT
