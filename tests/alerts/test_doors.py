"""By mail, by Apprise and by webhook: against real servers on loopback."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from monitor.alerts.channels import Channel
from monitor.alerts.doors import Doors, Draw
from monitor.alerts.finding import Finding, Message
from monitor.clock import Simulated
from monitor.digest.mail import Outbox, Settings, Smtp
from monitor.errors import DeliveryError
from monitor.words.voice import Voice
from tests.alerts.cases import Hook, channel, desk, found, message, opened, parcel
from tests.digest import office
from tests.digest.office import HOST, Office
from tests.people import ALEPPO, NOON

PNG = b"\x89PNG\r\n\x1a\n picture"
HOSTILE = "x\r\nBcc: all@example.org\0<script>\u202e" + "y" * 10_000


async def draw(_message: Message, _voice: Voice) -> bytes:
    return PNG


async def cannot_draw(_message: Message, _voice: Voice) -> bytes:
    raise ZeroDivisionError


@asynccontextmanager
async def doors(post: Smtp | Outbox | None = None, drawn: Draw | None = None) -> AsyncIterator[Doors]:
    async with httpx.AsyncClient() as http:
        way = post or Outbox(Path(), "Monitor <m@example.org>")
        yield Doors(http, way, Simulated(NOON), {"aleppo": ALEPPO}, draw=drawn)


async def mailed(one: Channel, *findings: Finding, drawn: Draw | None = draw) -> EmailMessage:
    async with office.opened(Office()) as desk_office:
        post = Smtp(Settings(host=HOST, port=desk_office.port, security="none", timeout_seconds=10.0))
        async with doors(post, drawn) as ways:
            await ways.send(one, parcel(1, one.name, messages=(message(1, *findings),)))
    (mail,) = desk_office.taken
    return mail


def text(mail: EmailMessage) -> str:
    return next(part for part in mail.walk() if part.get_content_type() == "text/plain").get_content()


async def test_a_mail_says_it_in_its_subject_and_shows_the_chart():
    mail = await mailed(desk(timezone="UTC"))
    assert mail["Subject"].strip().startswith("Save Aleppo: 1,200 posts since Fri 29 Apr 12:00")
    assert "5 times the usual level (240)" in text(mail)
    assert [part.get_content() for part in mail.iter_attachments()] == [PNG]
    assert (mail["Auto-Submitted"], mail["Message-ID"]) == ("auto-generated", "<alert.p1@localhost>")


async def test_a_mail_is_in_the_language_and_on_the_clock_of_its_channel():
    mail = await mailed(desk(language="ar", timezone="Asia/Damascus", digits="arabic"))
    assert "١٬٢٠٠" in text(mail)
    assert "١٥:٠٠" in text(mail)


async def test_a_channel_without_a_clock_is_told_times_on_that_of_the_campaign():
    said = text(await mailed(desk()))
    assert "since Fri 29 Apr 15:00" in said
    assert said.rstrip().endswith("Times are on the clock of Syria Time.")


async def test_a_channel_that_wants_utc_is_told_that_it_is():
    assert text(await mailed(desk(timezone="UTC"))).rstrip().endswith("Times are on the clock of UTC.")


async def test_who_wants_no_pictures_gets_none():
    assert list((await mailed(desk(images=False))).iter_attachments()) == []


async def test_a_chart_that_can_not_be_drawn_holds_up_no_words(capsys: pytest.CaptureFixture[str]):
    assert "1,200 posts" in text(await mailed(desk(), drawn=cannot_draw))
    assert "could not be drawn" in "".join(capsys.readouterr())


async def test_no_name_can_add_a_header_or_hide_in_the_text():
    mail = await mailed(desk(), found(of=HOSTILE))
    assert mail["Bcc"] is None
    assert len(mail["Subject"]) < 200
    assert not set(text(mail)) & set("\0\u202e")


async def test_a_webhook_gets_the_sentences_and_is_signed():
    async with opened(Hook()) as hook, doors() as ways:
        assert await ways.send(channel("hook", hook.url), parcel()) == "answered 204"
    assert hook.is_signed()
    assert json.loads(hook.got[0][1])["title"].startswith("Save Aleppo: 1,200 posts")


async def test_apprise_hands_it_on_with_the_chart():
    async with opened(Hook()) as hook, doors(drawn=draw) as ways:
        room = Channel(name="room", apprise_url=SecretStr(f"json://127.0.0.1:{hook.port}/"))
        assert await ways.send(room, parcel()) == "taken by the service"
    told = json.loads(hook.got[0][1])
    assert told["title"].startswith("Save Aleppo: 1,200 posts")
    assert [one["filename"] for one in told["attachments"]] == ["chart.png"]


async def test_a_service_that_does_not_take_it_is_asked_again_later(capfd: pytest.CaptureFixture[str]):
    refused = iter([b"HTTP/1.1 500 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"])
    async with opened(Hook(refused)) as hook, doors() as ways:
        room = Channel(name="room", apprise_url=SecretStr(f"json://hunter2@127.0.0.1:{hook.port}/"))
        with pytest.raises(DeliveryError, match="tried again later") as caught:
            await ways.send(room, parcel())
    assert not caught.value.permanent
    assert "hunter2" not in "".join(capfd.readouterr())


async def test_a_service_that_is_no_more_known_is_refused_for_good():
    async with doors() as ways:
        with pytest.raises(DeliveryError, match="does not know") as caught:
            await ways.send(Channel(name="room", apprise_url=SecretStr("nix://x")), parcel())
    assert caught.value.permanent
