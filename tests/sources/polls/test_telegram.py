from datetime import UTC, datetime

import httpx
import pytest

from monitor.errors import AccessRefused, SourceUnavailable, UnexpectedPayload
from monitor.model.poll import State, Tally
from monitor.sources.polls._telegram_polls import read
from monitor.sources.polls.telegram import Settings, Source
from tests.people import NOON
from tests.sources import ask

SETTINGS = Settings(channel="@Fridays", accept_terms=True)


CLASS = "tgme_widget_message"


def div(name: str, inside: str) -> str:
    return f'<div class="{CLASS}_{name}">{inside}</div>'


def option(label: str, percent: str) -> str:
    shown = div("poll_option_percent", percent) + div("poll_option_value", div("poll_option_text", label))
    return f'<a class="{CLASS}_poll_option">{shown}</a>'


def message(number: int = 17, *options: str, kind: str = "Anonymous Poll", voters: str = "1 234 votes") -> str:
    shown = "".join(options or (option("جمعة الغضب", "61%"), option("الصمود", "39%")))
    asked = div("poll_question", "ما اسم <b>الجمعة</b> القادمة؟") + div("poll_type", kind)
    date = f'<a class="{CLASS}_date"><time datetime="2016-04-26T15:00:00+00:00">15:00</time></a>'
    poll = div("poll", asked + shown + div("voters", voters))
    return f'<div class="{CLASS} js-widget_message" data-post="Fridays/{number}">{poll}{date}</div>'


def plain(number: int) -> str:
    return f'<div class="{CLASS}" data-post="Fridays/{number}">{div("text", "no poll")}</div>'


def page(*messages: str) -> httpx.Response:
    return httpx.Response(200, html=f"<html><body>{''.join(messages)}</body></html>")


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path in {"/Fridays/17", "/fridays/17"}:
        return page(message())
    if request.url.path != "/s/Fridays":
        return httpx.Response(302, headers={"location": "https://t.me/Fridays"})
    return page(plain(16), message(), plain(18)) if "before" not in request.url.params else page(plain(1))


def seen(*options: str, **fields: str) -> Tally:
    return read(message(17, *options, **fields).encode(), NOON)[0]


def test_whole_percents_and_a_total_bound_the_votes():
    tally = seen()
    assert [(one.votes, one.low, one.high) for one in tally.votes] == [(None, 747, 758), (None, 476, 487)]
    assert (tally.total, tally.question) == (1234, "ما اسم الجمعة القادمة؟")
    assert tally.opened_at == datetime(2016, 4, 26, 15, tzinfo=UTC)


def test_a_rounded_total_widens_the_bounds():
    (first, _) = seen(voters="1.2K votes").votes
    assert first.low < 732 < first.high
    assert first.votes is None


@pytest.mark.parametrize(
    ("kind", "state"), [("Anonymous Poll", State.OPEN), ("Final Results", State.CLOSED), ("Poll closed", State.CLOSED)]
)
def test_the_kind_of_a_poll_tells_whether_it_is_over(kind, state):
    assert seen(kind=kind).state is state


def test_without_percents_the_numbers_are_hidden():
    hidden = (
        message()
        .replace('<div class="tgme_widget_message_poll_option_percent">61%</div>', "")
        .replace('<div class="tgme_widget_message_poll_option_percent">39%</div>', "")
    )
    (tally,) = read(hidden.encode(), NOON)
    assert tally.state is State.HIDDEN
    assert not tally.tells


def test_a_quiz_is_no_poll():
    assert read(message(kind="Anonymous Quiz").encode(), NOON) == []


def test_an_option_that_lost_its_percent_shifts_nobody():
    broken = message().replace('<div class="tgme_widget_message_poll_option_percent">61%</div>', "", 1)
    with pytest.raises(UnexpectedPayload, match="have changed"):
        read(broken.encode(), NOON)


async def test_older_pages_are_looked_through_for_a_poll():
    found = await Source(SETTINGS, ask.client(answer)).newest(NOON)
    assert [tally.place for tally in found] == ["fridays/17"]


async def test_one_message_may_be_the_place():
    (tally,) = await Source(Settings(channel="https://t.me/Fridays/17"), ask.client(answer)).newest(NOON)
    assert tally.place == "fridays/17"


async def test_a_poll_that_is_gone_answers_200_and_is_told():
    with pytest.raises(AccessRefused, match="no poll at"):
        await Source(SETTINGS, ask.client(lambda _: page(plain(17)))).look("fridays/17", NOON)


async def test_an_empty_page_is_no_channel_without_polls():
    with pytest.raises(SourceUnavailable, match="no posts"):
        await Source(SETTINGS, ask.client(lambda _: page())).newest(NOON)


async def test_a_channel_without_a_preview_is_told():
    with pytest.raises(AccessRefused, match="no preview"):
        await Source(Settings(channel="private_one"), ask.client(answer)).newest(NOON)


def test_it_is_off_until_the_terms_are_accepted():
    assert Settings(channel="fridays").off
    assert SETTINGS.off is None
