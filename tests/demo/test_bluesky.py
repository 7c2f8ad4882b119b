"""The account's server of the world signs in, forgets, searches and leaves out as the real one does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from monitor.demo.bluesky import LOGINS_IN_FIVE_MINUTES
from monitor.demo.life import shown
from monitor.demo.manners import PDS
from monitor.demo.sessions import ACCESS, HANDLE, PASSWORD
from monitor.demo.stage import APPVIEW
from monitor.demo.world import Skeet
from tests.demo.play import Play, play

TAG = "savealeppo"
HOUR = timedelta(hours=1)


@dataclass
class Account:
    """A world, and an account in it that has signed in."""

    world: Play
    session: dict[str, Any]

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session['accessJwt']}"}

    async def search(self, **params: Any) -> httpx.Response:
        asked = {"q": f"#{TAG}", "tag": TAG, "sort": "latest", "limit": 100} | params
        return await self.world.get(PDS, "/xrpc/app.bsky.feed.searchPosts", asked, **self.bearer)

    async def walk(self, **params: Any) -> list[dict[str, Any]]:
        """Return all posts of a search, page by page."""
        found, cursor = [], {}
        while True:
            told = (await self.search(**params, **cursor)).json()
            found += told["posts"]
            if "cursor" not in told:
                return found
            cursor = {"cursor": told["cursor"]}

    async def renew(self, token: str) -> httpx.Response:
        place = f"{self.world.urls[PDS]}/xrpc/com.atproto.server.refreshSession"
        return await self.world.http.post(place, headers={"Authorization": f"Bearer {self.session[token]}"})


async def signed_in(world: Play, password: str = PASSWORD) -> httpx.Response:
    place = f"{world.urls[PDS]}/xrpc/com.atproto.server.createSession"
    return await world.http.post(place, json={"identifier": HANDLE, "password": password})


@asynccontextmanager
async def account(*, hours: float | None = None) -> AsyncIterator[Account]:
    async with play(hours=hours) as world:
        yield Account(world, (await signed_in(world)).json())


def tagged(world: Play, tag: str = TAG) -> list[Skeet]:
    return [skeet for skeet in world.world.skeets if tag in {one.lower() for one in skeet.tagged.at(skeet.heard)}]


async def test_a_walk_by_its_cursor_meets_every_post_with_the_tag_once() -> None:
    async with account() as here:
        uris = [post["uri"] for post in await here.walk(limit=7)]
        assert sorted(uris) == sorted(skeet.uri for skeet in tagged(here.world))


async def test_posts_come_newest_first_by_when_the_network_says_that_they_were_posted() -> None:
    async with account() as here:
        told = [post["uri"] for post in await here.walk()]
        assert told == [skeet.uri for skeet in sorted(tagged(here.world), key=lambda skeet: -skeet.sorted_at)]


async def test_a_window_includes_its_start_and_not_its_end() -> None:
    async with account() as here:
        start, end = (here.world.world.plan.start + HOUR * hours for hours in (10, 20))
        span = {"since": f"{start:%Y-%m-%dT%H:%M:%S.000Z}", "until": f"{end:%Y-%m-%dT%H:%M:%S.000Z}"}
        inside = [s for s in tagged(here.world) if start.timestamp() <= s.sorted_at < end.timestamp()]
        assert len(await here.walk(**span)) == len(inside) > 0


async def test_what_was_deleted_makes_a_page_short_and_leads_on() -> None:
    async with account() as here:
        here.world.clock.move_to(here.world.world.plan.end + timedelta(days=9))
        here.session = (await signed_in(here.world)).json()
        gone = [skeet for skeet in tagged(here.world) if skeet.gone]
        assert gone
        assert len(await here.walk(limit=5)) == len(tagged(here.world)) - len(gone)


async def test_counters_are_those_of_the_moment() -> None:
    async with account(hours=30) as here:
        by_uri = {skeet.uri: skeet for skeet in tagged(here.world)}
        now = here.world.clock.now().timestamp()
        for post in await here.walk():
            skeet = by_uri[post["uri"]]
            assert post["likeCount"] == shown(skeet.totals.likes, skeet.curve.share(now))


async def test_facets_count_bytes() -> None:
    async with account() as here:
        records = [post["record"] for post in await here.walk(q="#أنقذوا_حلب", tag="أنقذوا_حلب")]
        for record in records:
            for facet in record.get("facets", ()):
                cut = record["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
                assert cut == f"#{facet['features'][0]['tag']}"


async def test_some_tags_stand_in_no_text() -> None:
    async with account() as here:
        assert any("tags" in post["record"] and "#" not in post["record"]["text"] for post in await here.walk())


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"cursor": "100"}, "Invalid cursor format"),
        ({"limit": 101}, "limit"),
        ({"q": ""}, "q"),
        ({"since": "April"}, "since"),
    ],
)
async def test_a_wrong_question_is_a_400(params: dict[str, Any], words: str) -> None:
    async with account() as here:
        answer = await here.search(**params)
        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequest")
        assert words in answer.json()["message"]


async def test_an_expired_session_is_a_400_and_can_be_renewed() -> None:
    async with account(hours=1) as here:
        here.world.clock.move_to(here.world.clock.now() + timedelta(seconds=ACCESS))
        answer = await here.search()
        assert (answer.status_code, answer.json()["error"]) == (400, "ExpiredToken")
        here.session = (await here.renew("refreshJwt")).json()
        assert (await here.search()).status_code == 200


async def test_an_access_token_renews_nothing() -> None:
    async with account() as here:
        answer = await here.renew("accessJwt")
        assert (answer.status_code, answer.json()["error"]) == (400, "InvalidToken")


async def test_a_session_names_the_accounts_own_server() -> None:
    async with account() as here:
        assert here.session["didDoc"]["service"][0]["serviceEndpoint"] == here.world.urls[PDS]


async def test_a_wrong_password_and_too_many_logins_are_refused() -> None:
    async with play() as world:
        assert (await signed_in(world, "wrong")).json()["error"] == "AuthenticationRequired"
        answers = [await signed_in(world) for _ in range(LOGINS_IN_FIVE_MINUTES)]
        assert [answer.status_code for answer in answers[-2:]] == [200, 429]


async def test_without_a_session_there_is_no_search() -> None:
    async with play() as world:
        path, params = "/xrpc/app.bsky.feed.searchPosts", {"q": "#x"}
        assert (await world.get(PDS, path, params)).status_code == 401
        public = await world.get(APPVIEW, path, params)
        assert (public.status_code, public.headers["content-type"]) == (403, "text/html")


async def test_known_posts_are_shown_to_everybody_twenty_five_at_once() -> None:
    async with play() as world:
        uris = [skeet.uri for skeet in world.world.skeets[-26:]]
        path = "/xrpc/app.bsky.feed.getPosts"
        told = await world.get(APPVIEW, path, [("uris", uri) for uri in [*uris[:24], "at://nobody"]])
        assert [post["uri"] for post in told.json()["posts"]] == uris[:24]
        assert (await world.get(APPVIEW, path, [("uris", uri) for uri in uris])).status_code == 400


async def test_profiles_tell_followers() -> None:
    async with account() as here:
        who = (await here.walk())[0]["author"]["did"]
        told = await here.world.get(APPVIEW, "/xrpc/app.bsky.actor.getProfiles", [("actors", who)])
        assert told.json()["profiles"][0]["followersCount"] >= 0


async def test_the_headers_tell_what_is_left() -> None:
    async with account() as here:
        left = [(await here.search()).headers["ratelimit-remaining"] for _ in range(2)]
        assert int(left[0]) == int(left[1]) + 1
