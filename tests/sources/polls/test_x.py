from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from monitor.errors import AccessRefused, RateLimited
from monitor.model.poll import State
from monitor.sources.polls.x import Settings, Source, read
from tests.people import NOON
from tests.sources import ask

SETTINGS = Settings(account="@fridays", token="hush-hush", accept_terms=True)


def told(**fields: Any) -> dict[str, Any]:
    poll = {
        "id": "1988999999999999999",
        "options": [
            {"position": 2, "label": "الصمود", "votes": 644},
            {"position": 1, "label": "جمعة الغضب", "votes": 701},
        ],
        "voting_status": "open",
        "duration_minutes": 1440,
        "end_datetime": "2016-04-30T18:00:00.000Z",
    }
    post = {
        "id": "1989000000000000001",
        "text": "ما اسم الجمعة القادمة؟",
        "created_at": "2016-04-29T08:00:00.000Z",
        "attachments": {"poll_ids": ["1988999999999999999"]},
        "public_metrics": {"impression_count": 20441},
    }
    plain = {
        "id": "1989000000000000002",
        "text": "no poll",
        "created_at": "2016-04-29T09:00:00.000Z",
        "public_metrics": {},
    }
    return {"data": [plain, post], "includes": {"polls": [poll | fields]}}


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/2/tweets/search/recent":
        assert request.url.params["query"] == "from:fridays -is:retweet"
        return httpx.Response(200, json=told())
    found = (
        told() if "1989000000000000001" in request.url.params.get("ids", "") else {"errors": [{"title": "Not Found"}]}
    )
    return httpx.Response(200, json=found)


def test_votes_are_exact_and_in_the_order_of_the_poll():
    (tally,) = read(told(), NOON)
    assert [(one.label, votes.votes) for one, votes in zip(tally.options, tally.votes, strict=True)] == [
        ("جمعة الغضب", 701),
        ("الصمود", 644),
    ]
    assert (tally.total, tally.views, tally.state) == (1345, 20441, State.OPEN)
    assert tally.closes_at == datetime(2016, 4, 30, 18, tzinfo=UTC)


@pytest.mark.parametrize(("status", "state"), [("open", State.OPEN), ("closed", State.CLOSED), (None, State.UNTOLD)])
def test_the_poll_says_whether_it_is_over(status, state):
    assert read(told(voting_status=status), NOON)[0].state is state


async def test_a_deleted_post_answers_200_and_is_told():
    with pytest.raises(AccessRefused, match="deleted"):
        await Source(SETTINGS, ask.client(answer)).look("17", NOON)


async def test_nothing_is_asked_beyond_the_dollars_of_a_day():
    asked: list[httpx.Request] = []

    def counting(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer(request)

    poor = SETTINGS.model_copy(update={"dollars_per_day": 0.0})
    with pytest.raises(RateLimited, match="dollars"):
        await Source(poor, ask.client(counting)).newest(NOON)
    assert asked == []


@pytest.mark.parametrize("place", [{}, {"account": "a", "post": "12345"}])
def test_a_place_is_one_place(place):
    with pytest.raises(ValidationError):
        Settings(token="x", **place)


def test_a_post_is_written_by_its_address():
    assert Settings(token="x", post="https://x.com/fridays/status/1989000000000000001").post == "1989000000000000001"
