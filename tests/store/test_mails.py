"""What was sent, kept for a while: each content once, each reader counted once."""

from datetime import date, datetime, timedelta

import pytest

from monitor.store import mails
from monitor.store.mails import Sent
from monitor.store.store import Store
from tests.people import NOON

KEEP = timedelta(days=90)
DESK, LINA = b"desk", b"lina"


def sent(name: str = "a", at: datetime = NOON) -> Sent:
    return Sent(
        id=name, day=date(2016, 4, 29), campaigns=("aleppo",), language="en", subject="Aleppo: rising", sent_at=at
    )


def parts(words: str) -> dict[str, bytes]:
    return {"text": words.encode(), "picture:aleppo": b"PNG"}


@pytest.fixture
async def kept(store: Store) -> list[Sent]:
    """Three mails, the newest first."""
    three = [sent(name, NOON - timedelta(hours=hours)) for hours, name in enumerate("abc")]
    for one in three:
        await mails.keep(store, one, parts(one.id), DESK, KEEP)
    return [one.model_copy(update={"readers": 1}) for one in three]


async def test_a_mail_comes_back_as_it_was(store, kept):
    assert await mails.one(store, "b") == (kept[1], parts("b"))


async def test_what_is_not_kept_is_none(store):
    assert await mails.one(store, "nothing") is None


async def test_mails_are_listed_newest_first_in_pages(store, kept):
    assert await mails.listed(store, 2) == kept[:2]
    assert await mails.listed(store, 2, "b") == kept[2:]
    assert await mails.listed(store, 2, "c") == []
    assert await mails.listed(store, 2, "nothing") == []


async def test_a_page_may_end_between_two_mails_of_the_same_moment(store):
    for name in "xyz":
        await mails.keep(store, sent(name), {}, DESK, KEEP)
    first = await mails.listed(store, 2)
    rest = await mails.listed(store, 2, first[-1].id)
    assert {one.id for one in (*first, *rest)} == {"x", "y", "z"}


async def test_each_reader_counts_once(store, kept):
    for who in (DESK, LINA, LINA):
        assert await mails.count(store, "a", who)
    assert (await mails.listed(store, 1))[0].readers == 2


async def test_a_mail_that_is_kept_twice_is_kept_as_it_was_first(store, kept):
    await mails.keep(store, sent("a", NOON + KEEP / 2), parts("other"), LINA, KEEP)
    (found, content), first = await mails.one(store, "a"), kept[0]
    assert (found.sent_at, found.readers, content) == (first.sent_at, 2, parts("a"))


async def test_a_reader_of_a_mail_that_is_not_kept_is_not_written_down(store):
    assert not await mails.count(store, "nothing", DESK)
    assert not [key async for key in store.redis.scan_iter(f"{store.keys.prefix}:*")]


async def test_what_is_over_is_forgotten_when_the_next_is_kept(store, kept):
    await mails.keep(store, sent("new", NOON + KEEP - timedelta(hours=1)), {}, DESK, KEEP)
    assert [one.id for one in await mails.listed(store, 10)] == ["new", "a", "b"]
    assert await mails.one(store, "c") is None


async def test_on_wish_it_is_forgotten_sooner(store, kept):
    assert await mails.forget(store, NOON) == 2
    assert await mails.listed(store, 10) == kept[:1]
    assert await mails.forget(store, NOON) == 0


async def test_it_goes_by_itself_when_nothing_is_sent_any_more(store, kept):
    for key in (store.keys.mail("a"), store.keys.mail_readers("a")):
        assert 0 < await store.redis.ttl(key) <= KEEP.total_seconds()
