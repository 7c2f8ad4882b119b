"""Telegram as an app: Telethon's own types, from a function that plays the connection."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from telethon import errors, utils
from telethon.crypto import AuthKey
from telethon.sessions import StringSession
from telethon.tl import functions, types

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.errors import AccessRefused, RateLimited, SourceUnavailable, UnexpectedPayload
from monitor.model.mention import Counts, Post
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome
from monitor.model.source import SourceSettings
from monitor.model.window import Resolution, Window, merged
from monitor.sources._telegram_line import connected
from monitor.sources._telegram_message import hashtags
from monitor.sources.telegram_app import Settings, Source, is_installed
from monitor.store import series
from monitor.store.store import Store
from tests.people import ALEPPO, NOON
from tests.sources import ask

CAMPAIGN = ALEPPO
SECRETS = {"api_id": 17, "api_hash": "0123456789abcdef", "session": "s3cret", "accept_terms": True}
SETTINGS = Settings.model_validate_json(json.dumps(SECRETS | {"channel": "newsroom"}))
SEARCH = Settings.model_validate_json(json.dumps(SECRETS))
MARKS = ("12", "13-14")
NUMBER = 1234  # of the channel

# The protocol, played: a question becomes a request for `answer`, its JSON becomes what Telethon would hand over.


def row(number: int, hours: float, **fields: Any) -> dict[str, Any]:
    """Return what the played server keeps of a message: `hours` from NOON, a text with hashtags, counters by name."""
    date = (NOON + timedelta(hours=hours)).timestamp()
    return {"id": number, "date": date, "text": "words #SaveAleppo", "views": 1200 + number, **fields}


ROWS = [
    row(3, -120),
    row(10, -4),
    row(11, -3),
    row(12, -2),
    row(13, -1, album=7, text=""),
    row(14, -1, album=7),
]


def answering(rows: Sequence[dict[str, Any]]) -> ask.Answers:
    """Return a server with one channel of these messages."""

    def answers(request: httpx.Request) -> httpx.Response:
        place = request.url.params
        if "number" in place:
            shown = [row for row in rows if str(row["id"]) in place.get_list("number")]
        elif int(place.get("add", 0)) < 0:
            since, above = float(place.get("since", 0)), int(place.get("offset", 0))
            shown = [row for row in rows if row["id"] >= above and (row["date"] or since) >= since][:100]
        else:
            shown = list(rows)[-100:]
        return httpx.Response(200, json={"channel": NUMBER, "followers": 12_345, "messages": shown[::-1]})

    return answers


def tagged(text: str) -> list[Any]:
    """Return the marks that Telegram puts on the hashtags of a text."""
    places = [place for place, letter in enumerate(text) if letter == "#"]
    ends = [min((place + 1 + len(text[place + 1 :].split(maxsplit=1)[0])), len(text)) for place in places]
    return [
        types.MessageEntityHashtag(
            len(text[:place].encode("utf-16-le")) // 2, len(text[place:end].encode("utf-16-le")) // 2
        )
        for place, end in zip(places, ends, strict=True)
    ]


def message(row: Any, channel: int = NUMBER) -> Any:
    """Return the message as Telethon would read it; a ValueError where it could not."""
    if not isinstance(row, dict) or type(row.get("id")) is not int or not isinstance(row.get("text", ""), str):
        raise ValueError("no message")
    date, text = row.get("date"), row.get("text", "")
    at = datetime.fromtimestamp(date, UTC) if isinstance(date, int | float) and 0 <= date < 2**31 else None
    peer = types.PeerChannel(row.get("channel", channel))
    if row.get("service"):
        return types.MessageService(row["id"], peer, at, types.MessageActionPinMessage())
    results = [
        types.ReactionCount(types.ReactionEmoji(sign), number) for sign, number in row.get("reactions", {}).items()
    ]
    return types.Message(
        row["id"], peer, at, text, views=row.get("views"), forwards=row.get("forwards"), grouped_id=row.get("album"),
        entities=tagged(text), reactions=types.MessageReactions(results) if results else None,
        replies=types.MessageReplies(row["replies"], 1) if "replies" in row else None,
        fwd_from=types.MessageFwdHeader(at, from_name="somebody") if row.get("forwarded") else None,
    )  # fmt: skip


def raised(reply: httpx.Response) -> Exception:
    wait = int(reply.headers.get("retry-after", 5))
    known: dict[int, Exception] = {
        401: errors.AuthKeyUnregisteredError(None),
        403: errors.ChannelPrivateError(None),
        429: errors.FloodWaitError(None, wait),
        451: errors.ChannelPrivateError(None),
    }
    return known.get(reply.status_code, errors.RpcCallFailError(None))


def asked(request: Any) -> dict[str, Any]:
    """Return the part of a question that decides on its answer."""
    if isinstance(request, functions.channels.GetMessagesRequest):
        return {"number": [str(one.id) for one in request.id]}
    if isinstance(request, functions.messages.GetHistoryRequest):
        since = {"since": request.offset_date.timestamp()} if request.offset_date else {}
        return {"offset": request.offset_id, "add": request.add_offset, **since}
    if isinstance(request, functions.channels.SearchPostsRequest):
        return {"hashtag": request.hashtag, "rate": request.offset_rate}
    return {}


class Offline:
    """What Telethon asks its client for before a question is sent."""

    @staticmethod
    async def get_input_entity(peer: Any) -> Any:
        return peer


def playing(answers: ask.Answers) -> Callable[[Settings], Any]:
    """Return a door behind which `answers` is asked."""

    async def asking(request: Any) -> Any:
        await request.resolve(Offline, utils)
        assert bytes(request)  # a question that Telegram's own language has words for
        url = httpx.URL("https://telegram.example", params=asked(request)).join(f"/{type(request).__name__}")
        try:
            reply = answers(httpx.Request("GET", url.copy_with(params=asked(request))))
        except httpx.TransportError as error:
            raise ConnectionError(str(error)) from error
        if reply.status_code != 200:
            raise raised(reply)
        return answered(request, reply.json())

    @asynccontextmanager
    async def door(_settings: Settings) -> AsyncIterator[Any]:
        yield asking

    return door


def answered(request: Any, told: Any) -> Any:
    """Return an answer in Telethon's types."""
    if not isinstance(told, dict) or type(told.get("channel")) is not int:
        raise ValueError("no answer")
    numbers = told.get("channels", [told["channel"]])
    chats = [
        types.Channel(number, "News", types.ChatPhotoEmpty(), NOON, broadcast=not told.get("group"), access_hash=99,
                      participants_count=told.get("followers"))
        for number in numbers
    ]  # fmt: skip
    if isinstance(request, functions.contacts.ResolveUsernameRequest):
        return types.contacts.ResolvedPeer(types.PeerChannel(told["channel"]), chats, [])
    if isinstance(request, functions.channels.GetFullChannelRequest):
        return types.messages.ChatFull(full(told), chats, [])
    if not isinstance(told.get("messages"), list):
        raise ValueError("no messages")  # noqa: TRY004 - as Telethon would
    messages = [message(row) for row in told["messages"]]
    if "rate" in told:
        return types.messages.MessagesSlice(len(messages), messages, [], chats, [], next_rate=told["rate"])
    return types.messages.ChannelMessages(1, len(messages), messages, [], chats, [])


