import base64
import json
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.errors import AccessRefused, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.model.mention import Counts, Post
from monitor.model.window import Window, merged
from monitor.sources import _telegram_page
from monitor.sources._telegram_page import abbreviated, read
from monitor.sources.telegram import Settings, Source
from tests.people import ALEPPO, NOON
from tests.sources import ask

# The preview has no documentation; what the recordings of 2023 hold and others found is in docs/sources.md.
SETTINGS = Settings(channel="newsroom", accept_terms=True)
CAMPAIGN = ALEPPO
MARKS = ("12", "11")
RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "telegram"


@dataclass(frozen=True)
class Message:
    """What a test cares about of a message."""

    number: int
    at: datetime
    views: str = "1.2K"
    tags: tuple[str, ...] = ("SaveAleppo",)
    inside: str = ""
    extra: str = ""  # another class of the message
    slug: str = "newsroom"

    @property
    def html(self) -> str:
        links = " ".join(f'<a href="?q=%23{quote(tag)}">#{tag}</a>' for tag in self.tags)
        seen = base64.urlsafe_b64encode(json.dumps({"c": -1234, "p": self.number}).encode()).decode().rstrip("=")
        views = f'<span class="tgme_widget_message_views">{self.views}</span>' if self.views else ""
        return (
            f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message {self.extra}" '
            f'data-post="{self.slug}/{self.number}" data-view="{seen}">{self.inside}'
            f'<div class="tgme_widget_message_text js-message_text">words {links}</div>{views}'
            f'<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" href="#">'
            f'<time datetime="{self.at.isoformat()}">10:02</time></a></span></div></div>'
        )


def sheet(shown: Iterable[Message], *, older: bool = False) -> bytes:
    """Return a page with these messages, oldest first, as the preview shows them."""
    prev = '<link rel="prev" href="/s/newsroom?before=1">' if older else ""
    bubbles = "".join(message.html for message in shown) or '<div class="tme_no_messages_found">No posts found</div>'
    counter = '<span class="counter_value">12.5K</span> <span class="counter_type">subscribers</span>'
    return (
        f'<html><head>{prev}<link rel="canonical" href="/s/newsroom"></head><body>'
        f'<div class="tgme_channel_info"><div class="tgme_channel_info_counter">{counter}</div></div>'
        f'<section class="tgme_channel_history">{bubbles}</section></body></html>'
    ).encode()


class Channel:
    """Plays one channel; `asked` keeps the places that were asked for, and pages there can be made to misbehave."""

    def __init__(self, messages: Iterable[Message], size: int = 20) -> None:
        self.messages, self.size = list(messages), size
        self.asked: list[str] = []
        self.instead: dict[str, httpx.Response] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/s/newsroom":
            return httpx.Response(404)
        self.asked.append(request.url.query.decode())
        if self.asked[-1] in self.instead:
            return self.instead[self.asked[-1]]
        shown = self._shown(request.url.params)
        return httpx.Response(200, content=sheet(shown, older=bool(shown and shown[0] != self.messages[0])))

    def _shown(self, place: httpx.QueryParams) -> list[Message]:
        if "after" in place:
            return [message for message in self.messages if message.number > int(place["after"])][: self.size]
        assert place.get("before") not in {"0", "1"}, "before=0 shows the newest page, for ever"
        below = int(place.get("before", 10**9))
        return [message for message in self.messages if message.number < below][-self.size :]


def hourly(first: int, last: int, **fields: object) -> list[Message]:
    """Return messages an hour apart, the last of them an hour before NOON."""
    return [Message(number, NOON - timedelta(hours=last - number + 1), **fields) for number in range(first, last + 1)]


def answer(request: httpx.Request) -> httpx.Response:
    return Channel([Message(3, NOON - timedelta(days=5)), *hourly(10, 13)], size=3)(request)


def damaged(request: httpx.Request) -> httpx.Response:
    reply = answer(request)
    broken = f'datetime="{(NOON - timedelta(hours=2)).isoformat()}"'.encode()
    return httpx.Response(reply.status_code, content=reply.content.replace(broken, b'datetime="yesterday"'))


def unreadable(request: httpx.Request) -> httpx.Response:
    reply = answer(request)
    return httpx.Response(reply.status_code, content=reply.content.replace(b"datetime=", b"when="))


