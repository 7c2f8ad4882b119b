"""What is kept of a mail that was sent: all of it but who got it."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from structlog.testing import capture_logs

from monitor.clock import Simulated
from monitor.digest.kept import Archive, content_of, identity, packed, unaddressed
from monitor.digest.preview import page
from monitor.digest.render import Rendered, rendered
from monitor.store import mails, redis
from monitor.store.keys import Keys
from monitor.store.mails import Sent
from monitor.store.store import Store
from monitor.words.voice import bare, voice
from tests.digest.briefs import PNG, SURGE
from tests.digest.test_daily import DESK, LINA, MORNING, NEXT_MORNING, Desk, Killed, Sink, die, fail

DAY = date(2016, 4, 29)
SENDER = "Monitor <monitor@example.org>"


@pytest.fixture(params=["en", "ar"])
def content(request) -> Rendered:
    return rendered([SURGE], voice(request.param), {SURGE.campaign: PNG})


def sent(content: Rendered) -> Sent:
    return Sent(
        id=identity(content, DAY),
        day=DAY,
        campaigns=("a",),
        language=content.language,
        subject=content.subject,
        sent_at=MORNING,
    )


def test_a_mail_that_is_kept_says_what_was_said(content):
    assert content_of(sent(content), packed(content, SENDER)) == replace(content, in_full=())


def test_as_a_file_it_says_the_same_to_a_mail_program(content):
    read = message_from_bytes(unaddressed(sent(content), packed(content, SENDER)), policy=default)
    said = {kind: read.get_body((kind,)).get_content().splitlines() for kind in ("plain", "html")}
    assert (read["Subject"], said["plain"], said["html"]) == (
        bare(content.subject),
        content.text.splitlines(),
        content.html.splitlines(),
    )
    assert [part.get_content() for part in read.walk() if part["Content-ID"]] == list(content.charts.values())


def test_a_browser_sees_its_pictures(content):
    shown = page(content_of(sent(content), packed(content, SENDER)))
    assert "data:image/png;base64," in shown
    assert "cid:" not in shown


def test_it_is_to_nobody(content):
    raw = unaddressed(sent(content), packed(content, SENDER))
    assert b"\r\nTo: undisclosed-recipients:;\r\n" in raw
    assert b"List-Unsubscribe" not in raw


def test_another_word_is_another_mail(content):
    others = [replace(content, text="another"), replace(content, charts={}), replace(content, subject="another")]
    assert len({identity(one, DAY) for one in (content, *others)} | {identity(content, date(2016, 4, 30))}) == 5


async def test_what_was_sent_is_kept_once_for_all_who_got_the_same(store):
    mia = DESK.model_copy(update={"address": "mia@example.org"})
    await Desk(store, public_url="https://monitor.example.org").send(Sink(), recipients=(DESK, mia, LINA))
    found = await mails.listed(store, 10)
    assert sorted((one.language[:2], one.readers, one.campaigns, one.day) for one in found) == [
        ("ar", 1, ("aleppo",), DAY),
        ("en", 2, ("aleppo",), DAY),
    ]


async def test_of_those_who_got_it_nothing_stands_in_it(store):
    sink = Sink()
    await Desk(store, public_url="https://monitor.example.org").send(sink)
    (one,) = await mails.listed(store, 10)
    raw = unaddressed(*await mails.one(store, one.id))
    assert sink.taken[0]["List-Unsubscribe"].partition(">")[0] not in raw.decode()
    assert not any(word in raw for word in (b"desk@", b"monitor.example.org", sink.ids[0].encode()))


@pytest.mark.parametrize("step", [fail(), fail(permanent=True)])
async def test_what_was_not_taken_is_not_kept(store, step):
    await Desk(store).send(Sink([step]))
    assert await mails.listed(store, 10) == []


async def test_a_mail_that_was_tried_twice_is_kept_once_with_one_reader(store):
    desk, sink = Desk(store), Sink([fail()])
    for minutes in (0, 10):
        await desk.send(sink, MORNING + timedelta(minutes=minutes))
    assert [one.readers for one in await mails.listed(store, 10)] == [1]


async def test_what_the_operator_does_not_want_kept_is_not(store, content):
    await Archive(store, Simulated(MORNING), SENDER, 0).keep(content, DAY, ["aleppo"], DESK.address)
    assert await mails.listed(store, 10) == []


async def test_that_it_can_not_be_kept_harms_nobody(tmp_path, content):
    gone = Store(redis.connect(f"unix://{tmp_path}/nobody"), Keys("t"), secret=b"a secret of the tests")
    with capture_logs() as said:
        await Archive(gone, Simulated(MORNING), SENDER, 90).keep(content, DAY, ["aleppo"], DESK.address)
    assert [entry["event"] for entry in said] == ["a digest that was sent is not kept"]


async def test_a_place_that_can_not_hold_it_causes_no_second_mail(store):
    await store.redis.set(store.keys.mails, "something else")
    desk, sink = Desk(store), Sink()
    for now in (MORNING, MORNING + timedelta(hours=1), NEXT_MORNING):
        await desk.send(sink, now)
    assert len(set(sink.ids)) == len(sink.ids) == 2


async def test_a_sender_that_dies_before_it_was_taken_leaves_nothing_to_look_at(store):
    with pytest.raises(Killed):
        await Desk(store).send(Sink([die]))
    assert await mails.listed(store, 10) == []
