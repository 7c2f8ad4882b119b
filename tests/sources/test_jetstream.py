import asyncio
import json
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.client import Client
from monitor.model.mention import Post
from monitor.model.source import STREAM, Cursor, Page, Stream
from monitor.model.window import Window
from monitor.sources._jetstream_event import hearing
from monitor.sources.jetstream import Settings, Source
from tests.collect.river import River, event, identity, micros
from tests.fetch.play import online
from tests.people import ALEPPO, NOON
from tests.sources import ask, test_bluesky

# https://github.com/bluesky-social/jetstream: v1, /subscribe
HEARD = True
SETTINGS = Settings(hosts=("ws://127.0.0.1:9",))
CAMPAIGN = ALEPPO
MARKS = test_bluesky.MARKS
SECOND = timedelta(seconds=1)
RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "bluesky" / "jetstream"
WANTED = ALEPPO.spellings

answer, damaged, unreadable = test_bluesky.answer, test_bluesky.damaged, test_bluesky.unreadable


def place(at: datetime, host: str = "ws://a") -> Cursor:
    return {"at": at.timestamp(), "host": host}


def read(*events: str | bytes, begun: Cursor | None = None, wanted: tuple[str, ...] = WANTED) -> list[Page]:
    """Return the pages of one connection that tells these events."""
    connection = hearing(begun, wanted, "ws://a")
    told = (connection.page(one.encode() if isinstance(one, str) else one) for one in events)
    return [page for page in told if page is not None]


def posts(pages: list[Page]) -> list[Post]:
    return [post for page in pages for post in page.mentions if isinstance(post, Post)]


async def heard(
    river: River, client: Client, begun: Cursor | None = None, *, until: int = 1, **options: Any
) -> list[Page]:
    source = Source(Settings(hosts=(river.url,), **options), client)
    found: list[Page] = []
    async with asyncio.timeout(5), aclosing(source.listen(begun, WANTED)) as pages:
        async for page in pages:
            found.append(page)
            if len(found) == until:
                break
    return found


def test_it_is_a_stream_and_nothing_else():
    source = ask.source(SETTINGS, answer)
    assert isinstance(source, Stream)
    assert [walk.name for walk in source.walks(ALEPPO)] == [STREAM]


async def test_asking_brings_nothing():
    assert (await ask.run(ask.source(SETTINGS, answer), ALEPPO)).pages == []


def test_a_wanted_post_comes_as_bluesky_has_it():
    post = posts(read(event(NOON, "SaveAleppo", number=7)))[0]
    told = (post.platform, post.id, post.author, post.tags, post.language, post.created_at)
    uri = "at://did:plc:b/app.bsky.feed.post/3l7"
    assert told == ("bluesky", uri, "did:plc:b", ("SaveAleppo",), "ar", NOON)
    assert (post.again, post.counts.likes) == (uri, None)


@pytest.mark.parametrize("tag", ["SAVEALEPPO", "أنقذوا_حلب", "انقذوا_حلب", "اَنقذوا_حلب", "#saveAleppo"])
def test_every_spelling_of_a_family_is_heard(tag: str):
    assert len(posts(read(event(NOON, tag)))) == 1


def test_tags_beside_the_text_count_and_what_only_looks_like_one_does_not():
    beside = event(NOON, number=1, tags=["SaveAleppo"])
    text = event(NOON, number=2, text="#SaveAleppo", facets=[])
    assert [post.id[-1] for post in posts(read(beside, text))] == ["1"]


def test_a_tag_is_found_however_it_is_written_in_json():
    escaped = json.dumps(json.loads(event(NOON, "أنقذوا_حلب")))  # every letter as an escape, spaces between
    hidden = event(NOON, "SaveAleppo").replace('facet#tag"', 'facet\\u0023t\\u0061g"')
    assert len(posts(read(escaped, hidden))) == 2