def one(**fields: object) -> Post:
    """Return the post that a message with these fields is read as."""
    message = replace(Message(7, NOON), **fields)  # type: ignore[arg-type]
    return read(sheet([message])).posts[0]


def covered(reading: ask.Reading) -> list[Window]:
    return list(merged(page.covered for page in reading.pages if page.covered))


async def asked_again(channel: Channel, cursors: dict[str, object], now: datetime) -> ask.Reading:
    return await ask.run(ask.source(SETTINGS, channel, now), CAMPAIGN, cursors, now=now)  # type: ignore[arg-type]


async def until_withheld(channel: Channel) -> ask.Reading:
    """Return what a first run has given until the channel withheld a page."""
    source, reading = ask.source(SETTINGS, channel), ask.Reading()
    with suppress(SourceUnavailable):
        async for page in source.pages(ask.Ask(source.walks(CAMPAIGN)[0], None, ask.SINCE, ask.NOW)):
            reading.pages.append(page)
    return reading


# What a message says


def test_views_are_impressions_with_the_step_of_their_rounding() -> None:
    post = one(views="12.5K")
    assert (post.counts.impressions, post.step) == (12500, 100)


def test_exact_views_have_step_one() -> None:
    assert (one(views="871").counts.impressions, one(views="871").step) == (871, 1)


def test_views_that_are_not_shown_are_not_zero() -> None:
    assert one(views="").counts.impressions is None


@pytest.mark.parametrize("views", ["many", "-5", "1e308", "1.5", "9" * 40, "NaN", "1.2.3K", "K"])
def test_views_that_are_no_number_are_not_told(views: str) -> None:
    assert one(views=views).counts.impressions is None


def test_a_forwarded_message_counts_as_a_post_but_its_views_belong_to_the_original() -> None:
    forwarded = '<div class="tgme_widget_message_forwarded_from">Forwarded from <span>Library</span></div>'
    assert one(inside=forwarded).counts == Counts()
    assert one(inside=forwarded).text is None


def test_the_words_of_a_message_are_told_and_not_those_it_answers() -> None:
    theirs = '<div class="tgme_widget_message_text js-message_reply_text">their words</div>'
    answered = f'<a class="tgme_widget_message_reply">{theirs}</a>'
    assert one(inside=answered).text == "words  #SaveAleppo"


@pytest.mark.parametrize("source", ['<a href="https://t.me/library/9">Library</a>', "<span>somebody hidden</span>"])
def test_a_forwarded_message_is_known_whether_its_source_is_hidden_or_not(source: str) -> None:
    name = source.replace(">", ' class="tgme_widget_message_forwarded_from_name">', 1)
    forwarded = f'<div class="tgme_widget_message_forwarded_from">Forwarded from {name}</div>'
    assert one(inside=forwarded, views="12.5K").counts.impressions is None


def test_reactions_are_added_up_as_likes() -> None:
    first = '<span class="tgme_reaction"><i class="emoji"><b>👍</b></i>120</span>'
    second = '<span class="tgme_reaction"><tg-emoji emoji-id="5"></tg-emoji>1.1K</span>'
    assert one(inside=f'<div class="tgme_widget_message_reactions">{first}{second}</div>').counts.likes == 1220


def test_one_unreadable_reaction_makes_the_sum_unknown() -> None:
    both = '<span class="tgme_reaction">12</span><span class="tgme_reaction">some</span>'
    assert one(inside=both).counts.likes is None


def test_no_reactions_shown_is_not_zero_likes() -> None:
    assert one().counts.likes is None


def test_hashtags_are_those_that_telegram_links() -> None:
    assert one(tags=("SaveAleppo", "أنقذوا_حلب")).tags == ("SaveAleppo", "أنقذوا_حلب")


def test_a_hashtag_for_one_channel_is_the_hashtag() -> None:
    assert one(tags=("SaveAleppo@newsroom",)).tags == ("SaveAleppo",)


def test_hashtags_of_the_message_replied_to_are_not_its_own() -> None:
    quoted = '<div class="tgme_widget_message_text js-message_reply_text"><a href="?q=%23Other">#Other</a></div>'
    assert one(inside=quoted).tags == ("SaveAleppo",)


