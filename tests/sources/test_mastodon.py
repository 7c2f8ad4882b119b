"""Mastodon: walking up by min_id, sweeping, asking again, and every way a status can be odd."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from monitor.errors import AccessRefused, RateLimited, SourceError, UnexpectedPayload
from monitor.model.campaign import Campaign, Family
from monitor.model.mention import Counts, Post
from monitor.model.source import Ask, Cursor
from monitor.model.window import Window
from monitor.sources.mastodon import Settings
from tests.people import ADA, ALEPPO, NOON
from tests.sources import ask

SETTINGS = Settings(server="https://social.example")
CAMPAIGN = ALEPPO
# https://docs.joinmastodon.org/entities/Status/, trimmed
STATUS: dict[str, Any] = {
    "id": "95808887193600001",
    "uri": "https://social.example/users/ada/statuses/1",
    "url": None,
    "created_at": "2016-04-29T11:00:00.000Z",
    "edited_at": None,
    "visibility": "public",
    "language": "ar",
    "content": "<p>#<span>SaveAleppo</span></p>",
    "replies_count": 2,
    "reblogs_count": 14,
    "favourites_count": 31,
    "quotes_count": 1,
    "reblog": None,
    "account": {"id": "1", "acct": "ada", "uri": ADA, "followers_count": 812},
    "tags": [{"name": "savealeppo", "url": "https://social.example/tags/savealeppo"}],
}


def id_at(moment: datetime, number: int = 0) -> str:
    return str((int(moment.timestamp() * 1000) << 16) + number)


def status(number: int, hours: float, *, id_hours: float | None = None, **fields: Any) -> dict[str, Any]:
    """Return a status created `hours` after NOON; its id may tell another time."""
    created = NOON + timedelta(hours=hours)
    known = NOON + timedelta(hours=hours if id_hours is None else id_hours)
    return {
        **STATUS,
        "id": id_at(known, number),
        "uri": f"https://social.example/users/ada/statuses/{number}",
        "created_at": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **fields,
    }


class Server:
    """Plays a server that has these statuses; `asked` are the requests."""

    def __init__(self, *statuses: Any, instance: Any = None, page_size: int = 40) -> None:
        self.statuses, self.instance, self.page_size = list(statuses), instance, page_size
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path, params = request.url.path, request.url.params
        if path.startswith("/api/v1/timelines/tag/"):
            wanted = {path.rsplit("/", 1)[1], *params.get_list("any[]")}
            return httpx.Response(200, json=self._page(wanted, params.get("min_id")))
        if path == "/api/v1/statuses":
            return httpx.Response(200, json=[one for one in self.statuses if one["id"] in params.get_list("id[]")])
        if path == "/api/v2/instance" and self.instance is not None:
            return httpx.Response(200, json=self.instance)
        return httpx.Response(404, json={"error": "Record not found"})

    def _page(self, wanted: set[str], above: str | None) -> Sequence[Any]:
        fitting = [one for one in self.statuses if tags(one) & wanted and order(one["id"]) > order(above or "")]
        rising = sorted(fitting, key=lambda one: order(one["id"]))
        return (rising[-self.page_size :] if above is None else rising[: self.page_size])[::-1]


def tags(one: Any) -> set[str]:
    return {tag["name"] for tag in one["tags"] if isinstance(tag, dict) and isinstance(tag.get("name"), str)}


def order(mark: str) -> tuple[int, str]:
    return len(mark), mark


ARABIC = [{"name": "أنقذوا_حلب"}]
POSTS = [
    status(1, -60),
    status(2, -40),
    status(3, -30, tags=ARABIC),
    status(4, -2, favourites_count=7),
    status(5, -1, tags=[{"name": "savealeppo"}, {"name": "حلب"}]),
]
INSTANCE = {
    "version": "4.6.0",
    "configuration": {"timelines_access": {"hashtag_feeds": {"local": "public", "remote": "public"}}},
}
answer = Server(*POSTS, instance=INSTANCE, page_size=2)
damaged = Server(*POSTS[:3], {**POSTS[3], "uri": None}, POSTS[4], instance=INSTANCE, page_size=2)
unreadable = Server(*(post | {"created_at": None} for post in POSTS), instance=INSTANCE, page_size=2)
MARKS = (POSTS[1]["id"], POSTS[4]["id"])


async def read(*statuses: Any, **options: Any) -> ask.Reading:
    return await ask.run(ask.source(SETTINGS, Server(*statuses)), options.pop("campaign", CAMPAIGN), **options)


async def only(one: Any) -> Post:
    reading = await read(one)
    (post,) = reading.mentions
    assert isinstance(post, Post)
    return post


async def test_a_status_becomes_a_post() -> None:
    assert await only(STATUS) == Post(
        platform="mastodon",
        id="https://social.example/users/ada/statuses/1",
        created_at=NOON - timedelta(hours=1),
        tags=("savealeppo",),
        counts=Counts(likes=31, reposts=14, replies=2, quotes=1),
        author=ADA,
        followers=812,
        language="ar",
        again="95808887193600001",
    )


async def test_a_post_is_linked_to_where_people_read_it() -> None:
    page = "https://social.example/@ada/1"
    assert (await only(STATUS | {"url": page})).link == page


async def test_a_server_that_does_not_count_quotes_tells_none() -> None:
    old = {key: value for key, value in STATUS.items() if key != "quotes_count"}
    assert (await only(old)).counts.quotes is None


@pytest.mark.parametrize("told", ["31", -1, 1e308, 31.5, None, True, [], 2**60])
async def test_a_counter_that_is_none_is_not_told(told: Any) -> None:
    post = await only(STATUS | {"favourites_count": told})
    assert post.counts == Counts(likes=None, reposts=14, replies=2, quotes=1)


OBJECT = "https://far.example/objects/7"  # how Pleroma names posts


@pytest.mark.parametrize(
    ("account", "uri", "author"),
    [
        ({"uri": ADA, "acct": "ada"}, OBJECT, ADA),
        ({"acct": "ada"}, STATUS["uri"], ADA),
        ({"acct": "ada"}, "https://far.example/ap/users/17/statuses/9", "https://far.example/ap/users/17"),
        ({"acct": "ada", "pleroma": {"ap_id": ADA}}, OBJECT, ADA),
        ({"acct": "ada"}, OBJECT, "ada@social.example"),
        ({"acct": "bea@far.example"}, OBJECT, "bea@far.example"),
        ({}, STATUS["uri"], None),
        (None, OBJECT, None),
        ("ada", OBJECT, None),
    ],
)
async def test_an_author_has_one_id_on_all_servers(account: Any, uri: str, author: str | None) -> None:
    assert (await only(STATUS | {"account": account, "uri": uri})).author == author


@pytest.mark.parametrize(
    "wrong",
    [{"created_at": None}, {"created_at": "0001-01-01T00:00:00Z"}, {"created_at": "soon"}, {"uri": 17}, {"uri": ""}],
)
async def test_an_unreadable_status_is_counted_and_left_out(wrong: dict[str, Any]) -> None:
    reading = await read(status(1, -2), status(2, -1) | wrong, status(3, -0.5))
    assert len(reading.ids) == 2
    assert sum(page.refused for page in reading.pages) == 1


@pytest.mark.parametrize(
    "hidden", [{"visibility": "private"}, {"visibility": "direct"}, {"visibility": ["x"]}, {"reblog": STATUS}]
)
async def test_what_is_not_public_or_a_boost_is_not_read(hidden: dict[str, Any]) -> None:
    reading = await read(STATUS | hidden)
    assert (reading.mentions, sum(page.refused for page in reading.pages)) == ([], 0)


async def test_strange_tags_are_left_out() -> None:
    strange: list[Any] = [{"name": "savealeppo"}, {"name": 17}, {}, "x", None, {"name": "\u202eحلب"}]
    assert (await only(STATUS | {"tags": strange})).tags == ("savealeppo", "\u202eحلب")


@pytest.mark.parametrize(
    "odd",
    ["9" * 500, "95808887193600002\n", "\n9" * 9, "95808887193600002\x00", "95808887193 00002", "٣" * 18, "../" * 6],
)
async def test_a_status_with_an_odd_id_harms_no_other(odd: str) -> None:
    reading = await read(STATUS, STATUS | {"id": odd, "uri": "https://x.example/1"})
    assert {post.again for post in reading.mentions if isinstance(post, Post)} == {STATUS["id"]}
    assert [cursor["high"] for cursor in reading.cursors.values()] == [STATUS["id"]]


@pytest.mark.parametrize("odd", ["9" * 20 + "\n", "9" * 20 + "\x00"])
async def test_a_status_with_an_odd_id_above_all_others_blinds_nobody(odd: str) -> None:
    reading = await read(*POSTS, STATUS | {"id": odd, "uri": "https://x.example/1"})
    assert reading.pages[-1].covered is not None
    assert not any(page.truncated for page in reading.pages)


@pytest.mark.parametrize("told", ["", "x", "ar\n", "ar\x00", "حلب", "arabic!", "a" * 99, 17, None])
async def test_a_language_that_is_none_is_not_told(told: Any) -> None:
    assert (await only(STATUS | {"language": told})).language is None


@pytest.mark.parametrize("told", ["ar", "AR", "ar-SY", "ar_SY", "ar-Arab-SY"])
async def test_a_language_is_told_without_its_country(told: str) -> None:
    assert (await only(STATUS | {"language": told})).language == "ar"


BROKEN = {"created_at": None}


async def test_one_broken_status_alone_blinds_nobody() -> None:
    reading = await read(status(1, -2) | BROKEN)
    assert reading.pages[-1].covered is not None
    assert sum(page.refused for page in reading.pages) == 1


async def test_broken_statuses_alone_on_the_last_page_hold_nobody_while_others_are_read() -> None:
    server = Server(*POSTS)
    first = await ask.run(ask.source(SETTINGS, server), CAMPAIGN)
    server.statuses += [status(6, 0.1) | BROKEN, status(7, 0.2) | BROKEN]
    second = await ask.run(ask.source(SETTINGS, server), CAMPAIGN, first.cursors, now=NOON + timedelta(minutes=30))
    assert second.pages[-1].covered is not None
    assert sum(page.refused for page in second.pages) == 2


async def test_a_server_that_writes_all_posts_in_another_way_is_no_silence() -> None:
    server = Server(*POSTS)
    first = await ask.run(ask.source(SETTINGS, server), CAMPAIGN)
    server.statuses = [post | BROKEN for post in (*POSTS, status(6, 0.1))]
    second = ask.Reading()
    with pytest.raises(UnexpectedPayload, match="none of the 6 posts"):
        await ask.run(
            ask.source(SETTINGS, server), CAMPAIGN, first.cursors, now=NOON + timedelta(minutes=30), into=second
        )
    assert second.pages == []


async def test_pages_of_boosts_only_are_silence() -> None:
    reading = await read(*(status(number, -number, reblog=STATUS) for number in range(1, 9)))
    assert reading.pages[-1].covered is not None
    assert sum(page.refused for page in reading.pages) == 0


async def test_a_post_of_the_far_future_does_not_hide_what_comes() -> None:
    server = Server(status(1, -2), status(2, 24 * 365))
    first = await ask.run(ask.source(SETTINGS, server), CAMPAIGN)
    server.statuses.append(status(3, 0.01))
    second = await ask.run(ask.source(SETTINGS, server), CAMPAIGN, first.cursors, now=NOON + timedelta(hours=1))
    assert "https://social.example/users/ada/statuses/3" in second.ids


async def test_a_post_of_the_far_future_blinds_nobody() -> None:
    reading = await read(status(1, -2), status(2, 24 * 365))
    assert reading.pages[-1].covered is not None
    assert not any(page.truncated for page in reading.pages)


async def test_up_to_four_spellings_are_asked_in_one_question() -> None:
    server = Server()
    await ask.run(ask.source(SETTINGS, server), CAMPAIGN)
    assert server.asked[2].url.params.multi_items() == [
        ("min_id", id_at(ask.SINCE)),
        ("limit", "40"),
        ("any[]", "أنقذوا_حلب"),
        ("any[]", "انقذوا_حلب"),
    ]


@pytest.mark.parametrize(("together", "walks"), [(4, 2), (3, 2), (1, 6)])
async def test_more_spellings_are_more_walks(together: int, walks: int) -> None:
    many = Campaign("c", "C", "UTC", (Family("a", ("a", "b", "c", "d", "e", "f")),))
    asked = ask.source(Settings(server="https://social.example", together=together), Server())
    assert len(asked.walks(many)) == walks
    assert [tag for walk in asked.walks(many) for tag in walk.spellings] == list("abcdef")


async def test_every_page_is_walked_with_all_spellings() -> None:
    server = Server(*(status(number, -30 + number / 10) for number in range(100)))
    reading = await ask.run(ask.source(SETTINGS, server), CAMPAIGN)
    assert len(reading.ids) == 100
    walked = [request for request in server.asked if "/timelines/" in request.url.path]
    assert [len(page.mentions) for page in reading.pages] == [40, 40, 20, 0]
    assert {len(request.url.params.get_list("any[]")) for request in walked} == {2}


async def test_accents_lost_on_the_server_are_given_back() -> None:
    french = Campaign("c", "C", "UTC", (Family("LibérezAlep", ("libérezalep",)),))
    reading = await read(STATUS | {"tags": [{"name": "liberezalep"}, {"name": "é"}]}, campaign=french)
    assert reading.mentions == []  # this little server compares letter by letter
    accented = ask.source(SETTINGS, lambda _: httpx.Response(200, json=[STATUS | {"tags": [{"name": "liberezalep"}]}]))
    posts = (await ask.run(accented, french)).mentions
    assert {tag for post in posts if isinstance(post, Post) for tag in post.tags} == {"libérezalep"}


async def test_a_second_run_begins_two_minutes_below_what_was_read() -> None:
    server = Server(status(1, -0.001))
    first = await ask.run(ask.source(SETTINGS, server), CAMPAIGN)
    server.statuses.append(status(2, -0.02))  # its id was given a minute earlier than it became visible
    second = await ask.run(ask.source(SETTINGS, server), CAMPAIGN, first.cursors, now=NOON + timedelta(minutes=5))
    assert len(second.ids) == 2
    third = await ask.run(ask.source(SETTINGS, server), CAMPAIGN, second.cursors, now=NOON + timedelta(minutes=10))
    assert third.ids == set()


async def test_coverage_is_without_holes_from_run_to_run() -> None:
    first = await read(STATUS)
    second = await read(STATUS, cursors=first.cursors, now=NOON + timedelta(minutes=5))
    ends = [(page.covered.start, page.covered.end) for page in (first.pages[-1], second.pages[-1]) if page.covered]
    late = timedelta(minutes=2)
    assert ends == [(ask.SINCE, NOON - late), (NOON - late, NOON + timedelta(minutes=5) - late)]


async def test_an_answer_from_a_cache_covers_no_more_than_it_could_know() -> None:
    stale = httpx.Response(200, json=[], headers={"Age": "3600"})
    reading = await ask.run(ask.source(SETTINGS, lambda _: stale), CAMPAIGN)
    assert reading.pages[-1].covered == Window(ask.SINCE, NOON - timedelta(minutes=62))


@pytest.mark.parametrize("age", ["", "-5", "soon", "٣", "9" * 40])
async def test_an_age_that_is_none_breaks_nothing(age: str) -> None:
    odd = httpx.Response(200, json=[], headers=[(b"Age", age.encode())])
    await ask.run(ask.source(SETTINGS, lambda _: odd), CAMPAIGN)


async def test_an_interrupted_walk_goes_on_where_it_stood() -> None:
    server = Server(*(status(number, -30 + number / 10) for number in range(100)))
    walking = ask.source(SETTINGS, server)
    pages = walking.pages(Ask(walking.walks(CAMPAIGN)[0], None, ask.SINCE, NOON))
    first = await anext(pages)
    await pages.aclose()  # type: ignore[attr-defined]
    assert first.covered is None
    server.asked.clear()
    rest = await ask.run(ask.source(SETTINGS, server), CAMPAIGN, {walking.walks(CAMPAIGN)[0].name: first.cursor or {}})
    assert len({post.id for post in first.mentions} | rest.ids) == 100
    assert len(rest.mentions) < 70
    assert rest.pages[-1].covered is not None


async def test_a_post_fetched_late_below_the_cursor_is_found_by_the_sweep() -> None:
    server = Server(status(1, -1))
    first = await ask.run(ask.source(SETTINGS, server), CAMPAIGN)
    server.statuses.append(status(2, -20))
    soon = await ask.run(ask.source(SETTINGS, server), CAMPAIGN, first.cursors, now=NOON + timedelta(minutes=30))
    later = await ask.run(ask.source(SETTINGS, server), CAMPAIGN, soon.cursors, now=NOON + timedelta(minutes=61))
    assert soon.ids == set()
    assert "https://social.example/users/ada/statuses/2" in later.ids


async def test_once_a_day_the_sweep_goes_back_a_week() -> None:
    server, cursors = Server(status(1, -1)), dict[str, Cursor]()
    for hour in range(24):
        run = await ask.run(ask.source(SETTINGS, server), CAMPAIGN, cursors, now=NOON + timedelta(hours=hour))
        cursors = run.cursors
    server.statuses.append(status(2, -100))
    a_day_later = NOON + timedelta(hours=24)
    deep = await ask.run(
        ask.source(SETTINGS, server), CAMPAIGN, cursors, now=a_day_later, since=NOON - timedelta(days=6)
    )
    assert "https://social.example/users/ada/statuses/2" in deep.ids


async def test_a_long_sweep_goes_on_in_the_next_run() -> None:
    few = Settings(server="https://social.example", sweep_pages=1)
    server = Server(*(status(number, -40 + number / 10) for number in range(100)))
    run = await ask.run(ask.source(few, server), CAMPAIGN)
    found = []
    for minutes in (61, 66, 71, 76):
        run = await ask.run(ask.source(few, server), CAMPAIGN, run.cursors, now=NOON + timedelta(minutes=minutes))
        found.append(len(run.ids))
    assert found == [40, 40, 20, 0]


async def test_a_sweep_leaves_the_rest_of_the_quota_to_the_forward_passes() -> None:
    server = Server(status(1, -1))
    first = await ask.run(ask.source(SETTINGS, server), CAMPAIGN)

    def scarce(request: httpx.Request) -> httpx.Response:
        reply = server(request)
        reply.headers["X-RateLimit-Remaining"] = "12"
        return reply

    run = await ask.run(ask.source(SETTINGS, scarce), CAMPAIGN, first.cursors, now=NOON + timedelta(hours=2))
    assert run.ids == set()


async def test_a_server_that_ignores_min_id_leaves_a_hole_and_says_so() -> None:
    newest = [status(1, -1)]
    reading = await ask.run(ask.source(SETTINGS, lambda _: httpx.Response(200, json=newest)), CAMPAIGN)
    assert reading.pages[-1].truncated
    assert not any(page.covered for page in reading.pages)


async def test_ids_of_other_software_are_walked_too() -> None:
    ulids = [status(number, -2) | {"id": f"01H{number:023d}"} for number in range(90)]
    first = await read(*ulids)
    second = await read(*ulids, cursors=first.cursors, now=NOON + timedelta(hours=3))
    assert len(first.ids) == 90
    assert second.ids == set()


@pytest.mark.parametrize("code", [401, 422])
async def test_a_server_for_its_own_people_asks_for_a_token(code: int) -> None:
    closed = httpx.Response(code, json={"error": "This method requires an authenticated user"})
    with pytest.raises(AccessRefused, match=r"add (a|the) token"):
        await ask.run(ask.source(SETTINGS, lambda _: closed), CAMPAIGN)


async def test_a_question_that_is_not_accepted_is_no_refusal() -> None:
    with pytest.raises(UnexpectedPayload, match="spellings"):
        await ask.run(
            ask.source(SETTINGS, lambda _: httpx.Response(422, json={"error": "Validation failed"})), CAMPAIGN
        )


async def test_a_token_is_sent() -> None:
    server = Server()
    settings = Settings.model_validate_json(json.dumps({"server": "social.example", "token": "s3cret"}))
    await ask.run(ask.source(settings, server), CAMPAIGN)
    assert {request.headers["authorization"] for request in server.asked} == {"Bearer s3cret"}
    assert "s3cret" not in repr(settings)


async def test_a_limit_in_the_middle_is_told_with_its_reset() -> None:
    pages = Server(*(status(number, -30 + number / 10) for number in range(100)))

    def limited(request: httpx.Request) -> httpx.Response:
        if len(pages.asked) < 4:  # two of them about the server
            return pages(request)
        return httpx.Response(
            429, json={"error": "Too many requests"}, headers={"X-RateLimit-Reset": "2016-04-29T12:15:00.5Z"}
        )

    kept = ask.Reading()
    with pytest.raises(RateLimited) as raised:
        await ask.run(ask.source(SETTINGS, limited), CAMPAIGN, into=kept)
    assert raised.value.retry_after == pytest.approx(900, abs=2)
    assert len(kept.ids) == 80


def feeds(local: str, remote: str) -> dict[str, Any]:
    told = {"timelines_access": {"hashtag_feeds": {"local": local, "remote": remote}}}
    return {"version": "4.6.0", "configuration": told}


async def test_silence_of_a_server_with_switched_off_timelines_is_not_believed() -> None:
    with pytest.raises(AccessRefused, match="switched off"):
        await ask.run(ask.source(SETTINGS, Server(instance=feeds("disabled", "disabled"))), CAMPAIGN)


@pytest.mark.parametrize("instance", [None, {}, [], feeds("public", "disabled"), {"configuration": "no"}])
async def test_silence_of_other_servers_is_silence(instance: Any) -> None:
    server = Server(instance=instance)
    asked = ask.source(SETTINGS, server)
    first = await ask.run(asked, CAMPAIGN)
    assert first.pages[-1].covered is not None
    await ask.run(asked, CAMPAIGN, first.cursors, now=NOON + timedelta(minutes=5))
    assert [request.url.path for request in server.asked].count("/api/v2/instance") == 1


async def test_posts_that_are_gone_are_left_out_when_asked_again() -> None:
    asked = ask.source(SETTINGS, Server(STATUS))
    assert [post.again for post in await asked.again(("1", STATUS["id"]))] == [STATUS["id"]]


async def test_a_server_without_bulk_look_up_is_asked_that_once() -> None:
    asked = ask.source(SETTINGS, lambda _: httpx.Response(404, json={"error": "Not found"}))
    assert await asked.again(("1",)) == []
    assert asked.again_at_once == 0


async def test_answers_nobody_asked_for_are_not_taken() -> None:
    asked = ask.source(SETTINGS, lambda _: httpx.Response(200, json=[STATUS, "x", None]))
    assert await asked.again(("1",)) == []


async def test_a_probe_tells_version_and_openness() -> None:
    told = await ask.source(SETTINGS, answer).probe()
    assert told == "social.example answers as Mastodon, version 4.6.0; tag timelines are for: public"


async def test_a_probe_tells_that_a_token_is_needed() -> None:
    with pytest.raises(AccessRefused, match="add the token"):
        await ask.source(SETTINGS, Server(instance=feeds("public", "authenticated"))).probe()


async def test_a_probe_of_an_old_server_works() -> None:
    def old(request: httpx.Request) -> httpx.Response:
        return (
            httpx.Response(200, json={"version": "3.5.3"})
            if request.url.path == "/api/v1/instance"
            else httpx.Response(404)
        )

    assert "3.5.3" in await ask.source(SETTINGS, old).probe()


@pytest.mark.parametrize("told", [{"hello": "world"}, [1, 2, 3], "fine", {"version": ""}, {"version": None}])
async def test_a_probe_of_a_server_that_is_no_mastodon_fails(told: Any) -> None:
    with pytest.raises(UnexpectedPayload, match=r"this is no Mastodon: social\.example"):
        await ask.source(SETTINGS, Server(instance=told)).probe()


async def test_a_probe_of_something_else_fails_in_words() -> None:
    with pytest.raises(SourceError, match="404"):
        await ask.source(SETTINGS, lambda _: httpx.Response(404, text="<html>")).probe()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("mastodon.social", "mastodon.social"),
        ("https://mastodon.social/", "mastodon.social"),
        ("http://127.0.0.1:3000", "127.0.0.1-3000"),
        ("https://موقع.example", "xn--4gbrim.example"),
    ],
)
def test_a_server_is_written_as_people_write_it(written: str, name: str) -> None:
    assert ask.source(Settings(server=written), answer).name == name


@pytest.mark.parametrize(
    "written", ["", "https://", "https://a.example/@ada", "https://u:p@a.example", "ftp://a", "https://a?b"]
)
def test_an_address_that_is_more_than_a_server_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"such as https://mastodon\.social"):
        Settings(server=written)


async def test_a_probe_tells_of_a_token_that_was_revoked() -> None:
    def revoked(request: httpx.Request) -> httpx.Response:
        if "instance" in request.url.path:
            return answer(request)
        return httpx.Response(401, json={"error": "The access token was revoked"})

    settings = Settings.model_validate_json('{"server": "https://social.example", "token": "s3cret"}')
    with pytest.raises(AccessRefused, match="make a new one") as raised:
        await ask.source(settings, revoked).probe()
    assert "s3cret" not in str(raised.value)


# Whether silence is silence


def trending(*names: str) -> ask.Answers:
    server = Server(*POSTS, instance=INSTANCE)

    def answers(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/trends/tags":
            return httpx.Response(200, json=[{"name": name, "history": []} for name in names])
        return server(request)

    return answers


@pytest.mark.parametrize(
    ("names", "told"),
    [(("savealeppo",), True), (("nobody", "savealeppo"), True), (("nobody", "noone"), False), ((), None)],
)
async def test_a_trend_that_brings_nothing_is_blindness(names: tuple[str, ...], told: bool | None) -> None:
    assert await ask.source(SETTINGS, trending(*names)).canary() is told


async def test_the_operator_may_name_the_canary() -> None:
    for tag, told in (("#savealeppo", True), ("nobody", False)):
        chosen = Settings(server="https://social.example", canary=tag)
        assert await ask.source(chosen, Server(*POSTS, instance=INSTANCE)).canary() is told


async def test_a_server_without_trends_is_judged_by_news() -> None:
    news = [{"name": "news"}]
    assert await ask.source(SETTINGS, Server(STATUS | {"tags": news})).canary() is True
    assert await ask.source(SETTINGS, Server()).canary() is None
