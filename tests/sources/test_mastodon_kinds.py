"""GoToSocial, Pleroma and others that speak Mastodon's language their own way: known, walked and swept right."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.model.mention import Post
from monitor.model.window import Window, merged
from monitor.sources._mastodon_ids import FLAKES, ULIDS, Ids, order
from monitor.sources._mastodon_server import facts_of
from monitor.sources.mastodon import Settings, Source
from tests.people import NOON
from tests.sources import ask
from tests.sources.test_mastodon import CAMPAIGN, INSTANCE, SETTINGS, STATUS, tags
from tests.sources.test_mastodon import status as mastodon_status

WITH_TOKEN = Settings.model_validate_json('{"server": "https://social.example", "token": "s3cret"}')
GOTOSOCIAL = {"version": "0.19.1+git-8cb1860", "source_url": "https://github.com/superseriousbusiness/gotosocial"}
AKKOMA = {"version": "2.7.2 (compatible; Akkoma 3.10.4)"}
FRIENDICA = {"version": "2.8.0 (compatible; Friendica 2024.12)"}
ARABIC = [{"name": "أنقذوا_حلب"}]


def status(ids: Ids | None, number: int, hours: float, **fields: Any) -> dict[str, Any]:
    """Return a status with an id as this software makes them; without a way, a small number."""
    made = ids.at(NOON + timedelta(hours=fields.pop("id_hours", hours))) if ids else str(10_000 + number)
    mark = f"{made[:-4]}{number:04d}" if ids else made
    return mastodon_status(number, hours) | {"id": mark} | fields


class Played:
    """A server with these statuses; `gets` are the questions for its timelines."""

    instance: dict[str, Any] = INSTANCE
    size = 5

    def __init__(self, statuses: Sequence[dict[str, Any]]) -> None:
        self.statuses = list(statuses)
        self.asked: list[httpx.Request] = []

    @property
    def gets(self) -> list[httpx.QueryParams]:
        return [request.url.params for request in self.asked if "/timelines/" in request.url.path]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path == "/api/v2/instance":
            return httpx.Response(200, json=self.instance)
        if "/timelines/tag/" in request.url.path:
            return self.timeline(request.url.path.rsplit("/", 1)[1], request.url.params)
        return httpx.Response(404, json={"error": "Not Found"})

    def timeline(self, tag: str, params: httpx.QueryParams) -> httpx.Response:
        return httpx.Response(200, json=self.page({tag, *params.get_list("any[]")}, params))

    def page(self, wanted: set[str], params: httpx.QueryParams) -> list[dict[str, Any]]:
        fitting = sorted((one for one in self.statuses if tags(one) & wanted), key=lambda one: order(one["id"]))
        if "min_id" in params:
            return [one for one in fitting if order(one["id"]) > order(params["min_id"])][: self.size][::-1]
        below = order(params.get("max_id", "~" * 40))
        return [one for one in fitting if order(one["id"]) < below][-self.size :][::-1]


class GoToSocial(Played):
    """Knows no any[], refuses a limit above 40, and takes hidden posts out of pages it has cut already."""

    instance = GOTOSOCIAL

    def timeline(self, tag: str, params: httpx.QueryParams) -> httpx.Response:
        if int(params.get("limit", 20)) > 40:
            return httpx.Response(400, json={"error": "Bad Request: limit"})
        if not any(tag in tags(one) for one in self.statuses):
            return httpx.Response(404, json={"error": "Not Found: tag was not found"})
        cut = self.page({tag}, params)
        shown = [one for one in cut if not one.get("hidden")]
        if not cut:
            return httpx.Response(200, json=[])
        base = f"https://social.example/api/v1/timelines/tag/{quote(tag)}?limit=40"
        older, newer = f'<{base}&max_id={cut[-1]["id"]}>; rel="next"', f'<{base}&min_id={cut[0]["id"]}>; rel="prev"'
        return httpx.Response(200, json=shown, headers={"Link": f"{older}, {newer}"})


class Akkoma(Played):
    instance = AKKOMA


class Friendica(Played):
    instance = FRIENDICA


def gotosocial(*statuses: dict[str, Any]) -> GoToSocial:
    return GoToSocial(statuses)


async def run(server: Played, hours: float = 0, cursors: Any = None, **options: Any) -> ask.Reading:
    now = NOON + timedelta(hours=hours)
    return await ask.run(ask.source(WITH_TOKEN, server, now), CAMPAIGN, cursors, now=now, **options)


def covered(reading: ask.Reading) -> list[Window]:
    return list(merged(page.covered for page in reading.pages if page.covered))


# What a server is


@pytest.mark.parametrize(
    ("instance", "software"),
    [
        (INSTANCE, "mastodon"),
        ({"version": "4.6.0-alpha.1+glitch"}, "mastodon"),
        ({"version": "4.0.6+hometown-1.1.1"}, "mastodon"),
        (GOTOSOCIAL, "gotosocial"),
        ({"version": "0.11.1 8cb1860"}, "gotosocial"),
        ({"version": "3.5.3+0.19.1-git-8cb1860"}, "gotosocial"),
        (AKKOMA, "akkoma"),
        ({"version": "2.7.2 (compatible; Pleroma 2.9.0-12-g112caa05)"}, "pleroma"),
        (FRIENDICA, "friendica"),
        ({"version": None}, "mastodon"),
        ({"version": ["4"]}, "mastodon"),
    ],
)
def test_software_is_known_by_what_the_server_tells(instance: dict[str, Any], software: str) -> None:
    assert facts_of(instance).software == software


async def test_an_old_server_tells_in_the_old_way_what_it_is() -> None:
    new = Akkoma([status(FLAKES, 1, -1)])

    def old(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v2/instance":
            return httpx.Response(404)
        return httpx.Response(200, json=AKKOMA) if request.url.path == "/api/v1/instance" else new(request)

    assert len((await ask.run(ask.source(SETTINGS, old), CAMPAIGN)).ids) == 1
    assert FLAKES.time(new.gets[0]["min_id"]) == ask.SINCE


async def test_a_server_is_asked_once_a_day_what_it_is() -> None:
    server = gotosocial(status(ULIDS, 1, -1))
    client = ask.client(server)
    for _ in range(3):
        await ask.run(Source(WITH_TOKEN, client), CAMPAIGN)
    assert [request.url.path for request in server.asked].count("/api/v2/instance") == 1


async def test_two_servers_of_one_account_are_not_taken_for_each_other() -> None:
    servers = {"a.example": gotosocial(status(ULIDS, 1, -1)), "b.example": Akkoma([status(FLAKES, 2, -1)])}
    client = ask.client(lambda request: servers[request.url.host](request))
    for host in ("a.example", "b.example"):
        reading = await ask.run(Source(Settings(server=f"https://{host}"), client), CAMPAIGN)
        assert len(reading.ids) == 1


# GoToSocial


async def test_gotosocial_is_asked_tag_by_tag() -> None:
    server = gotosocial(status(ULIDS, 1, -3), status(ULIDS, 2, -2, tags=ARABIC))
    reading = await run(server)
    assert len(reading.ids) == 2
    assert not any("any[]" in params for params in server.gets)


async def test_every_tag_of_gotosocial_has_a_place_of_its_own() -> None:
    server = gotosocial(*(status(ULIDS, number, -number / 10) for number in range(1, 30)))
    first = await run(server)
    server.statuses.append(status(ULIDS, 99, -0.05, tags=ARABIC))  # behind the last of the other tag, new for its own
    server.statuses.append(status(ULIDS, 98, -0.02))
    server.asked.clear()
    later = await run(server, 0.1, first.cursors)
    assert (len(first.ids), len(later.ids)) == (29, 2)
    assert len(server.gets) == 5  # each tag until an empty page; nobody uses the third


async def test_a_tag_nobody_has_used_on_gotosocial_is_silence() -> None:
    assert covered(await run(gotosocial())) == [Window(ask.SINCE, NOON - timedelta(minutes=2))]


async def test_pages_of_hidden_posts_on_gotosocial_are_not_the_end() -> None:
    hidden = [status(ULIDS, number, -40 + number / 10, hidden=True) for number in range(12)]
    reading = await run(gotosocial(*hidden, status(ULIDS, 50, -1)))
    assert len(reading.ids) == 1
    assert covered(reading)


async def test_a_post_that_comes_late_to_gotosocial_is_found_by_the_sweep() -> None:
    server = gotosocial(status(ULIDS, 1, -1))
    first = await run(server)
    server.statuses.append(status(ULIDS, 2, -20))
    soon = await run(server, 0.5, first.cursors)
    later = await run(server, 1.1, soon.cursors)
    assert (len(soon.ids), len(later.ids)) == (0, 2)


async def test_time_is_covered_when_all_tags_of_gotosocial_were_read() -> None:
    server = gotosocial(status(ULIDS, 1, -1))
    reading, served = ask.Reading(), server.timeline

    def failing(tag: str, params: httpx.QueryParams) -> httpx.Response:
        return served(tag, params) if tag == "savealeppo" else httpx.Response(503, headers={"retry-after": "300"})

    server.timeline = failing  # type: ignore[method-assign]
    with pytest.raises(Exception, match="503"):
        await run(server, into=reading)
    assert (len(reading.ids), covered(reading)) == (1, [])
    server.timeline = served  # type: ignore[method-assign]
    rest = await run(server, 0.2, reading.cursors)
    assert covered(rest) == [Window(ask.SINCE, NOON + timedelta(minutes=10))]


async def test_posts_of_gotosocial_are_not_asked_again_one_by_one() -> None:
    source = ask.source(WITH_TOKEN, gotosocial(status(ULIDS, 1, -1)))
    await ask.run(source, CAMPAIGN)
    assert source.again_at_once == 0


async def test_gotosocial_without_a_token_says_what_is_missing() -> None:
    def closed(request: httpx.Request) -> httpx.Response:
        known = request.url.path == "/api/v2/instance"
        return httpx.Response(200, json=GOTOSOCIAL) if known else httpx.Response(401, json={"error": "Unauthorized"})

    with pytest.raises(AccessRefused, match="add the token of an account there"):
        await ask.run(ask.source(SETTINGS, closed), CAMPAIGN)
    with pytest.raises(AccessRefused, match="add the token of an account there"):
        await ask.source(SETTINGS, closed).probe()


async def test_a_place_of_before_the_server_was_known_is_given_up() -> None:
    server = gotosocial(status(ULIDS, 1, -3))
    stale = {"high": "99999999999999999", "covered": NOON.timestamp(), "swept": 0.0, "deep": 0.0}
    walk = ask.source(WITH_TOKEN, server).walks(CAMPAIGN)[0].name
    assert len((await run(server, cursors={walk: stale})).ids) == 1


# Pleroma and Akkoma


async def test_akkoma_is_asked_for_several_tags_at_once_by_its_own_ids() -> None:
    server = Akkoma([status(FLAKES, number, -number) for number in range(1, 30)])
    reading = await run(server)
    assert len(reading.ids) == 29
    assert FLAKES.time(server.gets[0]["min_id"]) == ask.SINCE
    assert len(server.gets[0].get_list("any[]")) == 2


async def test_a_second_run_on_akkoma_begins_where_the_first_ended() -> None:
    server = Akkoma([status(FLAKES, number, -number / 10) for number in range(1, 30)])
    first = await run(server)
    server.asked.clear()
    assert (await run(server, 0.2, first.cursors)).ids == set()
    assert ["min_id" in params for params in server.gets] == [True, False]  # nothing new; are its ids what we think?


async def test_a_late_post_on_akkoma_has_a_new_id_and_its_old_time() -> None:
    server = Akkoma([status(FLAKES, 1, -1)])
    first = await run(server)
    server.statuses.append(status(FLAKES, 2, -20, id_hours=0.1))
    (late,) = (await run(server, 0.2, first.cursors)).mentions
    assert late.created_at == NOON - timedelta(hours=20)


async def test_the_extras_of_pleroma_are_read() -> None:
    account = {"acct": "ada", "followers_count": 3, "pleroma": {"ap_id": "https://social.example/users/ada"}}
    told = {key: value for key, value in STATUS.items() if key != "quotes_count"}
    server = Akkoma([told | {"account": account, "pleroma": {"quotes_count": 7}, "id": FLAKES.at(NOON)}])
    (post,) = (await run(server, 1)).mentions
    assert isinstance(post, Post)
    assert (post.counts.quotes, post.author) == (7, "https://social.example/users/ada")


@pytest.mark.parametrize("visibility", ["local", "list", "direct"])
async def test_what_pleroma_shows_to_some_only_is_not_read(visibility: str) -> None:
    assert (await run(Akkoma([status(FLAKES, 1, -1, visibility=visibility)]))).ids == set()


async def test_a_limit_of_pleroma_without_headers_is_waited_for() -> None:
    server, told = Akkoma([status(FLAKES, 1, -1)]), iter([httpx.Response(429, json={"error": "Throttled"})])
    reading = await ask.run(ask.source(WITH_TOKEN, lambda request: next(told, None) or server(request)), CAMPAIGN)
    assert len(reading.ids) == 1


# Others


async def test_a_server_of_unknown_software_is_walked_down_by_the_times_of_its_posts() -> None:
    server = Friendica([status(None, number, -60 + number) for number in range(1, 60)])
    reading = await run(server)
    assert len(reading.ids) == 48
    assert covered(reading) == [Window(ask.SINCE, NOON - timedelta(minutes=2))]
    assert "min_id" not in server.gets[0]


async def test_what_is_new_on_such_a_server_is_read_upwards() -> None:
    server = Friendica([status(None, number, -60 + number) for number in range(1, 60)])
    first = await run(server)
    server.statuses += [status(None, number, 0.01 * (number - 60)) for number in range(60, 72)]
    second = await run(server, 0.5, first.cursors)
    assert len(second.ids) == 12


async def test_such_a_server_is_swept_too() -> None:
    server = Friendica([status(None, number, -60 + number) for number in range(1, 60)])
    first = await run(server)
    changed = await run(server, 1.1, first.cursors)
    assert len(changed.ids) == 48


async def test_a_walk_down_that_broke_begins_again() -> None:
    server = Friendica([status(None, number, -60 + number) for number in range(1, 60)])
    calls = iter(range(3))
    reading = ask.Reading()

    def failing(request: httpx.Request) -> httpx.Response:
        return server(request) if next(calls, None) is not None else httpx.Response(403)

    with pytest.raises(AccessRefused):
        await ask.run(ask.source(WITH_TOKEN, failing), CAMPAIGN, into=reading)
    assert covered(reading) == []
    assert len(reading.ids | (await run(server, cursors=reading.cursors)).ids) == 48


class Claims(Played):
    """Says that it is a Mastodon, makes ids of its own, and knows no any[]."""

    def page(self, wanted: set[str], params: httpx.QueryParams) -> list[dict[str, Any]]:
        return super().page(wanted - {*params.get_list("any[]")}, params)


async def test_a_server_that_is_not_what_it_claims_is_found_out_by_its_ids_and_walked_in_the_next_run() -> None:
    statuses = [
        status(None, number, -60 + number, tags=ARABIC if number % 2 else STATUS["tags"]) for number in range(1, 60)
    ]
    server = Claims(statuses)
    client, cursors, found = ask.client(server), None, []
    for minutes in (0, 5, 10):
        now = NOON + timedelta(minutes=minutes)
        run = await ask.run(Source(WITH_TOKEN, client), CAMPAIGN, cursors, now=now)
        found.append((len(run.ids), bool(covered(run))))
        cursors = run.cursors
    assert found == [(0, False), (48, True), (0, True)]


async def test_a_quiet_server_is_looked_at_once_a_day() -> None:
    server, cursors = Claims([]), None
    for hours in (0, 1, 2, 23, 25):
        cursors = (await run(server, hours, cursors)).cursors
    assert sum("min_id" not in params for params in server.gets) == 2


async def test_such_a_server_that_repeats_itself_is_found_out() -> None:
    newest = [status(None, number, -number) for number in range(3)]
    with pytest.raises(UnexpectedPayload, match="newer posts"):
        await ask.run(ask.source(WITH_TOKEN, _repeating(newest)), CAMPAIGN)


def _repeating(statuses: list[dict[str, Any]]) -> Callable[[httpx.Request], httpx.Response]:
    def answers(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=FRIENDICA if "instance" in request.url.path else statuses)

    return answers