def test_a_hashtag_with_bidi_marks_still_counts_for_its_family() -> None:
    assert CAMPAIGN.subjects(one(tags=("\u202bأنقذوا_حلب\u202c",)).tags)[1] == "tag/انقذوا_حلب"


def test_the_date_is_the_messages_not_the_videos() -> None:
    assert one(inside='<time class="message_video_duration">0:27</time>').created_at == NOON


def test_the_channels_number_names_a_post_whatever_its_name_is_in_the_link() -> None:
    assert one(slug="NewsRoom").id == one(slug="renamed").id == "1234/7"


def test_without_the_number_the_name_in_small_letters_does() -> None:
    page = sheet([Message(7, NOON, slug="NewsRoom")]).replace(b"data-view", b"data-other")
    assert read(page).posts[0].id == "newsroom/7"


def test_a_message_is_linked_to_by_the_name_of_its_channel() -> None:
    assert one(slug="NewsRoom").link == "https://t.me/NewsRoom/7"


def test_followers_are_the_subscribers() -> None:
    assert one().followers == 12500


@pytest.mark.parametrize("slug", ["news\nroom", "news\x00room", "news/room\n"])
def test_a_mark_is_a_number_whatever_stands_before_it(slug: str) -> None:
    assert one(slug=slug).again == "7"


def test_service_messages_are_no_posts_but_keep_their_number() -> None:
    page = read(sheet([Message(7, NOON), Message(8, NOON, extra="service_message")]))
    assert ([post.again for post in page.posts], page.top) == (["7"], 8)


def test_the_parts_of_an_album_are_one_post_and_take_their_numbers() -> None:
    parts = "".join(f'<a href="https://t.me/newsroom/{number}?single"></a>' for number in (7, 8, 9, 9000))
    page = read(sheet([Message(7, NOON, inside=f'<div class="tgme_widget_message_grouped_wrap">{parts}</div>')]))
    assert (len(page.posts), page.top) == (1, 9)


def test_a_message_that_only_the_app_can_show_has_views_and_no_hashtags() -> None:
    hint = '<div class="message_media_not_supported_wrap">Please open Telegram to view this post</div>'
    post = one(inside=hint, tags=())
    assert (post.tags, post.counts.impressions) == ((), 1200)


def test_the_number_of_comments_is_in_the_preview_of_nobody() -> None:
    assert (one().counts.replies, one().counts.reposts) == (None, None)


def test_text_that_looks_like_an_unsupported_message_is_read() -> None:
    assert one(extra="text_not_supported_wrap").counts.impressions == 1200


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.2K", (1200, 100)),
        ("3M", (3_000_000, 10**6)),
        ("871", (871, 1)),
        ("12\u202f345", (12345, 1)),
        ("436.6k", (436600, 100)),
    ],
)
def test_abbreviated_numbers(text: str, number: tuple[int, int]) -> None:
    assert abbreviated(text) == number


# What a page is


@pytest.mark.parametrize(
    "body", [b"", b"<html>One moment, please</html>", b'{"ok": true}', b"\xff\xfe\x00", b"<" * 5000]
)
def test_a_page_that_is_no_preview_is_an_error(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload, match="no preview"):
        read(body)


def test_a_preview_whose_messages_cannot_be_read_is_an_error() -> None:
    with pytest.raises(UnexpectedPayload, match="have changed"):
        read(sheet([Message(7, NOON), Message(8, NOON)]).replace(b"datetime", b"when"))


def test_a_page_whose_only_message_is_broken_is_passed_by() -> None:
    page = read(sheet([Message(7, NOON)], older=True).replace(b"datetime", b"when"))
    assert (page.posts, page.unread, page.top, page.goes_back) == ((), 1, 7, True)


def test_a_page_of_a_thousand_messages_is_an_error() -> None:
    with pytest.raises(UnexpectedPayload, match="1000 messages at once"):
        read(sheet(Message(number, NOON) for number in range(1, 1001)))


