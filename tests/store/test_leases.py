import asyncio

from monitor.store import briefs, leases, ledger
from monitor.store.ledger import State
from tests.people import ALEPPO
from tests.store.batches import NOW

SLUG = ALEPPO.slug
ADDRESS = "desk@news.example"


async def test_one_holds_the_lease_and_may_renew_it(store):
    assert await leases.hold(store, "a", 10)
    assert await leases.hold(store, "a", 10)
    assert not await leases.hold(store, "b", 10)
    assert await leases.holder(store) == "a"


async def test_a_lease_that_was_given_back_is_free(store):
    await leases.hold(store, "a", 10)
    await leases.release(store, "b")
    assert not await leases.hold(store, "b", 10)
    await leases.release(store, "a")
    assert await leases.hold(store, "b", 10)


async def test_a_lease_nobody_renews_runs_out(store):
    await leases.hold(store, "a", 0.02)
    await asyncio.sleep(0.04)
    assert await leases.holder(store) is None
    assert await leases.hold(store, "b", 10)


async def test_of_many_who_ask_at_once_one_gets_the_lease(store):
    held = await asyncio.gather(*(leases.hold(store, str(n), 10) for n in range(20)))
    assert sum(held) == 1


async def test_a_mail_is_opened_once_and_keeps_its_message_id(store):
    first = await ledger.open(store, SLUG, "2016-04-29", ADDRESS, "<1@host>")
    again = await ledger.open(store, SLUG, "2016-04-29", ADDRESS.upper(), "<2@host>")
    assert (first.state, first.attempts) == (State.PENDING, 0)
    assert again.message_id == "<1@host>"


async def test_only_one_of_two_daemons_may_begin_to_send(store):
    both = [await ledger.open(store, SLUG, "2016-04-29", ADDRESS, "<1@host>") for _ in range(2)]
    assert [await ledger.mark(store, entry, State.SENDING, now=NOW) for entry in both] == [True, False]


async def test_only_one_of_two_daemons_may_take_over_a_mail_whose_sender_died(store):
    entry = await ledger.open(store, SLUG, "2016-04-29", ADDRESS, "<1@host>")
    await ledger.mark(store, entry, State.SENDING, now=NOW)
    both = [await ledger.open(store, SLUG, "2016-04-29", ADDRESS, "<1@host>") for _ in range(2)]
    assert [await ledger.mark(store, entry, State.SENDING, now=NOW + 1) for entry in both] == [True, False]


async def test_the_ledger_tells_how_a_mail_went(store):
    entry = await ledger.open(store, SLUG, "2016-04-29", ADDRESS, "<1@host>")
    await ledger.mark(store, entry, State.SENDING, now=NOW)
    entry = await ledger.open(store, SLUG, "2016-04-29", ADDRESS, "<1@host>")
    await ledger.mark(store, entry, State.REFUSED, now=NOW + 5, note="550 no such user")
    entry = await ledger.open(store, SLUG, "2016-04-29", ADDRESS, "<1@host>")
    assert (entry.state, entry.attempts, entry.at, entry.note) == (State.REFUSED, 1, NOW + 5, "550 no such user")


async def test_days_recipients_and_digests_have_entries_of_their_own(store):
    one = await ledger.open(store, SLUG, "2016-04-29", ADDRESS, "<1@host>")
    await ledger.mark(store, one, State.SENDING, now=NOW)
    others = [(SLUG, "2016-04-30", ADDRESS), (SLUG, "2016-04-29", "b@x.example"), ("daily", "2016-04-29", ADDRESS)]
    assert {(await ledger.open(store, *other, "<2@host>")).state for other in others} == {State.PENDING}


async def test_the_ledger_keeps_no_address(store):
    await ledger.open(store, SLUG, "2016-04-29", ADDRESS, "<1@host>")
    assert not await store.redis.keys(f"{store.keys.prefix}:*{ADDRESS}*")


async def test_the_latest_brief_and_a_stream_of_them_are_there_for_others(store):
    assert await briefs.latest(store, SLUG) is None
    for text in ('{"n":1}', '{"n":2}'):
        await briefs.publish(store, text, SLUG)
    stream = await store.redis.xrange(store.keys.briefs(SLUG))
    assert await briefs.latest(store, SLUG) == '{"n":2}'
    assert [fields[b"brief"] for _, fields in stream] == [b'{"n":1}', b'{"n":2}']
