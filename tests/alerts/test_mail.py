"""A whole alert mail: as people read it, compared with a golden one, and as SpamAssassin reads it."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from monitor.alerts.finding import Finding, Kind, Message
from monitor.alerts.post import Mail
from monitor.alerts.rules import HOUSE
from monitor.alerts.text import Speaker
from monitor.charts import numbers
from monitor.errors import Reason
from monitor.model.finding import Cause, Crowd, Driver
from monitor.web.sentences import WORDS
from monitor.words.voice import voice
from tests.alerts.cases import HOUR, found, message, spike
from tests.digest import races
from tests.digest.briefs import SURGE
from tests.people import ALEPPO, NOON

PROGRAM = shutil.which("spamassassin")
MOST = 1.0  # points; five make a mail spam
SAVE_ALEPPO = replace(ALEPPO, titles={"ar": "أنقذوا حلب"})
DRIVEN = spike(
    start=NOON - 3 * HOUR,
    drivers=(Driver(cause=Cause.SPELLING, name="أنقذوا_حلب", share=0.7, value=900.0, expected=100.0),),
    sole=True,
    crowd=Crowd(posts=1200, authors=910, top=10, top_share=0.12),
)
LED = next(event for event in races.OPEN.events if event.kind == "lead-change")


def told() -> list[Message]:
    """Return what a channel gets after a night: of a campaign, of its poll, of the press, and of the house."""
    numbers_ = (
        found(at=NOON - 3 * HOUR, spike=DRIVEN),
        found("spike/posts/tag", of="SaveAleppo", value=310.0, against=0.2),
    )
    poll = found("poll", Kind.POLL, topic="lead-change", name="friday", event=LED, cycle=races.OPEN)
    article = found("f", Kind.FIRST_OUTLET, name="The Example", of="Aleppo <burns> & falls", topic="western")
    source = {"name": "t.me-halab", "source": "t.me-halab"}
    house: tuple[Finding, ...] = (
        found("source/1", Kind.SILENT, reason=Reason.KEY, at=NOON - 7 * HOUR, **source),
        found("b", Kind.BUDGET, campaign=HOUSE, name="reads", of="x", value=930.0, against=1000.0, until=NOON + HOUR),
    )
    below = found("below/articles/*/5", Kind.BELOW, name="articles", value=1.0, against=5.0, hours=24)
    return [
        message(1, *numbers_, again=(below,), over=(found("drop/posts/*", Kind.DROP, at=NOON - 30 * HOUR),)),
        message(2, poll, group="poll"),
        message(3, article, group="press"),
        message(4, *house, scope=HOUSE, group="sources"),
    ]


class Kept:
    """Keeps what is handed over."""

    sender = "Campaign monitor <monitor@example.org>"

    async def send(self, mail: EmailMessage) -> str:
        self.mail = mail
        return "taken"


async def mailed(language: str, picture: bytes | None = None, now: datetime = NOON) -> EmailMessage:
    speaker, post = Speaker(voice(language, "Asia/Damascus"), {"aleppo": SAVE_ALEPPO}, WORDS), Kept()
    await Mail(post, "desk@example.org").send(speaker.title(told()), speaker.body(told()), picture, "0123abcd", now)
    return message_from_bytes(post.mail.as_bytes(), policy=policy.default)


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_mail_says_what_it_always_said(golden: Callable[[str, str], None], language: str):
    mail = await mailed(language)
    head = "\n".join(f"{name}: {value}" for name, value in mail.items())
    golden(f"alert.{language}.txt", f"{head}\n\n{mail.get_content()}".replace("\r\n", "\n"))


def test_there_is_no_golden_mail_that_nobody_compares():
    kept = {path.name for path in (Path(__file__).parent / "golden").iterdir()}
    assert kept == {"alert.en.txt", "alert.ar.txt"}


@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="SpamAssassin is not installed")
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("drawn", [True, False])
async def test_a_mail_has_less_than_one_point(language: str, drawn: bool):
    picture = numbers.png(SURGE, voice(language)) if drawn else None
    mail = (await mailed(language, picture, datetime.now(UTC))).as_bytes()
    asked = await asyncio.to_thread(subprocess.run, [PROGRAM, "-t", "-L"], input=mail, capture_output=True, check=True)
    report = asked.stdout.decode(errors="replace")
    points = re.search(r"Content analysis details: +\((-?[\d.]+) points", report)
    assert points, report[-2000:]
    assert float(points[1]) < MOST, report[-2000:]