def full(told: dict[str, Any]) -> types.ChannelFull:
    followers = told.get("followers")
    return types.ChannelFull(
        told["channel"],
        "",
        0,
        0,
        0,
        types.PhotoEmpty(0),
        types.PeerNotifySettings(),
        [],
        1,
        participants_count=followers,
    )


def made(settings: SourceSettings, answers: ask.Answers, now: datetime = NOON) -> Source:
    assert isinstance(settings, Settings)
    return Source(settings, ask.client(answers, now), playing(answers))


answer = answering(ROWS)
damaged = answering([row | {"date": None} if row["id"] == 11 else row for row in ROWS])
unreadable = answering([row | {"date": None} for row in ROWS])


async def run(rows: Sequence[dict[str, Any]], cursors: Any = None, hours: float = 0, **options: Any) -> ask.Reading:
    now = NOON + timedelta(hours=hours)
    return await ask.run(made(SETTINGS, answering(rows), now), CAMPAIGN, cursors, now=now, **options)


async def only(**fields: Any) -> Post:
    reading = await run([row(7, -1, **fields)])
    (post,) = {post.id: post for post in reading.mentions}.values()
    assert isinstance(post, Post)
    return post


def covered(reading: ask.Reading) -> list[Window]:
    return list(merged(page.covered for page in reading.pages if page.covered))


# What a message says


async def test_a_message_of_telethons_own_types_becomes_a_post() -> None:
    post = await only(views=12_534, forwards=88, replies=14, reactions={"👍": 120, "❤": 3})
    assert post == Post(
        platform="telegram",
        id="1234/7",
        created_at=NOON - timedelta(hours=1),
        tags=("SaveAleppo",),
        counts=Counts(impressions=12_534, likes=123, reposts=88, replies=14),
        author="1234",
        followers=12_345,
        again="7",
    )


