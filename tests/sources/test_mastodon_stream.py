"""Mastodon, listened to: posts come within seconds, silence is told, a break is an error that the walk repairs."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

import httpx
import pytest

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.collect.listen import listened
from monitor.collect.page import Assignment
from monitor.errors import AccessRefused, SourceUnavailable
from monitor.model.mention import Post
from monitor.model.run import Outcome
from monitor.model.source import Page, Stream
from monitor.sources._mastodon_server import Server as Asked
from monitor.sources._mastodon_stream import MOST_TAGS, listen
from monitor.sources.mastodon import Settings
from monitor.store.store import Store
from tests.people import ALEPPO, NOON
from tests.sources import ask
from tests.sources.test_mastodon import INSTANCE, SETTINGS, STATUS
from tests.sources.test_mastodon_kinds import GOTOSOCIAL
from tests.sources.test_mastodon_servers import Mastodon

LISTENING = Settings.model_validate_json('{"server": "https://social.example", "token": "s3cret", "stream": true}')
ELSEWHERE = INSTANCE | {"configuration": {"urls": {"streaming": "wss://streaming.social.example"}}}
TAGS = ("savealeppo", "أنقذوا_حلب")


def event(kind: str, data: Any) -> bytes:
    return f"event: {kind}\ndata: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()


class Speaker:
    """Streams these pieces for each tag, then stays silent, or hangs up."""

    def __init__(self, instance: dict[str, Any] = INSTANCE, *, hangs_up: bool = False, **said: Sequence[bytes]) -> None:
        self.instance, self.said, self.hangs_up = instance, said, hangs_up
        self.asked: list[httpx.Request] = []
        self.open = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v2/instance":
            return httpx.Response(200, json=self.instance)
        if request.url.path != "/api/v1/streaming/hashtag":
            return httpx.Response(404)
        self.asked.append(request)
        said = self._say(self.said.get(request.url.params["tag"], ()))
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=said)

    async def _say(self, pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
        self.open += 1
        try:
            for piece in (b":)\n", *pieces):
                yield piece
            await asyncio.sleep(0 if self.hangs_up else 30)
        finally:
            self.open -= 1


async def heard(speaker: ask.Answers, pages: int = 1, tags: Sequence[str] = TAGS) -> list[Page]:
    """Return so many pages of what is told."""
    server = Asked(LISTENING.server, LISTENING.token, ask.client(speaker))
    async with aclosing(listen(server, tags, silence=0.05)) as told:
        return [await anext(told) for _ in range(pages)]


async def test_a_new_post_is_heard() -> None:
    (page,) = await heard(Speaker(savealeppo=[event("update", STATUS)]))
    (post,) = page.mentions
    assert isinstance(post, Post)
    assert (post.id, post.again, post.tags) == (STATUS["uri"], STATUS["id"], ("savealeppo",))


async def test_what_is_heard_proves_nothing_and_moves_no_cursor() -> None:
    (page,) = await heard(Speaker(savealeppo=[event("update", STATUS)]))
    assert (page.covered, page.cursor) == (None, None)


async def test_an_edited_post_is_heard_again() -> None:
    (page,) = await heard(Speaker(savealeppo=[event("status.update", STATUS)]))
    assert len(page.mentions) == 1


@pytest.mark.parametrize("kind", ["delete", "notification", "filters_changed", "message"])
async def test_other_events_are_no_posts(kind: str) -> None:
    (page,) = await heard(Speaker(savealeppo=[event(kind, "116153341378564242")]))
    assert (page.mentions, page.refused) == ((), 0)


@pytest.mark.parametrize("told", ["", "{", "null", "[]", '"x"', '{"uri": 7}', "[" * 5000])
async def test_an_unreadable_post_is_counted_and_harms_no_other(told: str) -> None:
    bad, good = await heard(Speaker(savealeppo=[event("update", told), event("update", STATUS)]), pages=2)
    assert (bad.refused, len(good.mentions)) == (1, 1)


async def test_every_spelling_is_listened_to() -> None:
    arabic = STATUS | {"uri": "https://x.example/2", "tags": [{"name": TAGS[1]}]}
    speaker = Speaker(**{TAGS[0]: [event("update", STATUS)], TAGS[1]: [event("update", arabic)]})
    pages = await heard(speaker, pages=2)
    assert {mention.id for page in pages for mention in page.mentions} == {STATUS["uri"], "https://x.example/2"}
    assert {request.headers["authorization"] for request in speaker.asked} == {"Bearer s3cret"}


async def test_no_more_connections_are_held_than_a_server_should_bear() -> None:
    speaker = Speaker()
    await heard(speaker, tags=[f"tag{number}" for number in range(20)])
    assert len(speaker.asked) == MOST_TAGS


async def test_silence_is_told_too() -> None:
    assert await heard(Speaker(), pages=2) == [Page(), Page()]


async def test_who_stops_listening_leaves_no_connection_behind() -> None:
    speaker = Speaker(savealeppo=[event("update", STATUS)])
    await heard(speaker)
    assert speaker.open == 0


async def test_a_connection_that_ends_is_a_break_after_what_it_had_told() -> None:
    speaker = Speaker(hangs_up=True, savealeppo=[event("update", STATUS)])
    assert (await heard(speaker))[0].mentions
    with pytest.raises(SourceUnavailable, match="ended the stream"):
        await heard(speaker, pages=3)


@pytest.mark.parametrize(("code", "words"), [(401, "token"), (403, "refuses us")])
async def test_a_server_that_streams_to_its_users_only_says_so(code: int, words: str) -> None:
    def closed(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v2/instance":
            return httpx.Response(200, json=INSTANCE)
        return httpx.Response(code, json={"error": "Missing access token"})

    with pytest.raises(AccessRefused, match=words) as raised:
        await heard(closed, pages=2)
    assert "s3cret" not in str(raised.value)


async def test_a_server_without_such_a_stream_says_what_to_change() -> None:
    with pytest.raises(AccessRefused, match="take out stream = true"):
        await heard(Speaker(instance=GOTOSOCIAL))
    with pytest.raises(AccessRefused, match="take out stream = true"):
        await ask.source(LISTENING, lambda _: httpx.Response(200, json=GOTOSOCIAL)).probe()


@pytest.mark.parametrize(
    ("instance", "host"),
    [
        (ELSEWHERE, "streaming.social.example"),
        (INSTANCE, "social.example"),
        (INSTANCE | {"configuration": {"urls": {"streaming": "wss://elsewhere.internal"}}}, "social.example"),
        (INSTANCE | {"configuration": {"urls": {"streaming": "wss://169.254.169.254"}}}, "social.example"),
        ({"version": "4.2.0", "urls": {"streaming_api": "wss://old.social.example"}}, "old.social.example"),
        ({"version": "4.2.0", "urls": {"streaming_api": "::"}}, "social.example"),
        ({"version": "4.2.0", "configuration": {"urls": {"streaming": 17}}}, "social.example"),
    ],
)
async def test_a_stream_may_come_from_another_host_never_unencrypted(instance: dict[str, Any], host: str) -> None:
    speaker = Speaker(instance=instance)
    await heard(speaker, tags=TAGS[:1])
    assert (speaker.asked[0].url.scheme, speaker.asked[0].url.host) == ("https", host)


@pytest.mark.parametrize(
    ("told", "goes_to"),
    [("streaming.city.co.uk", "streaming.city.co.uk"), ("else.co.uk", "city.co.uk"), ("notcity.co.uk", "city.co.uk")],
)
async def test_a_token_goes_only_to_its_server_and_to_hosts_below_it(told: str, goes_to: str) -> None:
    speaker = Speaker(instance=INSTANCE | {"configuration": {"urls": {"streaming": f"wss://{told}"}}})
    server = Asked("https://city.co.uk", LISTENING.token, ask.client(speaker))
    async with aclosing(listen(server, TAGS[:1], silence=0.05)) as pages:
        await anext(pages)
    assert [request.url.host for request in speaker.asked] == [goes_to]


def test_listening_is_off_until_it_is_asked_for() -> None:
    silent, listening = (ask.source(settings, Speaker()) for settings in (SETTINGS, LISTENING))
    assert isinstance(silent, Stream)
    assert isinstance(listening, Stream)
    assert (silent.channel, listening.channel) == (None, "mastodon social.example")


async def test_the_source_hears_what_its_server_says() -> None:
    source = ask.source(LISTENING, Speaker(savealeppo=[event("update", STATUS)]))
    assert isinstance(source, Stream)
    async with aclosing(source.listen(None, TAGS)) as told:  # type: ignore[type-var]
        assert (await anext(told)).mentions


# Through the real store


async def test_what_is_heard_counts_at_once_and_the_walk_counts_it_no_second_time(store: Store) -> None:
    missed = STATUS | {"id": "95808887193600002", "uri": "https://social.example/users/ada/statuses/2"}
    speaker, walked = Speaker(savealeppo=[event("update", STATUS)]), Mastodon([STATUS, missed])

    def server(request: httpx.Request) -> httpx.Response:
        return (speaker if "streaming" in request.url.path else walked)(request)

    source, clock = ask.source(LISTENING, server), Simulated(NOON)
    heard = await listened(Assignment(store, source, ALEPPO, clock), silence=0.2)
    run = await collect(store, source, ALEPPO, clock)
    assert heard.kept.new == 1
    assert (run.outcome, run.read, run.new) == (Outcome.OK, 2, 1)  # what was said while nobody listened
