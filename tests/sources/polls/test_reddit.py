from typing import Any

import httpx
import pytest

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.model.poll import State
from monitor.sources.polls.reddit import Settings, Source, read
from tests.people import NOON
from tests.sources import ask
from tests.sources.test_reddit import TOKEN, listing

SETTINGS = Settings(post="1oxyz9", app_id="abcdefgh", app_secret="hush-hush", user="desk_of_news", accept_terms=True)
ENDS = int((NOON.timestamp() + 86400) * 1000)


def row(votes: tuple[int, int] | None = None, **fields: Any) -> dict[str, Any]:
    options: list[dict[str, Any]] = [{"text": "جمعة الغضب", "id": "1883"}, {"text": "الصمود", "id": "1884"}]
    for option, told in zip(options, votes or (), strict=False):
        option["vote_count"] = told
    poll = {"user_selection": None, "options": options, "voting_end_timestamp": ENDS, "total_vote_count": 912, **fields}
    return {
        "name": "t3_1oxyz9",
        "title": "What name next?",
        "created_utc": NOON.timestamp() - 3600,
        "author": "one",
        "poll_data": poll,
    }


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/api/v1/access_token":
        return httpx.Response(200, json=TOKEN)
    return listing([row()] if request.url.params.get("id") == "t3_1oxyz9" else [])


def test_an_open_poll_tells_its_total_only():
    tally = read(row(), NOON)
    assert (tally.total, tally.state) == (912, State.HIDDEN)
    assert all(one.votes is None for one in tally.votes)


def test_a_closed_poll_tells_its_votes():
    tally = read(row((500, 412), voting_end_timestamp=ENDS - 10**9), NOON)
    assert tally.state is State.CLOSED
    assert [one.votes for one in tally.votes] == [500, 412]


def test_the_end_is_told_in_milliseconds():
    assert read(row(), NOON).closes_at.timestamp() == ENDS / 1000


def test_the_proof_holds_nobodys_name():
    assert b'"one"' not in read(row(), NOON).raw


def test_a_post_without_a_poll_is_told():
    with pytest.raises(UnexpectedPayload, match="no poll"):
        read({"name": "t3_x", "poll_data": None}, NOON)


async def test_a_deleted_post_is_told():
    with pytest.raises(AccessRefused, match="no post"):
        await Source(SETTINGS, ask.client(answer)).look("t3_gone", NOON)


def test_a_post_is_written_by_its_address():
    written = "https://www.reddit.com/r/example/comments/1oxyz9/what_name/"
    assert Settings(**{**SETTINGS.model_dump(), "post": written}).post == "1oxyz9"
