"""The promises of the port of polls, for every place of the folder; a place without its test file is red here.

`tests/sources/polls/test_NAME.py` offers `SETTINGS` and `answer(request) -> httpx.Response`, which plays the server on
a good day: one poll with the options الغضب and الصمود.
"""

import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import AccessRefused, RateLimited, SourceError, SourceUnavailable
from monitor.model.poll_source import PollSource
from monitor.sources.polls import places
from tests.people import NOON
from tests.sources import ask
from tests.sources.ask import Answers
from tests.sources.test_contract import ANY_JSON, always, spoiled

each = pytest.mark.parametrize("name", places())
TESTS = {
    name: import_module(f"tests.sources.polls.test_{name}")
    for name in places()
    if find_spec(f"tests.sources.polls.test_{name}")
}
_FUZZ = settings(deadline=None, max_examples=40)


def of(name: str) -> Any:
    assert name in TESTS, f"write tests/sources/polls/test_{name}.py"
    return TESTS[name]


def source(name: str, answers: Answers | None = None) -> PollSource:
    return places()[name].Source(of(name).SETTINGS, ask.client(answers or of(name).answer))


@each
async def test_the_poll_is_read_in_our_words(name):
    (tally,) = await source(name).newest(NOON)
    assert {option.key for option in tally.options} == {"الغضب", "الصمود"}
    assert tally.at == NOON
    assert tally.place
    assert source(name).platform == name


@each
async def test_the_raw_answer_is_kept_as_proof(name):
    (tally,) = await source(name).newest(NOON)
    assert "الغضب".encode() in tally.raw or b"\\u0627\\u0644" in tally.raw


@each
async def test_looking_again_shows_the_same_poll(name):
    asked = source(name)
    (tally,) = await asked.newest(NOON)
    again = await asked.look(tally.place, NOON)
    assert (again.place, again.options, again.votes) == (tally.place, tally.options, tally.votes)


@each
async def test_a_probe_answers_in_a_sentence(name):
    assert len((await source(name).probe(NOON)).split()) >= 3


@each
@pytest.mark.parametrize(
    ("code", "kind"), [(401, AccessRefused), (403, AccessRefused), (429, RateLimited), (503, SourceUnavailable)]
)
async def test_a_refusal_or_an_outage_is_told(name, code, kind):
    with pytest.raises(kind):
        await source(name, always(httpx.Response(code, headers={"retry-after": "600"}))).newest(NOON)


@pytest.mark.parametrize("name", ["mastodon", "strawpoll"])  # the others answer 200, or are an address
async def test_a_poll_that_was_taken_back_is_told_as_such(name):
    (tally,) = await source(name).newest(NOON)

    def gone(request: httpx.Request) -> httpx.Response:
        is_poll = tally.place.rpartition("/")[2] in str(request.url)
        return httpx.Response(404, json={"error": "Record not found"}) if is_poll else of(name).answer(request)

    with pytest.raises(AccessRefused):
        await source(name, gone).look(tally.place, NOON)


PAGES = [
    b"",
    b"<html><title>Log in</title>Please log in</html>",
    b"{}",
    b"null",
    b"\x00\xff",
    b"[[[",
    b"<html>captcha</html>",
]


@each
@pytest.mark.parametrize("body", PAGES)
async def test_a_page_that_is_no_poll_shows_none(name, body):
    try:
        assert await source(name, always(httpx.Response(200, content=body))).newest(NOON) == []
    except SourceError as error:
        assert len(str(error).split()) > 3  # noqa: PT017 - both endings are fine


@each
@_FUZZ
@given(chance=st.randoms(use_true_random=False), value=ANY_JSON)
async def test_an_answer_with_a_wrong_part_is_read_or_refused(name, chance, value):
    def spoiling(request: httpx.Request) -> httpx.Response:
        good = of(name).answer(request)
        return httpx.Response(good.status_code, headers=good.headers, content=spoiled(good, chance, value))

    try:
        for tally in await source(name, spoiling).newest(NOON):
            json.dumps([option.label for option in tally.options]).encode()
            assert len(tally.options) == len(tally.votes)
            assert all(one.low is None or one.low <= (one.high or 0) for one in tally.votes)
    except SourceError as error:
        assert str(error).isprintable()  # noqa: PT017 - both endings are fine


@each
def test_no_secret_is_shown(name):
    shown = repr(of(name).SETTINGS)
    assert "hush-hush" not in shown
