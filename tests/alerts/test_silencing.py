"""Silence for a while, wished for by the command, the page or a program: all come here."""

import asyncio
from datetime import timedelta

import pytest

from monitor.alerts import board, silencing
from monitor.alerts.silencing import Known, Wish, begin, end, lasts
from monitor.errors import MonitorError
from monitor.store.store import Store
from tests.people import NOON

KNOWN = Known(campaigns={"aleppo", "buses"}, rules={"spike", "blind"}, sources={"mastodon"}, of_all={"blind"})
MARCH = Wish({"campaign": "aleppo", "rule": "spike"}, timedelta(hours=2), "the march", "lina")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("written", "minutes"), [("30m", 30), ("2h", 120), ("3d", 4320), ("60d", 86_400)])
def test_a_length_is_written_as_people_say_it(written, minutes):
    assert lasts(written) == minutes * MINUTE


@pytest.mark.parametrize("written", ["", "soon", "0h", "61d", "99999d", "-2h", "2 h", "2w", "٢h", "2h\n", "\0"])
def test_a_length_that_can_not_be_meant_says_how_one_is_written(written):
    with pytest.raises(MonitorError, match="write 30m, 2h or 3d, at most 60d"):
        lasts(written)


async def test_a_silence_lasts_as_wished_and_says_why_and_who(store: Store):
    one = await begin(store, MARCH, KNOWN, NOON)
    assert (one.campaign, one.rule, one.source) == ("aleppo", "spike", None)
    assert (one.begun, one.until) == (NOON, NOON + 2 * 60 * MINUTE)
    assert (one.because, one.by) == ("the march", "lina")
    assert await board.silences(store) == [one]


@pytest.mark.parametrize(
    ("part", "name", "words"),
    [
        ("campaign", "alepo", "no campaign is called alepo; did you mean aleppo"),
        ("rule", "spkie", "did you mean spike"),
        ("source", "x", "no source is called x; there are: mastodon"),
        ("source", "\u202ex\0" * 500, "no source is called xx"),
    ],
)
async def test_a_slip_of_the_hand_mutes_nothing(store, part, name, words):
    with pytest.raises(MonitorError, match=words):
        await begin(store, Wish({part: name}, MINUTE), KNOWN, NOON)
    assert await board.silences(store) == []


async def test_what_campaigns_share_is_silenced_for_all_of_them_or_not_at_all(store):
    with pytest.raises(MonitorError, match="silence blind for all of them"):
        await begin(store, Wish({"campaign": "aleppo", "rule": "blind"}, MINUTE), KNOWN, NOON)
    assert (await begin(store, Wish({"rule": "blind"}, MINUTE), KNOWN, NOON)).rule == "blind"


async def test_two_who_wish_at_once_both_get_it(store):
    wishes = [MARCH, Wish({}, MINUTE, "", "mia"), Wish({"source": "mastodon"}, MINUTE)]
    made = await asyncio.gather(*(begin(store, wish, KNOWN, NOON) for wish in wishes))
    assert {one.id for one in await board.silences(store)} == {one.id for one in made}


async def test_a_wish_that_is_sent_twice_is_there_once(store):
    first = await begin(store, MARCH, KNOWN, NOON)
    assert await begin(store, MARCH, KNOWN, NOON + MINUTE / 2) == first
    assert await board.silences(store) == [first]


@pytest.mark.parametrize(
    "other",
    [
        Wish({"campaign": "aleppo"}, MARCH.length, "the march", "lina"),
        Wish(MARCH.wanted, MARCH.length, "the march", "mia"),
        Wish(MARCH.wanted, MARCH.length * 2, "the march", "lina"),
    ],
)
async def test_another_wish_is_another_silence(store, other):
    assert (await begin(store, MARCH, KNOWN, NOON)).id != (await begin(store, other, KNOWN, NOON)).id


async def test_what_is_over_can_be_wished_for_again(store):
    first = await begin(store, MARCH, KNOWN, NOON)
    later = await begin(store, MARCH, KNOWN, first.until + MINUTE)
    assert await board.silences(store) == [later]


async def test_silences_end_by_name_or_all_at_once(store):
    first, second = [await begin(store, Wish({}, MINUTE * many), KNOWN, NOON) for many in (1, 2)]
    assert await end(store, [first.id]) == 1
    with pytest.raises(MonitorError, match=f"no silence is called {first.id}; there are: {second.id}"):
        await end(store, [first.id])
    assert await end(store, ["all"]) == 1
    assert await board.silences(store) == []


def test_what_is_said_of_an_unknown_name_is_short():
    with pytest.raises(MonitorError) as refused:
        KNOWN.check({"campaign": "x" * 1_000_000})
    assert len(str(refused.value)) < 1000
    assert silencing.PARTS == ("campaign", "rule", "source")
