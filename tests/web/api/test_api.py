"""The API, asked over HTTP by a program on this machine, on a real store."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from string import ascii_lowercase
from zoneinfo import ZoneInfo

import httpx
import pytest

from monitor.alerts.silencing import Known
from monitor.clock import Simulated
from monitor.collect.report import Report
from monitor.digest import gather
from monitor.model.poll import Tally
from monitor.model.run import Outcome, Run
from monitor.model.window import Window
from monitor.store import people, polls, redis, runs
from monitor.store.keys import Keys
from monitor.store.store import Store
from monitor.web.api import api
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.problem import MEDIA_TYPE
from tests.digest import races
from tests.digest.test_gather import DAY, FRIDAY, NOW, seen, store_all
from tests.people import ALEPPO

HOUR = timedelta(hours=1)
DAY_QUERY = {"start": "2016-04-29T00:00", "end": "2016-04-30T00:00"}  # by the campaign's clock
VOTING = replace(ALEPPO, polls=(races.POLL,))


class Home:
    """What a daemon would tell of itself."""

    def campaigns(self):
        return (VOTING,)

    def asked(self, campaign: str):
        return [(Report(campaign=campaign, source="mastodon", platform="mastodon"), HOUR)]

    def rest(self, _campaign, _poll):
        return timedelta(minutes=1)

    def silenceable(self):
        return Known(campaigns={"aleppo"}, rules={"spike", "budget"}, sources={"mastodon"}, of_all={"budget"})

    def has_rules(self):
        return True

    async def spendings(self):
        return []


@pytest.fixture
async def ask(store) -> AsyncIterator[httpx.AsyncClient]:
    clock = Simulated(NOW)
    app = api(Desk(store, clock, Home()), Gate(store, clock))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
async def vote(store) -> list[Tally]:
    """A poll that was looked at three times."""
    looks = [races.look(hours, races.counts(hours)) for hours in (1, 2, 3)]
    for tally in looks:
        await polls.keep(store, "aleppo", races.CONFIRMED, tally)
    return looks


@pytest.fixture
async def friday(store):
    """Ten posts of one day, three of them at one hour, and nothing seen of the last four hours."""
    sightings = [seen(number, 2 * number) for number in range(10)] + [seen(20 + extra, 6) for extra in range(2)]
    covered = Window(FRIDAY - timedelta(days=9), FRIDAY + timedelta(hours=20))
    await store_all(store, sightings, covered=covered)


async def test_campaigns_are_listed_with_their_spellings(ask):
    found = (await ask.get("/campaigns")).json()
    assert found == [(await ask.get("/campaigns/aleppo")).json()]
    assert found[0]["families"][1] == {"hashtag": "#أنقذوا_حلب", "spellings": ["أنقذوا_حلب", "انقذوا_حلب"]}


async def test_a_brief_is_the_one_that_mails_tell(store, ask, friday):
    told = (await ask.get("/campaigns/aleppo/brief", params=DAY_QUERY)).json()
    assert told == json.loads((await gather.brief(store, VOTING, DAY, NOW)).model_dump_json())


async def test_spikes_are_those_of_the_brief(ask, friday):
    told = (await ask.get("/campaigns/aleppo/spikes", params=DAY_QUERY)).json()
    assert told == (await ask.get("/campaigns/aleppo/brief", params=DAY_QUERY)).json()["spikes"]


async def test_a_series_tells_counts_and_leaves_what_nobody_watched_as_null(ask, friday):
    told = (await ask.get("/campaigns/aleppo/series", params={**DAY_QUERY, "resolution": "1h"})).json()
    values = told["lines"][0]["values"]
    assert values[:8] == [1, 0, 1, 0, 1, 0, 3, 0]
    assert values[20:] == [None] * 4
    assert told["partial"] == [False] * 20 + [True] * 4
    assert (told["definition"], told["class_of"], told["at"][0]) == ("posts/1", "volume", "2016-04-28T21:00:00Z")


async def test_every_gap_has_a_reason(store, ask, friday):
    await runs.add(store, Run(
        campaign="aleppo", source="mastodon", platform="mastodon", started_at=NOW - HOUR, seconds=1,
        outcome=Outcome.UNAVAILABLE, message="the server is down",
    ))  # fmt: skip
    (gap,) = (await ask.get("/campaigns/aleppo/series", params=DAY_QUERY)).json()["gaps"]
    assert (gap["source"], gap["start"], gap["reason"]) == ("mastodon", "2016-04-29T17:00:00Z", "the server is down")


@pytest.mark.parametrize(
    ("split", "names"), [("platform", ["mastodon"]), ("spelling", ["#SaveAleppo"]), ("language", [])]
)
async def test_a_series_is_split_on_wish(ask, friday, split, names):
    told = (await ask.get("/campaigns/aleppo/series", params={**DAY_QUERY, "split": split})).json()
    assert [line["name"] for line in told["lines"]] == names


async def test_a_series_may_come_as_rows_for_dashboards(ask, friday):
    query = {**DAY_QUERY, "resolution": "1h", "split": "platform"}
    told = (await ask.get("/campaigns/aleppo/series", params={**query, "shape": "rows"})).json()
    lines = (await ask.get("/campaigns/aleppo/series", params=query)).json()
    assert [row["value"] for row in told] == lines["lines"][0]["values"]
    assert told[0] == {"at": lines["at"][0], "name": "mastodon", "value": 1, "partial": False}


async def test_more_values_than_an_answer_should_hold_are_refused_with_advice(store, ask, friday):
    await store.redis.sadd(store.keys.subjects("aleppo"), *(f"language/q{letter}" for letter in ascii_lowercase))
    query = {"last": "30d", "resolution": "5m", "split": "language"}
    refused = await ask.get("/campaigns/aleppo/series", params=query)
    assert (refused.status_code, refused.headers["content-type"]) == (422, MEDIA_TYPE)
    assert "export.csv" in refused.json()["detail"]


async def test_its_sum_is_the_total_of_the_brief(ask, friday):
    told = (await ask.get("/campaigns/aleppo/series", params=DAY_QUERY)).json()
    total = (await ask.get("/campaigns/aleppo/brief", params=DAY_QUERY)).json()["totals"][0]
    assert sum(value or 0 for value in told["lines"][0]["values"]) == total["now"]["value"] == 12


async def test_sources_tell_how_they_are_and_how_they_ran(ask, friday):
    (source,) = (await ask.get("/campaigns/aleppo/sources")).json()
    assert (source["outcome"], source["last_run"]) == ("ok", "2016-04-29T21:00:00Z")
    (run,) = (await ask.get("/campaigns/aleppo/sources/mastodon/runs")).json()
    assert run["outcome"] == "ok"
    before = {"before": run["started_at"]}
    assert (await ask.get("/campaigns/aleppo/sources/mastodon/runs", params=before)).json() == []


async def test_a_moment_without_an_offset_is_on_the_clock_of_the_campaign(ask, friday, vote):
    for path, moment in (("sources/mastodon/runs", "started_at"), ("polls/friday/2016-04-29/looks", "at")):
        (one, *_) = (await ask.get(f"/campaigns/aleppo/{path}")).json()
        local = datetime.fromisoformat(one[moment]).astimezone(ZoneInfo(ALEPPO.zone)).replace(tzinfo=None)
        for before, is_there in ((local, False), (local + timedelta(minutes=1), True)):
            told = await ask.get(f"/campaigns/aleppo/{path}", params={"before": before.isoformat()})
            assert (one in told.json()) == is_there


async def test_a_fault_of_ours_is_told_as_one(store):
    class Broken(Home):
        def campaigns(self):
            raise RuntimeError("secret")

    clock = Simulated(NOW)
    app = api(Desk(store, clock, Broken()), Gate(store, clock))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        told = await client.get("/campaigns")
    assert (told.status_code, told.headers["content-type"]) == (500, MEDIA_TYPE)
    assert "secret" not in told.text


async def test_an_answer_that_is_known_already_is_not_sent_again(ask, friday):
    first = await ask.get("/campaigns")
    again = await ask.get("/campaigns", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await ask.get("/campaigns", headers={"if-none-match": '"another"'})
    assert (other.status_code, other.json()) == (200, first.json())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"start": "2016-04-30", "end": "2016-04-29"}, "must lie before"),
        ({"start": "1916-04-30"}, "up to three years"),
        ({"start": "2016-05-30T00:00Z", "end": "2026-05-30T00:00Z"}, "in the future"),
        ({"start": "0001-01-01T00:00"}, "out of reach|up to three years"),
        ({"end": "2016-04-29"}, "give a start"),
        ({"last": "7d", "start": "2016-04-29"}, "either last, or"),
        ({"last": "8d"}, "last: "),
        ({"start": "x" * 50_000}, "start: "),
        ({"start": "\0"}, "start: "),
        ({"start": "1461880800"}, "write it as 2016"),
        ({"start": "0.5"}, "write it as 2016"),
    ],
)
async def test_a_window_that_can_not_be_is_refused_in_words(ask, query, words):
    refused = await ask.get("/campaigns/aleppo/brief", params=query)
    told = refused.json()
    assert (refused.status_code, refused.headers["content-type"]) == (422, MEDIA_TYPE)
    assert any(word in told["detail"] for word in words.split("|"))
    assert len(refused.content) < 1000


@pytest.mark.parametrize("slug", ["alepo", "..%2F..", "%00", "x" * 200, "<script>"])
async def test_a_campaign_nobody_knows_is_not_found(ask, slug):
    refused = await ask.get(f"/campaigns/{slug}/brief")
    assert refused.status_code in {404, 422}
    assert refused.headers["content-type"] == MEDIA_TYPE
    assert "<script>" not in refused.text


async def test_a_near_name_is_proposed(ask):
    assert "did you mean aleppo?" in (await ask.get("/campaigns/alepo")).json()["detail"]


@pytest.mark.parametrize(
    ("path", "methods"), [("silences", "GET, POST"), ("silences/3f9a1c04", "DELETE"), ("alerts", "GET")]
)
async def test_what_can_not_be_done_at_an_address_says_what_can(ask, path, methods):
    refused = await ask.request("PATCH", f"/{path}")
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)
    assert refused.headers["content-type"] == MEDIA_TYPE
    assert methods in refused.json()["detail"]


async def test_too_many_cells_are_refused(ask):
    query = {"start": "2015-04-29", "end": "2016-04-29", "resolution": "5m"}
    refused = await ask.get("/campaigns/aleppo/series", params=query)
    assert (refused.status_code, "wider resolution" in refused.text) == (422, True)


async def test_of_days_whose_narrow_cells_are_gone_wider_ones_are_told(ask, friday):
    query = {"start": "2016-01-01", "end": "2016-01-02"}
    told = (await ask.get("/campaigns/aleppo/series", params=query)).json()
    watched = (await ask.get("/campaigns/aleppo/coverage", params=query)).json()
    assert (told["resolution"], watched["resolution"]) == ("1h", "1h")
    refused = await ask.get("/campaigns/aleppo/series", params={**query, "resolution": "5m"})
    assert (refused.status_code, "5m are no longer kept of then: ask for 1h" in refused.text) == (422, True)


@pytest.mark.parametrize(
    "path", ["polls/none", "polls/none/2016-04-29", "polls/none/2016-04-29/looks", "sources/none/runs"]
)
async def test_what_is_not_there_says_what_is(ask, path):
    refused = await ask.get(f"/campaigns/aleppo/{path}")
    assert (refused.status_code, "there are: " in refused.text) == (404, True)


async def test_a_snapshot_that_is_not_kept_is_not_found(ask):
    assert (await ask.get(f"/campaigns/aleppo/snapshots/{'0' * 64}")).status_code == 404


async def test_the_weeks_of_a_poll_are_told_and_each_on_its_own(ask, vote):
    (week,) = (await ask.get("/campaigns/aleppo/polls/friday")).json()
    one = (await ask.get(f"/campaigns/aleppo/polls/friday/{week['day']}")).json()
    assert one["cycle"]["standing"] == week["standing"]
    assert [len(course["points"]) for course in one["courses"]] == [3] * 4


async def test_every_look_at_a_poll_leads_to_the_answer_it_was_read_from(ask, vote):
    looks = (await ask.get(f"/campaigns/aleppo/polls/friday/{races.DAY}/looks")).json()
    assert [look["sha256"] for look in looks] == [tally.digest for tally in reversed(vote)]
    answer = await ask.get(f"/campaigns/aleppo/snapshots/{looks[0]['sha256']}")
    assert answer.content == vote[-1].raw
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_looks_come_in_pages(ask, vote):
    path = f"/campaigns/aleppo/polls/friday/{races.DAY}/looks"
    first = (await ask.get(path, params={"limit": 2})).json()
    rest = (await ask.get(path, params={"limit": 2, "before": first[-1]["at"]})).json()
    assert (len(first), len(rest)) == (2, 1)


async def test_a_week_nobody_followed_is_not_found(ask, vote):
    assert (await ask.get("/campaigns/aleppo/polls/friday/2001-01-05")).status_code == 404


async def test_a_store_that_is_gone_is_told_honestly(tmp_path):
    clock, gone = Simulated(NOW), redis.connect(f"unix://{tmp_path}/nobody")
    store = Store(gone, Keys("t"), secret=b"a secret of the tests")
    transport = httpx.ASGITransport(api(Desk(store, clock, Home()), Gate(store, clock)), client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        refused = await client.get("/campaigns")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "start it" in refused.json()["detail"]


async def test_without_a_right_nothing_is_told(ask, store):
    key = await people.make_token(store, "silent", (), NOW, None)
    refused = await ask.get("/campaigns", headers={"authorization": f"Bearer {key}"})
    assert refused.status_code == 403


async def _described(ask) -> list[tuple[str, dict]]:
    paths = (await ask.get("/openapi.json")).json()["paths"]
    return [(f"{method} {path}", told) for path, methods in paths.items() for method, told in methods.items()]


async def test_everything_is_described(ask):
    assert [name for name, told in await _described(ask) if not (told["summary"] and told["tags"])] == []


async def test_every_parameter_is_described(ask):
    given = [(name, one) for name, told in await _described(ask) for one in told.get("parameters", ())]
    assert [(name, one["name"]) for name, one in given if not one.get("description")] == []


async def test_every_answer_that_is_no_file_has_an_example(ask):
    told = [(name, one["responses"]) for name, one in await _described(ask) if one["tags"] != ["exports"]]
    fine = [(name, one.get("200") or one.get("201") or {}) for name, one in told]
    json_answers = [(name, one["content"]["application/json"]) for name, one in fine if "application/json" in str(one)]
    assert [name for name, content in json_answers if not content.get("example")] == []
    assert len(json_answers) > 15


async def test_of_every_route_is_told_how_errors_look_and_who_may_ask(ask):
    for name, told in await _described(ask):
        errors = {status: answer for status, answer in told["responses"].items() if int(status) >= 400}
        assert {"400", "401", "403", "404", "422", "503"} <= errors.keys(), name
        assert all(list(answer["content"]) == [MEDIA_TYPE] for answer in errors.values()), name
        assert told["security"] == [{"HTTPBearer": []}, {"APIKeyCookie": []}], name
