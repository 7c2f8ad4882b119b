"""Pictures come from a process of their own, whatever becomes of it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.charts.painter import COMMAND, Painter
from monitor.errors import MonitorError

DRAW_AND_DIE = """
import os, signal
from monitor.charts.painter import PAINTER
PAINTER.draw("svg", {"data": {"values": []}, "mark": "bar"})
os.kill(os.getpid(), signal.SIGKILL)
"""


def spec(words: str = "a chart") -> dict[str, object]:
    return {"data": {"values": [{"a": 1}]}, "mark": "point", "title": words}


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    one = Painter()
    yield one
    one.end()


def test_pictures_are_drawn_in_both_forms(painter: Painter):
    assert painter.draw("png", spec()).startswith(b"\x89PNG")
    assert painter.draw("svg", spec()).startswith(b"<svg")


def test_each_thread_gets_its_own_picture(painter: Painter):
    names = [f"picture {number}" for number in range(6)]
    with ThreadPoolExecutor(6) as hands:
        drawn = list(hands.map(lambda name: painter.draw("svg", spec(name)).decode(), names))
    assert all(name in picture for name, picture in zip(names, drawn, strict=True))


def test_what_can_not_be_drawn_is_said_and_harms_no_other(painter: Painter):
    with pytest.raises(MonitorError, match="could not be drawn"):
        painter.draw("svg", {"mark": "no such mark"})
    assert painter.draw("svg", spec())


def test_a_process_that_was_killed_is_begun_again(painter: Painter):
    painter.draw("svg", spec())
    painter._process.kill()
    assert painter.draw("svg", spec())


def test_a_process_that_ended_by_itself_is_begun_again_at_the_first_try(painter: Painter):
    painter.draw("svg", spec())
    ended = painter._process
    ended.terminate()
    ended.wait(10)
    painter.begin()
    assert painter._process is not ended
    assert painter.draw("svg", spec())


def test_the_process_ends_when_nobody_asks_for_long_unless_it_was_begun_ahead():
    idle, ready = (
        subprocess.Popen([*COMMAND, *how], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for how in (["0.01"], [])
    )
    with idle, ready:
        assert idle.wait(10) == 0
        assert ready.poll() is None


def test_a_process_that_can_not_live_is_given_up_in_words():
    with pytest.raises(MonitorError, match="its process was killed"):
        Painter(["/bin/false"]).draw("svg", spec())


def test_a_process_that_can_not_be_started_is_told_in_words():
    for wanted in (Painter(["/no/such/program"]).begin, lambda: Painter(["/no/such/program"]).draw("svg", spec())):
        with pytest.raises(MonitorError, match="can not be started: No such file"):
            wanted()


@pytest.mark.slow
def test_the_process_ends_with_whoever_began_it():
    died = subprocess.run([sys.executable, "-c", DRAW_AND_DIE], stderr=subprocess.PIPE, timeout=20, check=False)
    assert died.returncode == -signal.SIGKILL  # and nobody holds its standard error any more: the other is gone, too
