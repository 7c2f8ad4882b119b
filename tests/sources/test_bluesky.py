import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from monitor.clock import Simulated
from monitor.errors import AccessRefused, RateLimited, SourceError, UnexpectedPayload
from monitor.fetch.client import Client, http
from monitor.fetch.pocket import Pocket
from monitor.fetch.throttle import Hosts
from monitor.model.mention import Post
from monitor.model.source import Page
from monitor.model.window import Window, merged
from monitor.sources import _bluesky_place
from monitor.sources.bluesky import FULL, Settings, Source
from tests.people import ALEPPO, NOON
from tests.sources import ask

# https://docs.bsky.app/docs/api/app-bsky-feed-search-posts, …/com-atproto-server-create-session, …/rate-limits
SETTINGS = Settings(handle="desk.bsky.social", app_password="abcd-efgh-ijkl-mnop")
CAMPAIGN = ALEPPO
HOSTS = {"bsky.social", "pds.example", "public.api.bsky.app"}
TAG = "app.bsky.richtext.facet#tag"
DAY = timedelta(days=1)


def uri(number: int) -> str:
    return f"at://did:plc:{'abcdefghij'[number % 10]}/app.bsky.feed.post/3l{number}"


MARKS = (uri(1), uri(2))


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def view(number: int, at: datetime, *tags: str, claims: datetime | None = None, **counters: int) -> dict[str, Any]:
    """Return a post as the AppView shows it: heard of at `at`, and by its own word made at `claims`."""
    features = [{"$type": TAG, "tag": tag} for tag in tags or ("SaveAleppo",)]
    facets = [{"index": {"byteStart": 0, "byteEnd": 3}, "features": features}]
    record = {"$type": "app.bsky.feed.post", "text": "حلب", "createdAt": iso(claims or at), "facets": facets}
    return {
        "uri": uri(number),
        "cid": "bafy",
        "author": {"did": uri(number).split("/")[2], "handle": "handle.invalid"},
        "record": record | {"langs": ["ar"]},
        "indexedAt": iso(at),
        **(counters or {"likeCount": 4, "repostCount": 3, "replyCount": 2, "quoteCount": 1, "bookmarkCount": 9}),
    }


def token(seconds: int, number: int = 1) -> str:
    claims = json.dumps({"iat": 1000, "exp": 1000 + seconds, "jti": number}).encode()
    return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.sig"