HEAD = sheet([Message(7, NOON)])
HOSTILE = {
    "nested without end": (b"<div>", 380_000),
    "deep": (b"<p>", 49_000),
    "messages in messages": (HEAD[:-100], 2_000),
    "letters to be opened again in all that follows": (b"<div><b a><i></div>x", 12_000),
    "one element with all attributes": (b"<div " + b"a1 b2 c3 " * 200_000, 1),
    "one class without end": (b'<div class="' + b"x y " * 450_000 + b'">', 1),
    "links": (b'<a href="?q=%23x">#x</a>', 24_000),
    "never closed": (b'<a class="', 190_000),
    "open ends": (b"</b", 49_000),
    "blanks": (b"<a href" + b" " * 1_900_000, 1),
    "signs": (b"<", 49_000),
    "entities": (b"&amp;", 390_000),
}


@pytest.mark.parametrize(("part", "times"), HOSTILE.values(), ids=HOSTILE)
def test_a_page_made_to_be_slow_is_read_or_refused_in_no_time(part: bytes, times: int) -> None:
    body = (HEAD + part * times)[:2_000_000]
    begun = time.process_time()
    with suppress(UnexpectedPayload):
        read(body)
    assert time.process_time() - begun < 2.0  # an idle machine needs a tenth of it


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 800))
def test_bytes_in_the_middle_of_a_page_never_crash_the_reading(noise: bytes, place: int) -> None:
    page = sheet([Message(7, NOON, inside='<span class="tgme_reaction">5</span>')])
    try:
        for post in read(page[:place] + noise + page[place:]).posts:
            assert post.created_at.tzinfo
    except SourceError:
        pass


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_odd_attributes_never_crash_the_reading(post: str, view: str, date: str) -> None:
    page = sheet([Message(6, NOON)]).decode()
    odd = f"<div class=tgme_widget_message data-post='{post}' data-view='{view}'><time datetime='{date}'></time></div>"
    assert read((odd + page).encode("utf-8", "replace")).posts[-1:]


# The walk


async def test_the_first_run_goes_back_to_the_start_and_covers_all_of_it() -> None:
    reading = await ask.run(ask.source(SETTINGS, Channel(hourly(1, 100))), CAMPAIGN)
    assert len(reading.ids) == 48
    assert covered(reading) == [Window(ask.SINCE, ask.NOW)]


async def test_a_young_channel_is_covered_whole() -> None:
    reading = await ask.run(ask.source(SETTINGS, Channel(hourly(1, 3))), CAMPAIGN)
    assert covered(reading) == [Window(ask.SINCE, ask.NOW)]


async def test_a_quiet_run_reads_the_newest_pages_again_and_no_more() -> None:
    channel = Channel(hourly(1, 100))
    first = await ask.run(ask.source(SETTINGS, channel), CAMPAIGN)
    channel.asked.clear()
    await asked_again(channel, first.cursors, NOON + timedelta(minutes=5))
    assert channel.asked == ["", "before=81", "before=61"]


async def test_a_small_gap_is_read_upwards_and_each_page_may_be_stored_on_its_own() -> None:
    channel = Channel(hourly(1, 40))
    first = await ask.run(ask.source(SETTINGS, channel), CAMPAIGN)
    channel.messages += [Message(number, NOON + timedelta(minutes=number - 40)) for number in range(41, 95)]
    reading = await asked_again(channel, first.cursors, NOON + timedelta(hours=1))
    assert {f"1234/{number}" for number in range(41, 95)} <= reading.ids
    assert covered(reading) == [Window(NOON, NOON + timedelta(hours=1))]


async def test_a_wide_gap_is_read_downwards_to_what_is_known() -> None:
    channel = Channel(hourly(1, 40))
    first = await ask.run(ask.source(SETTINGS, channel), CAMPAIGN)
    channel.messages += [Message(number, NOON + timedelta(minutes=number - 40)) for number in range(41, 300)]
    later = NOON + timedelta(hours=5)
    reading = await asked_again(channel, first.cursors, later)
    assert {f"1234/{number}" for number in range(41, 300)} <= reading.ids
    assert covered(reading) == [Window(NOON, later)]


