"""Alerts and silences, asked for and wished for over HTTP."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from monitor.alerts.finding import Active, State
from monitor.model.person import Role, Scope, User
from monitor.store import alerts, people
from monitor.web.gate import COOKIE
from monitor.web.problem import MEDIA_TYPE
from tests.alerts.cases import found, message
from tests.digest.test_gather import NOW
from tests.web.api.test_api import ask  # noqa: F401 - a fixture

MARCH = {"campaign": "aleppo", "rule": "spike", "length": "2h", "because": "the march"}


@pytest.fixture
async def told(store) -> None:
    """One thing that goes on, and five messages of the same moment."""
    one = Active(finding=found(), since=NOW, seen=NOW, told=NOW)
    state = State(active={one.finding.key: one}).model_dump_json()
    messages = [message(number).model_dump_json() for number in range(5)]
    await alerts.commit(store, "aleppo", 0, state, parcels={"p": "{}"}, told=messages)


async def test_the_board_tells_what_goes_on_and_what_waits(ask, told):  # noqa: F811
    board = (await ask.get("/alerts", params={"limit": 2})).json()
    assert [one["finding"]["key"] for one in board["active"]] == ["spike/posts/*"]
    assert (board["waiting"], [one["id"] for one in board["history"]]) == (1, ["m4", "m3"])


async def test_history_comes_in_pages_also_within_one_moment(ask, told):  # noqa: F811
    pages, after = [], {}
    while page := (await ask.get("/alerts/history", params={"limit": 2, **after})).json():
        pages.append([one["id"] for one in page])
        after = {"after": page[-1]["id"]}
    assert pages == [["m4", "m3"], ["m2", "m1"], ["m0"]]


async def test_after_what_nobody_remembers_there_is_nothing(ask, told):  # noqa: F811
    assert (await ask.get("/alerts/history", params={"after": "m99"})).json() == []


async def test_a_silence_is_made_listed_and_ended(ask):  # noqa: F811
    made = await ask.post("/silences", json=MARCH)
    assert made.status_code == 201
    assert (await ask.get("/silences")).json() == [made.json()] == (await ask.get("/alerts")).json()["silences"]
    path = f"/silences/{made.json()['id']}"
    assert [(await ask.delete(path)).status_code for _ in range(2)] == [204, 404]
    assert (await ask.get("/silences")).json() == []


async def test_it_covers_what_was_wished_for_and_lasts_as_long(ask):  # noqa: F811
    made = (await ask.post("/silences", json=MARCH)).json()
    assert (made["campaign"], made["rule"], made["source"]) == ("aleppo", "spike", None)
    assert made["until"] == (NOW + timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    assert (made["because"], made["by"]) == ("the march", "this machine")


async def test_two_who_silence_at_once_both_get_it_and_a_wish_sent_twice_is_one(ask):  # noqa: F811
    wishes = [MARCH, MARCH, {"source": "mastodon", "length": "1d"}, {"everything": True, "length": "30m"}]
    made = await asyncio.gather(*(ask.post("/silences", json=wish) for wish in wishes))
    assert [one.status_code for one in made] == [201] * 4
    assert len((await ask.get("/silences")).json()) == len({one.json()["id"] for one in made}) == 3


async def test_a_body_that_is_no_json_is_refused_in_our_words(ask):  # noqa: F811
    refused = await ask.post("/silences", content=b'{"length": "2h",', headers={"content-type": "application/json"})
    assert (refused.status_code, refused.json()["detail"]) == (422, "the body is not JSON")


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({**MARCH, "campaign": "alepo"}, "did you mean aleppo"),
        ({**MARCH, "rule": "spkie"}, "did you mean spike"),
        ({**MARCH, "length": "0h"}, "write 30m, 2h or 3d"),
        ({**MARCH, "length": "99999d"}, "at most 60d"),
        ({**MARCH, "length": "soon"}, "length: "),
        ({**MARCH, "colour": "red"}, "colour: "),
        ({**MARCH, "everything": True}, "everything = true alone"),
        ({**MARCH, "everything": 0}, "everything: "),
        ({**MARCH, "campaign": "x" * 1_000_000}, "campaign: "),
        ({"length": "2h"}, "name a campaign"),
        ([], "body: is no JSON object"),
        ("\0", "body: is no JSON object"),
    ],
)
async def test_what_can_not_be_silent_is_refused_in_words(ask, wish, words):  # noqa: F811
    refused = await ask.post("/silences", json=wish)
    assert (refused.status_code, refused.headers["content-type"]) == (422, MEDIA_TYPE)
    assert words in refused.json()["detail"]
    assert len(refused.content) < 1000


async def test_what_is_said_of_it_is_one_harmless_line(ask):  # noqa: F811
    made = await ask.post("/silences", json={**MARCH, "because": "<script>\r\n\0\u202emarch"})
    assert made.json()["because"] == "<script> march"


@pytest.mark.parametrize("name", ["..%2F..", "%00", "x", "all", "00000000"])
async def test_a_silence_that_is_not_there_can_not_end(ask, name):  # noqa: F811
    refused = await ask.delete(f"/silences/{name}")
    assert refused.status_code in {404, 422}
    assert refused.headers["content-type"] == MEDIA_TYPE


@pytest.mark.parametrize(("scopes", "status"), [((Scope.READ,), 403), ((Scope.READ, Scope.SILENCE), 201)])
async def test_a_program_needs_the_right_to_silence(store, ask, scopes, status):  # noqa: F811
    key = await people.make_token(store, "bot", scopes, NOW, None)
    made = await ask.post("/silences", json=MARCH, headers={"authorization": f"Bearer {key}"})
    assert made.status_code == status


async def test_a_browser_needs_the_mark_of_a_form(store, ask: httpx.AsyncClient):  # noqa: F811
    user = User(name="desk", role=Role.OPERATOR, password="-", made_at=NOW)
    await people.put_user(store, user)
    cookie, session = await people.begin_session(store, user, NOW)
    ask.cookies.set(COOKIE, cookie)
    assert (await ask.post("/silences", json=MARCH)).status_code == 403
    made = await ask.post("/silences", json=MARCH, headers={"x-form": session.form})
    assert (made.status_code, made.json()["by"]) == (201, "desk")