@dataclass
class Sky:
    """Plays an account's server and the AppView; `views` are all posts, `asked` every method that was called."""

    views: Sequence[dict[str, Any]]
    most: int = 10_000  # what a search shows at all
    size: int = 100
    hits: int | None = None
    spoil: Callable[[dict[str, Any]], Any] = lambda view: view
    instead: dict[str, httpx.Response] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    searched: list[httpx.QueryParams] = field(default_factory=list)
    sessions: int = 0
    valid: set[str] = field(default_factory=set)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition(".")[2]
        self.asked.append(method)
        if method in self.instead:
            return self.instead[method]
        door = getattr(self, f"_{method}", None)
        return door(request) if door else httpx.Response(404)

    def _createSession(self, request: httpx.Request) -> httpx.Response:  # noqa: N802 - as the platform calls it
        wanted = {"identifier": "desk.bsky.social", "password": "abcd-efgh-ijkl-mnop"}
        if json.loads(request.content) != wanted:
            return httpx.Response(401, json={"error": "AuthenticationRequired", "message": "Invalid password"})
        return self._session()

    def _refreshSession(self, request: httpx.Request) -> httpx.Response:  # noqa: N802
        assert request.content == b""
        if request.headers["Authorization"] != f"Bearer {token(7_776_000, self.sessions)}":
            return httpx.Response(400, json={"error": "ExpiredToken", "message": "Token has expired"})
        return self._session()

    def _session(self) -> httpx.Response:
        self.sessions += 1
        self.valid = {f"Bearer {token(7200, self.sessions)}"}
        service = [{"id": "#atproto_pds", "serviceEndpoint": "https://pds.example"}]
        tokens = {"accessJwt": token(7200, self.sessions), "refreshJwt": token(7_776_000, self.sessions)}
        return httpx.Response(200, json={**tokens, "did": "did:plc:me", "didDoc": {"service": service}})

    def _searchPosts(self, request: httpx.Request) -> httpx.Response:  # noqa: N802
        if request.headers["Authorization"] not in self.valid:
            return httpx.Response(400, json={"error": "ExpiredToken", "message": "Token has expired"})
        told = request.url.params
        self.searched.append(told)
        assert told["q"] == f"#{told['tag']}"
        found = [one for one in self.views if _is_found(one, told)][::-1][: self.most]
        at = int(told.get("cursor", "0"))
        page = found[at : at + min(self.size, int(told["limit"]))]
        body: dict[str, Any] = {"posts": list(map(self.spoil, page))}
        body |= {"hitsTotal": self.hits} if self.hits is not None else {}
        return httpx.Response(200, json=body | ({"cursor": str(at + self.size)} if at + self.size < len(found) else {}))

    def _getPosts(self, request: httpx.Request) -> httpx.Response:  # noqa: N802
        assert "Authorization" not in request.headers
        wanted = request.url.params.get_list("uris")
        assert len(wanted) <= 25
        found = [self.spoil(one) for one in self.views if one["uri"] in wanted]
        return httpx.Response(200, json={"posts": found})

    def _getProfiles(self, request: httpx.Request) -> httpx.Response:  # noqa: N802
        people = request.url.params.get_list("actors")
        return httpx.Response(200, json={"profiles": [{"did": did, "followersCount": 812} for did in people]})


def _is_found(view: dict[str, Any], told: httpx.QueryParams) -> bool:
    tags = {one["tag"].lower() for facet in view["record"]["facets"] for one in facet["features"]}
    sorts_at = min(view["record"]["createdAt"], view["indexedAt"])
    return told["tag"] in tags and told.get("since", "") <= sorts_at < told.get("until", "9")


GOOD = [view(9, NOON - 6 * DAY), *(view(n, NOON - timedelta(hours=5 - n)) for n in (1, 2, 3)), view(4, NOON, "حلب")]


def answer(request: httpx.Request) -> httpx.Response:
    return _always_open(Sky(GOOD), request)


def damaged(request: httpx.Request) -> httpx.Response:
    def spoil(one: dict[str, Any]) -> dict[str, Any]:
        return one | {"record": {"text": "x"}} if one["uri"] == uri(2) else one

    return _always_open(Sky(GOOD, spoil=spoil), request)


def unreadable(request: httpx.Request) -> httpx.Response:
    return _always_open(Sky(GOOD, spoil=lambda one: one | {"record": {"createdAt": None}}), request)


def _always_open(sky: Sky, request: httpx.Request) -> httpx.Response:
    """Answer as a server whose sessions are all good: the contract's servers keep nothing in mind."""
    sky.valid, sky.sessions = {request.headers.get("Authorization", "")}, 0
    return sky(request)


def source(sky: Sky, clock: Simulated | None = None, account: Pocket | None = None, **settings: Any) -> Source:
    clock = clock or Simulated(NOON)
    client = Client(http("desk@example.org", httpx.MockTransport(sky)), clock, Hosts(), account=account)
    return Source(SETTINGS.model_copy(update=settings), client)


async def found(sky: Sky, **options: Any) -> list[Post]:
    return [post for post in (await ask.run(source(sky), ALEPPO, **options)).mentions if isinstance(post, Post)]


def covered(pages: Sequence[Page]) -> tuple[Window, ...]:
    return merged(page.covered for page in pages if page.covered)