def test_what_is_not_about_the_campaign_is_never_even_parsed():
    assert read(event(NOON, "cats"), event(NOON), event(NOON, "dogs"))[1:] == []
    page = read(f'{{"did":"did:plc:x","time_us":{micros(NOON)},"kind": broken')[0]
    assert (page.refused, page.mentions) == (0, ())


def test_a_changed_post_is_heard_and_a_deleted_one_is_not():
    changed = event(NOON, "SaveAleppo", operation="update")
    gone = event(NOON, operation="delete")
    assert len(posts(read(changed, gone, event(NOON, operation="delete", number=2)))) == 1


def test_accounts_and_identities_are_signs_of_life_and_nothing_more():
    pages = read(identity(NOON), identity(NOON + 10 * SECOND))
    assert [(page.mentions, page.refused) for page in pages] == [((), 0), ((), 0)]
    assert pages[-1].covered == Window(NOON, NOON + 5 * SECOND)


def test_what_claims_to_come_from_the_future_was_made_when_it_was_heard():
    ahead = event(NOON, "SaveAleppo", createdAt="2099-01-01T00:00:00Z")
    assert posts(read(ahead))[0].created_at == NOON


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"{}", b"null", b"[1]", b"\xff\xfe", b'{"did":"x","time_us":"soon"}', b'{"time_us":5}',
        b'{"did":"did:plc:x","time_us":1461931200000000,"kind":"commit","tags":' + b"[" * 2000,
    ],
)  # fmt: skip
def test_any_garbage_is_left_out_and_counted(damage: bytes):
    pages = read(damage, event(NOON, "SaveAleppo"))
    assert sum(page.refused for page in pages) == 1
    assert len(posts(pages)) == 1


def test_a_wanted_post_that_cannot_be_read_is_counted():
    pages = read(event(NOON, "SaveAleppo", createdAt="yesterday"))
    assert [(page.refused, page.mentions) for page in pages] == [(1, ())]


def test_a_page_comes_once_a_second_of_the_stream_though_nothing_is_wanted():
    pages = read(*(identity(NOON + SECOND * number / 10) for number in range(41)))
    assert [page.cursor["at"] - NOON.timestamp() for page in pages if page.cursor] == [0, 1, 2, 3, 4]


def test_times_out_of_order_never_move_the_place_back():
    pages = read(event(NOON + 2 * SECOND, "SaveAleppo"), event(NOON, "SaveAleppo", number=2))
    assert [page.cursor and page.cursor["at"] for page in pages] == [(NOON + 2 * SECOND).timestamp()] * 2
    assert len(posts(pages)) == 2


def test_what_was_heard_is_covered_but_for_what_may_stand_out_of_order():
    pages = read(identity(NOON), identity(NOON + timedelta(minutes=5)))
    assert pages[-1].covered == Window(NOON, NOON + timedelta(minutes=5) - 5 * SECOND)


def test_after_a_short_break_nothing_is_left_out():
    page = read(identity(NOON - 5 * SECOND), identity(NOON + SECOND * 60), begun=place(NOON))[-1]
    assert page.covered == Window(NOON - 5 * SECOND, NOON + 55 * SECOND)


def test_what_the_host_no_longer_has_is_not_covered():
    first = NOON + timedelta(hours=4)
    pages = read(*(identity(first + 30 * SECOND * number) for number in range(3)), begun=place(NOON))
    assert pages[-1].covered == Window(first, first + 55 * SECOND)
    assert [page.truncated for page in pages] == [False, True, False]  # said once, when something is covered again


def test_a_number_that_cannot_be_a_moment_is_no_place():
    assert read('{"did":"x","time_us":9999999999999999,"kind":"identity"}')[0].cursor is None


async def test_the_stream_is_asked_for_posts_from_some_seconds_before_the_place():
    async with River([identity(NOON)]).runs() as river, online() as client:
        await heard(river, client, place(NOON, river.url))
    asked = river.asked[0]
    assert (asked["wantedCollections"], asked["cursor"]) == ("app.bsky.feed.post", str(micros(NOON - 5 * SECOND)))