async def test_a_walk_that_broke_leaves_a_gap_that_the_next_run_closes() -> None:
    channel = Channel(hourly(1, 100))
    channel.instead["before=81"] = httpx.Response(200, content=sheet([]))
    broken = await until_withheld(channel)
    read_from = NOON - timedelta(hours=20) + timedelta(seconds=1)  # others of that second may be unread
    assert covered(broken) == [Window(read_from, NOON)]
    channel.instead.clear()
    later = NOON + timedelta(minutes=15)
    reading = await asked_again(channel, {"newsroom": broken.pages[-1].cursor}, later)
    assert len(broken.pages[0].mentions) + len({*reading.ids} - broken.ids) == 48
    assert covered(reading) == [Window(ask.SINCE, read_from), Window(NOON, later)]


async def test_a_gap_does_not_keep_newer_posts_from_being_read() -> None:
    channel = Channel(hourly(1, 100))
    first = await ask.run(ask.source(SETTINGS, channel), CAMPAIGN)
    gap = {"floor": 40, "below": 60, "start": (NOON - timedelta(hours=30)).isoformat(), "end": NOON.isoformat()}
    channel.messages += [Message(number, NOON + timedelta(minutes=number - 100)) for number in range(101, 200)]
    channel.asked.clear()
    later = NOON + timedelta(hours=3)
    reading = await asked_again(channel, {"newsroom": {**first.cursors["newsroom"], "gap": gap}}, later)
    assert {f"1234/{number}" for number in range(101, 200)} <= reading.ids
    assert channel.asked[:6] == ["", "after=100", "after=120", "after=140", "after=160", "before=60"]


async def test_a_gap_that_grew_too_old_is_given_up() -> None:
    channel = Channel(hourly(1, 100))
    old = (NOON - timedelta(days=4)).isoformat()
    cursor = {"top": 100, "at": NOON.isoformat(), "gap": {"floor": 1, "below": 9, "start": old, "end": old}}
    reading = await asked_again(channel, {"newsroom": cursor}, NOON)
    assert "before=9" not in channel.asked
    assert reading.cursors["newsroom"]["gap"] is None


async def test_deleted_messages_between_two_runs_are_no_gap() -> None:
    channel = Channel(hourly(1, 40))
    first = await ask.run(ask.source(SETTINGS, channel), CAMPAIGN)
    channel.messages = [*channel.messages[:30], Message(55, NOON + timedelta(minutes=1))]
    reading = await asked_again(channel, first.cursors, NOON + timedelta(minutes=5))
    assert covered(reading) == [Window(NOON, NOON + timedelta(minutes=5))]


async def test_a_hashtag_that_is_added_later_is_found_by_the_sweep() -> None:
    channel = Channel(hourly(1, 60, tags=()))
    first = await ask.run(ask.source(SETTINGS, channel), CAMPAIGN)
    channel.messages[29] = replace(channel.messages[29], tags=("SaveAleppo",))
    reading = await asked_again(channel, first.cursors, NOON + timedelta(minutes=5))
    assert [mention.id for mention in reading.mentions if isinstance(mention, Post) and mention.tags] == ["1234/30"]


async def test_an_empty_preview_is_never_taken_for_silence() -> None:
    with pytest.raises(SourceUnavailable, match="withholds"):
        await ask.run(ask.source(SETTINGS, Channel([])), CAMPAIGN)