async def test_a_post_is_read_with_everything_it_tells():
    post = next(iter(await found(Sky([view(1, NOON - DAY, "SaveAleppo", "Syria")]))))
    told = (post.id, post.author, post.tags, post.language, post.again)
    assert told == (uri(1), "did:plc:b", ("SaveAleppo", "Syria"), "ar", uri(1))
    assert post.counts.__reduce_ex__(2)[2] == [None, 4, 3, 2, 1, None]


async def test_every_spelling_is_asked_for_in_full_moments():
    sky = Sky([])
    await found(sky)
    assert {told["tag"] for told in sky.searched} == set(ALEPPO.spellings)
    assert all(told["until"].endswith("Z") and told["sort"] == "latest" for told in sky.searched)


async def test_one_session_serves_all_runs():
    sky, clock = Sky(GOOD), Simulated(NOON)
    account = Pocket(clock)
    for _ in range(3):
        await ask.run(source(sky, clock, account), ALEPPO)
    assert sky.asked.count("createSession") == 1
    assert sky.asked.count("refreshSession") == 0


async def test_a_session_is_renewed_before_it_ends():
    sky, clock = Sky(GOOD), Simulated(NOON)
    asked = source(sky, clock)
    await ask.run(asked, ALEPPO)
    clock.move_to(NOON + timedelta(seconds=7200 - 299))
    assert await asked.canary() is False
    assert sky.asked.count("createSession") == sky.asked.count("refreshSession") == 1


async def test_a_token_that_is_called_expired_is_renewed_at_once():
    sky = Sky(GOOD)
    asked = source(sky)
    await ask.run(asked, ALEPPO)
    sky.valid = {f"Bearer {token(7200, 2)}"}
    assert (await ask.run(asked, ALEPPO)).mentions
    assert (sky.asked.count("createSession"), sky.asked.count("refreshSession")) == (1, 1)


async def test_a_session_that_cannot_be_renewed_is_made_once_more():
    sky, clock = Sky(GOOD), Simulated(NOON)
    asked = source(sky, clock)
    await asked.probe()
    sky.sessions += 1  # every token that was given is void
    clock.move_to(NOON + timedelta(hours=3))
    await asked.probe()
    assert (sky.asked.count("createSession"), sky.asked.count("refreshSession")) == (2, 1)


async def test_two_runs_that_renew_at_once_share_the_session():
    sky, clock = Sky(GOOD), Simulated(NOON)
    account = Pocket(clock)
    one, other = source(sky, clock, account), source(sky, clock, account)
    await one.probe()
    stale = json.loads(await account.recall("renewal") or "")["token"]
    sky.valid.clear()
    await one.probe()
    assert (await other._session._renewed(stale)).access == token(7200, 2)
    assert sky.asked.count("createSession") == 1


async def test_a_wrong_password_is_not_tried_in_every_run():
    sky = Sky(GOOD)
    asked = source(sky, handle="other.bsky.social")
    for _ in range(3):
        with pytest.raises(AccessRefused, match="app password"):
            await asked.probe()
    assert sky.asked == ["createSession"]


@pytest.mark.parametrize(
    ("error", "words"), [("AuthFactorTokenRequired", "second factor"), ("AccountTakedown", "closed this account")]
)
async def test_why_nobody_can_sign_in_is_said_in_words(error: str, words: str):
    refusal = httpx.Response(401, json={"error": error, "message": "no"})
    with pytest.raises(AccessRefused, match=words):
        await source(Sky([], instead={"createSession": refusal})).probe()


async def test_signing_in_again_and_again_has_an_end():
    sky = Sky([], instead={"searchPosts": httpx.Response(400, json={"error": "ExpiredToken"})})
    sky.instead["refreshSession"] = httpx.Response(400, json={"error": "ExpiredToken"})
    asked = source(sky)
    for _ in range(100):
        with pytest.raises(SourceError) as raised:
            await asked.probe()
    assert isinstance(raised.value, RateLimited)
    assert sky.asked.count("createSession") <= 60


