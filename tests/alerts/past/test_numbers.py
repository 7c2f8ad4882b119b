"""What rules of numbers would have sent, held beside what they did send."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.alerts.past.numbers import past
from monitor.alerts.past.replay import messages
from monitor.alerts.rounds import Watched
from monitor.alerts.rules import Drop, Spike, Threshold
from monitor.model.definition import Break
from monitor.model.run import Outcome
from monitor.model.window import Window
from monitor.store.store import Store
from tests.alerts.cases import HOUR
from tests.alerts.past.lived import SETTINGS, lived, told
from tests.alerts.street import SINCE, posts, stored, usual
from tests.people import ALEPPO, NOON

RULES = (
    Spike(on="spike"),
    Spike(on="spike", hashtag="SaveAleppo"),
    Drop(on="drop", sensitivity="high"),
    Threshold(on="threshold", hours=2, above=150),
    Threshold(on="threshold", hours=3, below=5, severity="critical"),
)
DAYS = Window(NOON, NOON + 33 * HOUR)
COUNTS = {6: 300, 7: 250, **dict.fromkeys(range(14, 19), 0), **dict.fromkeys(range(24, 30), 0)}
"""Posts of the hours that are not usual."""

BLIND = range(24, 31)
USUAL = 30


async def hour(store: Store, now: datetime) -> None:
    """Store the hour that ends now."""
    place = round((now - NOON) / HOUR)
    if place == 0:
        await stored(store, usual(USUAL, now, days=6), now=now)
        return
    outcome = Outcome.BLIND if place in BLIND else Outcome.OK
    await stored(store, posts(COUNTS.get(place, USUAL), now - HOUR / 2), now=now, outcome=outcome)


@pytest.mark.slow
async def test_what_is_played_is_what_was_sent(store: Store):
    sent = await lived(store, Watched(ALEPPO, RULES), DAYS, HOUR, lambda now: hour(store, now))
    found = await past(store, ALEPPO, RULES, DAYS)
    assert told(messages("aleppo", found, SETTINGS.policy("aleppo"))) == told(sent)
    kinds = [one.kind.value for message in sent for one in message.new]
    assert sorted(kinds) == ["above", "below", "drop", "spike"]  # that of the hashtag is a part, what is blind is muted
    assert found.known == DAYS


async def test_it_reaches_as_far_as_anything_was_watched(store: Store):
    await stored(store, posts(3, NOON - HOUR))
    found = await past(store, ALEPPO, RULES, Window(NOON - timedelta(days=90), NOON))
    assert found.known == Window(SINCE, NOON)
    assert "Which sources were blind before 2016-04-29 12:00 UTC is not kept" in found.doubts[0]


async def test_what_was_counted_otherwise_is_no_history(store: Store):
    await stored(store, [*usual(2, NOON - 24 * HOUR), *posts(90, NOON - 23.5 * HOUR), *usual(90, NOON, days=1)])
    changed = Break(platform="mastodon", number="posts", at=NOON - 24 * HOUR, what="boosts, too")
    window, rules = Window(NOON - 48 * HOUR, NOON), [Spike(on="spike")]
    whole, parted = ALEPPO, replace(ALEPPO, breaks=(changed,))
    found = [
        len(list(messages("aleppo", await past(store, one, rules, window), SETTINGS.policy("aleppo"))))
        for one in (whole, parted)
    ]
    assert found[0] > found[1] == 0


async def test_where_nobody_looked_nothing_is_known(store: Store):
    assert (await past(store, ALEPPO, RULES, DAYS)).known is None