async def test_the_same_message_in_the_preview_has_the_same_id() -> None:
    from tests.sources.test_telegram import one

    assert (await only()).id == one().id


async def test_what_is_not_told_is_none() -> None:
    assert (await only(views=None)).counts == Counts()


async def test_a_forwarded_message_counts_but_its_views_belong_to_the_original() -> None:
    post = await only(forwarded=True, forwards=9, replies=2)
    assert (post.counts, post.text) == (Counts(replies=2), None)
    assert "SaveAleppo" in ((await only()).text or "")


async def test_an_album_is_one_post_with_the_hashtags_of_all_its_parts() -> None:
    reading = await run(ROWS)
    (album,) = {post.id: post for post in reading.mentions if post.id == "1234/13"}.values()
    assert isinstance(album, Post)
    assert (album.tags, album.again, album.counts.impressions) == (("SaveAleppo",), "13-14", 1213)
    assert "1234/14" not in reading.ids


async def test_service_messages_are_no_posts_but_keep_their_number() -> None:
    reading = await run([row(7, -2), row(8, -1, service=True)])
    assert (reading.ids, reading.cursors["newsroom"]["top"]) == ({"1234/7"}, 8)


async def test_one_message_that_cannot_be_read_alone_holds_nobody() -> None:
    reading = await run([row(7, -1, date=None)])
    assert covered(reading) == [Window(ask.SINCE, NOON)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("one #SaveAleppo two", ["SaveAleppo"]),
        ("📚📚 #أنقذوا_حلب", ["أنقذوا_حلب"]),  # an emoji is two units of UTF-16
        ("#SaveAleppo@newsroom", ["SaveAleppo"]),
        ("none", []),
    ],
)
def test_hashtags_are_those_that_telegram_marks(text: str, told: list[str]) -> None:
    assert list(hashtags(text, tagged(text))) == told


def test_a_mark_that_lies_outside_the_text_breaks_nothing() -> None:
    assert list(hashtags("#x", [types.MessageEntityHashtag(50, 9), types.MessageEntityBold(0, 1)])) == [""]


# A channel


async def test_a_channel_is_read_from_the_beginning_upwards_and_covered() -> None:
    reading = await run([row(number, -70 + number / 5) for number in range(1, 331)])
    assert len(reading.ids) == 221
    assert covered(reading) == [Window(ask.SINCE, NOON)]


async def test_a_second_run_reads_what_is_new_and_the_last_hundred_once_more() -> None:
    rows = [row(number, -70 + number / 5) for number in range(1, 331)]
    first = await run(rows)
    later = [*rows, row(331, 0.1), row(332, 0.2)]
    second = await run(later, first.cursors, 0.5)
    assert len(second.ids) == 100
    assert {"1234/331", "1234/332"} <= second.ids
    assert covered(second) == [Window(NOON, NOON + timedelta(minutes=30))]


async def test_an_album_at_the_edge_of_an_answer_is_not_cut() -> None:
    rows = [row(number, -40 + number / 10) for number in range(1, 99)]
    rows += [row(number, -30, album=5) for number in range(99, 104)]
    reading = await run(rows)
    assert {post.id for post in reading.mentions if post.created_at == NOON - timedelta(hours=30)} == {"1234/99"}
    assert {post.again for post in reading.mentions if isinstance(post, Post) and post.id == "1234/99"} == {"99-103"}


async def test_a_walk_that_broke_goes_on_where_it_stood() -> None:
    rows, calls = [row(number, -40 + number / 10) for number in range(1, 301)], iter(range(4))
    served, reading = answering(rows), ask.Reading()

    def failing(request: httpx.Request) -> httpx.Response:
        return served(request) if next(calls, None) is not None else httpx.Response(500)

    with pytest.raises(SourceUnavailable):
        await ask.run(made(SETTINGS, failing), CAMPAIGN, into=reading)
    assert 0 < len(reading.ids) < 300
    rest = await run(rows, reading.cursors)
    assert len(reading.ids | rest.ids) == 300


async def test_a_channel_without_messages_is_silent() -> None:
    assert covered(await run([])) == [Window(ask.SINCE, NOON)]


async def test_the_name_of_a_channel_is_looked_up_once() -> None:
    asked_for: list[str] = []

    def noting(request: httpx.Request) -> httpx.Response:
        asked_for.append(request.url.path)
        return answer(request)

    client = ask.client(noting)
    for _ in range(3):
        await ask.run(Source(SETTINGS, client, playing(noting)), CAMPAIGN)
    assert asked_for.count("/ResolveUsernameRequest") == asked_for.count("/GetFullChannelRequest") == 1


