from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from monitor.errors import AccessRefused
from monitor.model.poll import State
from monitor.sources.polls.mastodon import Settings, Source, read
from tests.people import NOON
from tests.sources import ask

SETTINGS = Settings(server="https://social.example", account="@fridays", token="hush-hush")


def status(**fields: Any) -> dict[str, Any]:
    poll = {
        "id": "495482",
        "expires_at": "2016-04-30T18:00:00.000Z",
        "expired": False,
        "multiple": False,
        "votes_count": 640,
        "voters_count": 640,
        "options": [{"title": "جمعة الغضب", "votes_count": 350}, {"title": "الصمود", "votes_count": 290}],
    }
    content = "<p>ما اسم <b>الجمعة</b> القادمة؟</p>"
    account = {"id": "1", "acct": "fridays", "display_name": "A person"}
    told = {
        "id": "1161",
        "created_at": "2016-04-28T18:00:00.000Z",
        "content": content,
        "account": account,
        "poll": poll,
    }
    return told | {"poll": poll | fields.pop("poll", {})} | fields


def answer(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if path.endswith("/lookup"):
        return httpx.Response(200, json={"id": "42"} if request.url.params["acct"] == "fridays" else {})
    if path == "/api/v1/accounts/42/statuses" or path.startswith("/api/v1/timelines/tag/"):
        return httpx.Response(200, json=[{"id": "1162", "poll": None}, status()])
    return httpx.Response(200, json=status()) if path == "/api/v1/statuses/1161" else httpx.Response(404)


def test_a_poll_is_read_with_its_question_and_its_times():
    tally = read(status(), NOON)
    assert [(votes.votes, votes.share) for votes in tally.votes] == [(350, 350 / 640), (290, 290 / 640)]
    assert "القادمه" in tally.question
    assert tally.closes_at == datetime(2016, 4, 30, 18, tzinfo=UTC)
    assert (tally.state, tally.total) == (State.OPEN, 640)


def test_hidden_counts_are_unknown_and_never_zero():
    tally = read(
        status(poll={"options": [{"title": "a", "votes_count": None}, {"title": "b", "votes_count": None}]}), NOON
    )
    assert tally.state is State.HIDDEN
    assert all(one.votes is None for one in tally.votes)


def test_where_several_may_be_chosen_shares_are_of_voters():
    tally = read(status(poll={"multiple": True, "voters_count": 400}), NOON)
    assert tally.by_key["الغضب"].share == 350 / 400
    assert (tally.total, tally.voters) == (640, 400)


@pytest.mark.parametrize("voters", [None, 0])
def test_without_voters_shares_are_of_votes(voters):
    assert read(status(poll={"multiple": True, "voters_count": voters}), NOON).by_key["الغضب"].share == 350 / 640


def test_an_expired_poll_is_closed():
    assert read(status(poll={"expired": True}), NOON).state is State.CLOSED


async def test_the_proof_of_a_timeline_holds_nobodys_name():
    (tally,) = await Source(SETTINGS, ask.client(answer)).newest(NOON)
    assert b"A person" not in tally.raw


async def test_a_tag_and_a_post_are_places_too():
    for place in ({"tag": "#fridays"}, {"post": "https://social.example/@fridays/1161"}):
        settings = Settings(server="https://social.example", **place)
        assert len(await Source(settings, ask.client(answer)).newest(NOON)) == 1


async def test_a_post_that_lost_its_poll_is_told():
    def edited(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=status() | {"poll": None})

    with pytest.raises(AccessRefused, match="no poll any more"):
        await Source(SETTINGS, ask.client(edited)).look("1161", NOON)


@pytest.mark.parametrize("place", [{}, {"account": "a", "tag": "b"}, {"post": "https://social.example/about"}])
def test_a_place_is_one_place(place):
    with pytest.raises(ValidationError):
        Settings(server="https://social.example", **place)