async def test_no_secret_stands_in_an_error():
    refusal = httpx.Response(403, json={"message": "abcd-efgh-ijkl-mnop is wrong"})
    with pytest.raises(AccessRefused) as raised:
        await source(Sky([], instead={"createSession": refusal})).probe()
    assert "abcd" not in str(raised.value)


async def test_a_page_for_people_is_a_refusal():
    page = httpx.Response(403, text="<html>Request forbidden by administrative rules.</html>")
    with pytest.raises(AccessRefused):
        await found(Sky([], instead={"searchPosts": page}))


async def test_searches_go_to_the_server_where_the_account_lives():
    hosts = []

    def noting(request: httpx.Request) -> httpx.Response:
        hosts.append((request.url.host, request.url.path.rpartition(".")[2]))
        return answer(request)

    await ask.source(SETTINGS, noting).probe()
    assert hosts == [("bsky.social", "createSession"), ("pds.example", "searchPosts")]


async def test_an_account_stays_at_its_server_when_its_document_names_a_less_safe_one():
    sky = Sky([])
    asked = source(sky)
    service = [{"id": "#atproto_pds", "serviceEndpoint": "http://pds.example"}]
    tokens = {"accessJwt": token(7200), "refreshJwt": token(9000)}
    sky.instead["createSession"] = httpx.Response(200, json={**tokens, "didDoc": {"service": service}})
    assert (await asked._session._opened()).server == "https://bsky.social"


async def test_a_window_of_many_pages_is_read_to_its_end():
    sky = Sky([view(n, NOON - timedelta(minutes=n)) for n in range(250, 0, -1)])
    reading = await ask.run(source(sky), ALEPPO)
    assert len(reading.ids) == 250
    assert covered(reading.pages) == (Window(ask.SINCE, NOON - _bluesky_place.LATE),)


async def test_an_empty_page_with_a_cursor_is_not_the_end():
    class Sifting(Sky):
        def _searchPosts(self, request: httpx.Request) -> httpx.Response:  # noqa: N802
            reply = super()._searchPosts(request)
            told = reply.json()
            return httpx.Response(200, json=told | {"posts": []}) if "cursor" in told else reply

    views = [view(n, NOON - timedelta(minutes=n)) for n in range(150, 0, -1)]
    assert {post.id for post in await found(Sifting(views, size=100))} == {one["uri"] for one in views[:50]}


async def test_a_window_that_holds_more_than_a_search_shows_is_cut_in_two():
    views = [view(n, NOON - timedelta(seconds=10 * n)) for n in range(400, 0, -1)]
    sky = Sky(views, hits=FULL + 1, most=200)

    def told(request: httpx.Request) -> httpx.Response:
        if "tag" in request.url.params:
            several = sum(_is_found(one, request.url.params) for one in views) > sky.most
            sky.hits = FULL + 1 if several else None
        return sky(request)

    clock = Simulated(NOON)
    asked = Source(SETTINGS, Client(http("x", httpx.MockTransport(told)), clock, Hosts()))
    reading = await ask.run(asked, ALEPPO)
    assert len(reading.ids) == 400
    assert covered(reading.pages) == (Window(ask.SINCE, NOON - _bluesky_place.LATE),)


async def test_a_server_that_does_not_take_its_own_cursor_is_asked_for_shorter_windows():
    class Forgetful(Sky):
        def _searchPosts(self, request: httpx.Request) -> httpx.Response:  # noqa: N802
            if "cursor" in request.url.params:
                return httpx.Response(400, json={"error": "InvalidRequest", "message": "Invalid cursor format"})
            return super()._searchPosts(request)

    sky = Forgetful([view(n, NOON - timedelta(minutes=n)) for n in range(250, 0, -1)])
    assert len({post.id for post in await found(sky)}) == 250


async def test_a_search_that_stops_far_too_early_is_asked_for_shorter_windows():
    views = [view(n, NOON - timedelta(seconds=30 * n)) for n in range(2500, 0, -1)]
    sky = Sky(views, most=1000, hits=2500)
    assert len({post.id for post in await found(sky)}) == 2500


