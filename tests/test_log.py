"""Logs: facts on standard error, never a secret, and no trouble when the stream is exchanged."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest

from monitor import log


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def said(**how: object) -> str:
    with redirect_stderr(io.StringIO()) as stream:
        log.configure(**how)
        log.get("collect").info("collected", source="bbc", token="hunter2", mail_password="hunter2")
        logging.getLogger("library").warning("slow %s", "answer")
        return stream.getvalue()


def test_facts_are_one_object_a_line_for_machines():
    ours, theirs = map(json.loads, said(as_json=True).splitlines())
    assert (ours["event"], ours["source"], ours["level"], ours["room"]) == ("collected", "bbc", "info", "collect")
    assert (theirs["event"], theirs["level"]) == ("slow answer", "warning")


def test_people_read_key_and_value():
    assert "collected" in said()
    assert "source=bbc" in said()


@pytest.mark.parametrize("as_json", [True, False])
def test_a_secret_is_never_written(as_json):
    assert "hunter2" not in said(as_json=as_json)


def test_what_is_below_the_level_is_not_written():
    assert "collected" not in said(level="ERROR")


def test_a_stream_that_was_closed_meanwhile_is_not_touched_again():
    first, second = io.StringIO(), io.StringIO()
    with redirect_stderr(first):
        log.configure()
        logging.getLogger("library").warning("one")
    first.close()
    with redirect_stderr(second):
        logging.getLogger("library").warning("two")
        log.get("collect").info("three")
    assert "two" in second.getvalue()
    assert "three" in second.getvalue()
