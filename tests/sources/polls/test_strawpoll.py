from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from monitor.errors import UnexpectedPayload
from monitor.model.poll import State
from monitor.sources.polls.strawpoll import Settings, read
from tests.people import NOON

SETTINGS = Settings(poll="NPgxkEXAMPLE", key="hush-hush")
ENDS = 1462000000  # 2016-04-30


def option(name: str, votes: int | None, place: int) -> dict[str, Any]:
    return {
        "id": f"B{place}",
        "type": "text",
        "position": place,
        "vote_count": votes,
        "value": name,
        "is_write_in": False,
    }


def poll(**fields: Any) -> dict[str, Any]:
    told = {
        "id": "NPgxkEXAMPLE",
        "title": "ما اسم الجمعة القادمة؟",
        "type": "multiple_choice",
        "poll_options": [option("الصمود", 1187, 1), option("جمعة الغضب", 1204, 0)],
        "poll_config": {"deadline_at": ENDS, "is_multiple_choice": False, "results_visibility": "always"},
        "poll_meta": {"vote_count": 2391, "participant_count": 2391, "view_count": 9000},
        "created_at": 1461800000,
    }
    return told | fields


def answer(request: httpx.Request) -> httpx.Response:
    assert request.headers["x-api-key"] == "hush-hush"
    return httpx.Response(200, json=poll()) if request.url.path == "/v3/polls/NPgxkEXAMPLE" else httpx.Response(404)


def seen(**fields: Any):
    return read(poll(**fields), b"raw", NOON)


def test_options_come_in_their_order_with_exact_votes():
    tally = seen()
    assert [(one.label, votes.votes) for one, votes in zip(tally.options, tally.votes, strict=True)] == [
        ("جمعة الغضب", 1204),
        ("الصمود", 1187),
    ]
    assert (tally.total, tally.voters, tally.views) == (2391, 2391, 9000)
    assert tally.closes_at == datetime.fromtimestamp(ENDS, UTC)


def test_the_totals_are_read_under_both_their_names():
    assert seen(poll_meta={}, voteCount=2391, participantCount=2000).total == 2391
    assert seen(poll_meta={}, vote_count=2391).total == 2391


@pytest.mark.parametrize("visibility", ["after_vote", "hidden", "always"])
def test_zeros_while_people_vote_are_hidden_results_and_no_votes(visibility):
    tally = seen(
        poll_options=[option("a", 0, 0), option("b", 0, 1)],
        poll_config={"results_visibility": visibility},
        poll_meta={"participant_count": 12, "vote_count": 0},
    )
    assert tally.state is State.HIDDEN
    assert all(one.votes is None for one in tally.votes)


def test_a_poll_nobody_voted_in_yet_has_zeros():
    tally = seen(
        poll_options=[option("a", 0, 0), option("b", 0, 1)], poll_meta={"participant_count": 0, "vote_count": 0}
    )
    assert [one.votes for one in tally.votes] == [0, 0]


def test_where_several_may_be_chosen_shares_are_of_people():
    tally = seen(poll_config={"is_multiple_choice": True}, poll_meta={"vote_count": 2391, "participant_count": 2000})
    assert tally.by_key["الغضب"].share == pytest.approx(0.602)


def test_a_poll_past_its_deadline_is_closed():
    assert seen(poll_config={"deadline_at": 1461000000}).state is State.CLOSED


@pytest.mark.parametrize("fields", [{"type": "ranking"}, {"poll_options": []}, {"poll_options": [option("", 1, 0)]}])
def test_what_has_no_countable_options_is_told(fields):
    with pytest.raises(UnexpectedPayload):
        seen(**fields)


@pytest.mark.parametrize(
    "written", ["https://strawpoll.com/NPgxkEXAMPLE", "strawpoll.com/polls/NPgxkEXAMPLE", "NPgxkEXAMPLE"]
)
def test_a_poll_is_written_by_its_address(written):
    assert Settings(poll=written, key="x").poll == "NPgxkEXAMPLE"