async def test_a_channel_without_preview_is_refused_in_words() -> None:
    def moved(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": "https://t.me/newsroom"})

    with pytest.raises(AccessRefused, match="@newsroom has no preview"):
        await ask.run(ask.source(SETTINGS, moved), CAMPAIGN)


LANDING = (
    b'<title>Telegram: Contact @newsroom</title><div class="tgme_page_wrap"><div class="tgme_page">'
    b'<div class="tgme_page_extra">123 members, 4 online</div></div></div>'
)
GONE = b'<div class="tgme_widget_message"><div class="tgme_widget_message_error">Post not found</div></div>'


@pytest.mark.parametrize("body", [LANDING, GONE])
async def test_a_channel_that_is_missing_with_a_friendly_answer_is_refused_too(body: bytes) -> None:
    with pytest.raises(AccessRefused, match="@newsroom has no preview"):
        await ask.run(ask.source(SETTINGS, lambda _: httpx.Response(200, content=body)), CAMPAIGN)


async def test_a_server_that_ignores_where_we_ask_is_found_out() -> None:
    channel = Channel(hourly(1, 100))
    channel.instead["before=81"] = httpx.Response(200, content=sheet(hourly(81, 100), older=True))
    with pytest.raises(UnexpectedPayload, match="newer messages"):
        await ask.run(ask.source(SETTINGS, channel), CAMPAIGN)


async def test_a_cursor_survives_being_stored_as_json() -> None:
    channel = Channel(hourly(1, 100))
    first = await ask.run(ask.source(SETTINGS, channel), CAMPAIGN)
    cursors = json.loads(json.dumps(first.cursors))
    assert (await asked_again(channel, cursors, NOON)).cursors == first.cursors


# Known posts again


async def test_neighbours_are_asked_again_in_one_call() -> None:
    channel = Channel(hourly(1, 100))
    posts = await ask.source(SETTINGS, channel).again([str(number) for number in range(61, 81)])
    assert (len(posts), channel.asked) == (20, ["before=81"])


async def test_posts_apart_are_asked_page_by_page_and_deleted_ones_left_out() -> None:
    channel = Channel([message for message in hourly(1, 100) if message.number != 40])
    posts = await ask.source(SETTINGS, channel).again(["90", "40", "5"])
    assert ([post.again for post in posts], channel.asked) == (["90", "5"], ["before=91", "before=41", "before=6"])


async def test_the_first_message_of_all_may_be_gone() -> None:
    assert await ask.source(SETTINGS, Channel(hourly(5, 30))).again(["1"]) == []


async def test_known_posts_are_not_taken_for_deleted_while_all_is_withheld() -> None:
    with pytest.raises(SourceUnavailable):
        await ask.source(SETTINGS, Channel([])).again(["5"])


@pytest.mark.parametrize(("messages", "told"), [(hourly(1, 3), True), ([], False)])
async def test_a_channel_that_shows_nothing_is_not_silent_but_unseen(messages: list[Message], told: bool) -> None:
    assert await ask.source(SETTINGS, Channel(messages)).canary() is told


async def test_a_broken_message_alone_on_a_page_holds_nobody() -> None:
    channel = Channel(hourly(1, 41), size=20)
    channel.messages[20] = replace(channel.messages[20], inside='<time datetime="soon"></time>')
    alone = sheet([channel.messages[20]], older=True).replace(b"datetime=", b"when=")
    channel.instead["before=22"] = httpx.Response(200, content=alone)
    reading = await ask.run(ask.source(SETTINGS, channel), CAMPAIGN)
    assert sum(page.refused for page in reading.pages) == 1
    assert covered(reading) == [Window(ask.SINCE, ask.NOW)]


async def test_the_probe_says_what_is_there() -> None:
    assert "20 posts on its last page, 20 with views" in await ask.source(SETTINGS, Channel(hourly(1, 50))).probe()


# Settings


@pytest.mark.parametrize("written", ["newsroom", "@newsroom", "https://t.me/newsroom", "t.me/s/newsroom", " newsroom "])
def test_a_channel_may_be_written_as_it_is_found(written: str) -> None:
    assert Settings(channel=written).channel == "newsroom"


@pytest.mark.parametrize("written", ["", "a b", "https://example.org/x", "../etc", "news room", "joinchat/AAAA"])
def test_what_is_no_channel_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        Settings(channel=written)


def test_the_source_is_off_until_its_terms_are_accepted() -> None:
    assert Settings(channel="newsroom").off == "off until accept_terms = true"
    assert Settings(channel="newsroom", accept_terms=True).off is None


def test_a_source_is_named_after_its_channel() -> None:
    assert Source(Settings(channel="NewsRoom"), ask.client(answer)).name == "newsroom"


# Real pages


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not here")
def test_recorded_messages_are_read_as_others_read_them() -> None:
    cases = json.loads((RECORDINGS / "expected.json").read_text())
    told = {case["file"]: case["expected"] for case in cases if case["messages"]}
    assert len(told) > 10
    for name, expected in told.items():
        post = _telegram_page.read((RECORDINGS / name).read_bytes()).posts[0]
        views = None if expected.get("forwarded_from") or "forwarded" in name else expected["views"]
        assert (post.again, post.counts.impressions) == (str(expected["id"]), views), name
        assert post.created_at == datetime.fromisoformat(expected["created_at"]), name