async def test_a_group_is_refused_in_words() -> None:
    def group(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"channel": 5, "group": True, "messages": []})

    with pytest.raises(AccessRefused, match="no public channel"):
        await made(SETTINGS, group).probe()


async def test_known_messages_are_asked_again_by_number_and_deleted_ones_left_out() -> None:
    source = made(SETTINGS, answer)
    posts = await source.again(["12", "99", "13-14"])
    assert [(post.id, post.again) for post in posts] == [("1234/12", "12"), ("1234/13", "13-14")]


# A search


def searching(pages: Sequence[Sequence[dict[str, Any]]]) -> ask.Answers:
    """Return a server whose search for #savealeppo shows these pages, newest first; nobody uses the other spellings."""

    def answers(request: httpx.Request) -> httpx.Response:
        at = int(request.url.params["rate"])
        if request.url.params["hashtag"] != "savealeppo" or at >= len(pages):
            return httpx.Response(200, json={"channel": NUMBER, "messages": []})
        channels = sorted({row.get("channel", NUMBER) for row in pages[at]})
        told = {"channel": NUMBER, "channels": channels, "followers": 5, "messages": list(pages[at]), "rate": at + 1}
        return httpx.Response(200, json=told)

    return answers


def found(first: int, hours: float) -> list[dict[str, Any]]:
    return [row(first - place, hours - place / 10, channel=1000 + place % 7) for place in range(20)]


async def test_hashtags_are_searched_in_all_public_channels_down_to_the_beginning() -> None:
    pages = [found(900 - 100 * place, -12 * place) for place in range(8)]
    reading = await ask.run(made(SEARCH, searching(pages)), CAMPAIGN)
    assert len(reading.ids) == 81
    assert {mention.author for mention in reading.mentions if isinstance(mention, Post)} == {
        f"{1000 + n}" for n in range(7)
    }
    assert covered(reading) == [Window(ask.SINCE, NOON)]


async def test_a_search_ends_a_little_below_what_is_known_and_sweeps_every_three_hours() -> None:
    pages = [found(900 - 100 * place, -12 * place) for place in range(8)]
    first = await ask.run(made(SEARCH, searching(pages)), CAMPAIGN)
    sizes = []
    for hours in (0.5, 3.5):
        now = NOON + timedelta(hours=hours)
        run = await ask.run(made(SEARCH, searching(pages), now), CAMPAIGN, first.cursors, now=now)
        sizes.append(len(run.ids))
    assert sizes == [20, 81]


async def test_a_search_that_broke_begins_again_and_claims_nothing() -> None:
    pages, calls = [found(900 - 100 * place, -12 * place) for place in range(8)], iter(range(2))
    served, reading = searching(pages), ask.Reading()

    def failing(request: httpx.Request) -> httpx.Response:
        return served(request) if next(calls, None) is not None else httpx.Response(429, headers={"retry-after": "90"})

    with pytest.raises(RateLimited):
        await ask.run(made(SEARCH, failing), CAMPAIGN, into=reading)
    assert (len(reading.ids), covered(reading), reading.cursors) == (40, [], {})


async def test_a_search_that_repeats_itself_is_found_out() -> None:
    same = found(900, 0)
    with pytest.raises(UnexpectedPayload, match="over and over"):
        await ask.run(made(SEARCH, searching([same] * 5)), CAMPAIGN)


async def test_what_was_found_is_seen_again_by_searching_not_by_asking() -> None:
    source = made(SEARCH, searching([]))
    assert source.again_at_once == 0


USUAL = httpx.Request("GET", "https://played.example/", params={"rate": 0, "hashtag": "savealeppo"})


async def test_a_search_is_blind_when_even_a_usual_hashtag_is_not_found() -> None:
    assert await made(SEARCH, searching([])).canary() is False
    assert await made(SEARCH, lambda _: searching([ROWS])(USUAL)).canary() is True