async def test_another_host_is_asked_from_earlier_because_its_clock_may_differ():
    async with River([identity(NOON)]).runs() as river, online() as client:
        await heard(river, client, place(NOON, "ws://another"))
    assert river.asked[0]["cursor"] == str(micros(NOON - 60 * SECOND))


async def test_without_a_place_it_begins_now():
    async with River([identity(NOON)]).runs() as river, online() as client:
        listening = asyncio.create_task(heard(river, client))
        await river.is_asked(1)
        await asyncio.sleep(0.05)
        await river.say(identity(NOON + SECOND))
        pages = await listening
    assert "cursor" not in river.asked[0]
    assert pages[0].cursor == place(NOON + SECOND, river.url)


async def test_a_new_campaign_begins_some_hours_back():
    assert ask.source(Settings(replay_hours=2), answer).begin(NOON) == {"at": NOON.timestamp() - 7200}  # type: ignore[attr-defined]


async def test_when_a_host_fails_the_next_is_asked():
    async with River([identity(NOON)]).runs() as river, online() as client:
        source = Source(Settings(hosts=("ws://127.0.0.1:9", river.url)), client)
        with pytest.raises(SourceUnavailable):
            await anext(source.listen(None, WANTED))
        pages = source.listen(place(NOON), WANTED)
        assert (await anext(pages)).cursor == place(NOON, river.url)
        await pages.aclose()


async def test_the_probe_tells_which_host_answers_and_how_late_it_is():
    async with River([]).runs() as river, online() as client:
        asking = asyncio.create_task(Source(Settings(hosts=(river.url,)), client).probe())
        await river.is_asked(1)
        await asyncio.sleep(0.05)
        await river.say(identity(NOON))
        assert f"{river.url} tells" in await asking


async def test_a_probe_that_cannot_connect_is_an_error_in_words():
    async with online() as client:
        with pytest.raises(SourceError, match=r"\w+ \w+ \w+"):
            await Source(SETTINGS, client).probe()


async def test_known_posts_are_asked_for_without_a_key():
    asked = await ask.source(SETTINGS, answer).again(MARKS)
    assert {post.again for post in asked} == set(MARKS)


async def test_known_posts_that_became_unreadable_are_not_taken_for_deleted():
    with pytest.raises(UnexpectedPayload, match="changed"):
        await ask.source(SETTINGS, unreadable).again(MARKS)


@pytest.mark.parametrize("word", ["https://x.example", "wss://x.example/subscribe", "x.example"])
def test_a_host_is_the_address_of_a_websocket_and_nothing_more(word: str):
    with pytest.raises(ValueError, match="hosts"):
        Settings(hosts=(word,))


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not on this machine")
def test_the_recording_of_a_real_host_is_read():
    lines = (RECORDINGS / "subscribe_golden_v1.jsonl").read_bytes().splitlines()
    pages = read(*lines)
    assert sum(page.refused for page in pages) == 0
    last = max(json.loads(line)["time_us"] for line in lines)
    assert pages[-1].cursor is not None
    assert pages[-1].cursor["at"] <= last / 1_000_000


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=100)
@given(field=st.sampled_from(["did", "time_us", "kind", "commit", "record", "facets", "tags", "rkey"]), value=ANY_JSON)
def test_an_event_with_a_wrong_part_is_read_or_left_out(field: str, value: Any):
    told = json.loads(event(NOON, "SaveAleppo"))
    for table in (told, told["commit"], told["commit"]["record"]):
        if field in table or field == "tags":
            table[field] = value
            break
    for post in posts(read(json.dumps(told), event(NOON, "SaveAleppo", number=2))):
        with suppress(AssertionError):
            assert post.created_at.tzinfo
        post.id.encode()