async def test_a_cursor_that_repeats_leaves_the_window_open():
    sky = Sky([view(n, NOON - timedelta(minutes=n)) for n in range(250, 0, -1)])
    sky.instead["searchPosts"] = httpx.Response(200, json={"posts": list(sky.views[:100]), "cursor": "100"})
    reading = ask.Reading()
    with pytest.raises(UnexpectedPayload, match="repeats itself"):
        await ask.run(source(sky), ALEPPO, into=reading)
    assert covered(reading.pages) == ()


async def test_a_run_that_used_its_calls_up_goes_on_next_time():
    sky = Sky([view(n, NOON - timedelta(minutes=n)) for n in range(1500, 0, -1)])
    asked, reading = source(sky, calls_per_run=10), ask.Reading()
    for minutes in (0, 5, 10):
        assert len(reading.ids) < 1500
        await ask.run(asked, ALEPPO, now=NOON + timedelta(minutes=minutes), into=reading)
    assert len(reading.ids) == 1500


async def test_the_next_run_overlaps_the_last():
    sky = Sky(GOOD)
    first = await ask.run(source(sky), ALEPPO)
    sky.searched.clear()
    await ask.run(source(sky), ALEPPO, first.cursors, now=NOON + timedelta(minutes=5))
    assert {(told["since"], told["until"]) for told in sky.searched} == {
        (iso(NOON - timedelta(hours=1)), iso(NOON + timedelta(minutes=5)))
    }


async def test_once_a_day_two_days_are_searched_again_and_once_a_week_all():
    sky, since = Sky(GOOD), NOON - 7 * DAY
    cursors = (await ask.run(source(sky), ALEPPO)).cursors
    starts = []
    for days in (1, 7):
        sky.searched.clear()
        now = NOON + days * DAY
        cursors = (await ask.run(source(sky), ALEPPO, cursors, since=since + days * DAY, now=now)).cursors
        starts.append(now - datetime.fromisoformat(min(told["since"] for told in sky.searched)))
    assert starts == [2 * DAY, 7 * DAY]


async def test_what_claims_to_come_from_the_past_lies_there_and_what_comes_from_the_future_lies_now():
    old = view(1, NOON - DAY, claims=datetime.fromisoformat("2009-01-01T00:00:00+00:00"))
    new = view(2, NOON - DAY, claims=datetime.fromisoformat("2099-01-01T00:00:00+00:00"))
    posts = await found(Sky([old, new]))
    assert [(post.id, post.created_at) for post in posts] == [(uri(2), NOON - DAY)]


async def test_a_clock_that_runs_a_little_ahead_is_believed():
    post = next(iter(await found(Sky([view(1, NOON - DAY, claims=NOON - DAY + timedelta(minutes=1))]))))
    assert post.created_at == NOON - DAY + timedelta(minutes=1)


async def test_missing_counters_are_unknown():
    post = next(iter(await found(Sky([view(1, NOON - DAY, likeCount=0)]))))
    assert (post.counts.likes, post.counts.reposts, post.counts.quotes) == (0, None, None)


async def test_known_posts_bring_their_authors_followers_and_the_gone_are_left_out():
    posts = await source(Sky(GOOD)).again([uri(1), uri(77)])
    assert [(post.id, post.followers) for post in posts] == [(uri(1), 812)]


async def test_followers_are_asked_for_only_where_they_are_wanted():
    sky = Sky(GOOD)
    posts = await source(sky, followers=False).again([uri(1)])
    assert (posts[0].followers, sky.asked) == (None, ["getPosts"])


async def test_the_canary_sings_while_the_search_finds_anything():
    assert await source(Sky([view(1, NOON, "news")])).canary() is True
    assert await source(Sky(GOOD)).canary() is False


async def test_the_probe_says_where_it_asked():
    assert "https://pds.example" in await source(Sky(GOOD)).probe()