# What can go wrong


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (errors.SessionRevokedError(None), AccessRefused, "monitor telegram-login"),
        (errors.AuthKeyDuplicatedError(None), AccessRefused, "monitor telegram-login"),
        (errors.UserDeactivatedBanError(None), AccessRefused, "does not accept the session"),
        (errors.UsernameNotOccupiedError(None), AccessRefused, "check its name"),
        (errors.ApiIdInvalidError(None), AccessRefused, "api_id and api_hash"),
        (errors.FrozenMethodInvalidError(None), AccessRefused, "refuses this account"),
        (errors.PeerIdInvalidError(None), UnexpectedPayload, "PeerIdInvalid"),
        (errors.BadRequestError(None, "PREMIUM_ACCOUNT_REQUIRED"), AccessRefused, "PREMIUM_ACCOUNT_REQUIRED"),
        (errors.TypeNotFoundError(1, b""), UnexpectedPayload, "update telethon"),
        (TimeoutError(), SourceUnavailable, "try again later"),
        (ConnectionError("no route"), SourceUnavailable, "try again later"),
    ],
)
async def test_whatever_telethon_raises_is_told_in_our_words(
    error: Exception, kind: type[Exception], words: str
) -> None:
    async def asking(_request: Any) -> Any:
        raise error

    @asynccontextmanager
    async def door(_settings: Settings) -> AsyncIterator[Any]:
        yield asking

    with pytest.raises(kind, match=words) as raised_:
        await Source(SETTINGS, ask.client(answer), door).probe()
    assert "s3cret" not in str(raised_.value)


async def test_a_wait_that_telegram_asks_for_holds_all_who_ask_by_this_way() -> None:
    client = ask.client(answer)

    def limited(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"retry-after": "600"})

    with pytest.raises(RateLimited) as first:
        await Source(SETTINGS, client, playing(limited)).probe()
    with pytest.raises(RateLimited):
        await Source(SEARCH, client, playing(answer)).probe()
    assert first.value.retry_after == pytest.approx(600, abs=1)


async def test_a_session_that_is_none_is_refused_without_a_connection() -> None:
    with pytest.raises(AccessRefused, match="monitor telegram-login") as raised_:
        async with connected(17, "hash", "s3cret"):
            pass
    assert "s3cret" not in str(raised_.value)


async def test_telethon_itself_that_reaches_nobody_is_an_outage_in_our_words() -> None:
    session = StringSession()
    session.set_dc(2, "127.0.0.1", 1)
    session.auth_key = AuthKey(bytes(range(256)))
    settings = Settings.model_validate_json(json.dumps(SECRETS | {"session": session.save()}))
    with pytest.raises(SourceUnavailable, match="try again later"):
        await Source(settings, ask.client(answer)).probe()


# Both ways together


LATER = NOON + timedelta(hours=1)  # what rises is counted when it is seen


async def total(store: Store, metric: Metric) -> float:
    told: Any = await series.frame(
        store, ALEPPO.slug, subjects=[WHOLE], platforms=["telegram"], metrics=[metric], resolution=Resolution.HOUR,
        window=Window(NOON - timedelta(days=1), LATER), zone=ALEPPO.zone, now=LATER,
    )  # fmt: skip
    return float(told.values.to_numpy().sum())


async def test_a_post_that_both_ways_see_counts_once_with_the_exact_views(store: Store) -> None:
    from tests.sources.test_telegram import SETTINGS as PREVIEW
    from tests.sources.test_telegram import Channel, Message

    shown = [Message(10, NOON - timedelta(hours=4)), Message(11, NOON - timedelta(hours=3))]
    rows = [row(10, -4, views=1_234, forwards=5), row(11, -3, views=1_190)]
    sources = [ask.source(PREVIEW, Channel(shown)), made(SETTINGS, answering(rows))]
    runs = [await collect(store, source, ALEPPO, Simulated(NOON)) for source in sources]
    assert [(run.outcome, run.new) for run in runs] == [(Outcome.OK, 2), (Outcome.OK, 0)]
    assert await total(store, Metric.POSTS) == 2
    assert await total(store, Metric.IMPRESSIONS) == 1_234 + 1_200  # what was rounded up stays
    assert await total(store, Metric.REPOSTS) == 5


# Settings


def test_a_library_that_is_missing_is_noticed() -> None:
    assert is_installed()
    assert not is_installed("no_such_library")


def test_a_source_is_off_until_its_terms_are_accepted() -> None:
    assert Settings.model_validate_json(json.dumps(SECRETS | {"accept_terms": False})).off is not None


def test_channel_and_search_have_names_beside_that_of_the_preview() -> None:
    assert [made(settings, answer).name for settings in (SETTINGS, SEARCH)] == ["newsroom-app", "telegram-search"]


@pytest.mark.parametrize("missing", ["api_id", "api_hash", "session"])
def test_nothing_works_without_app_and_session(missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        Settings.model_validate_json(json.dumps({key: value for key, value in SECRETS.items() if key != missing}))


def test_secrets_are_never_shown() -> None:
    assert not {"s3cret", "0123456789abcdef"} & set(repr(SETTINGS).replace("'", " ").split())
