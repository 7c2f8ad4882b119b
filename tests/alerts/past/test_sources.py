"""What a rule of sources would have sent, held beside what it did send."""

from datetime import datetime, timedelta

from monitor.alerts.past.replay import messages
from monitor.alerts.past.sources import past
from monitor.alerts.rounds import Watched
from monitor.alerts.rules import HOUSE, Source
from monitor.model.run import Outcome, Run
from monitor.model.window import Window
from monitor.store import runs
from monitor.store.store import Store
from tests.alerts.cases import HOUR, MINUTE
from tests.alerts.past.lived import SETTINGS, late, lived, of_house, told
from tests.people import ALEPPO, NOON

RULE = Watched(ALEPPO, (Source(on="source", silent_hours=3),))
DAY = Window(NOON, NOON + 40 * HOUR)
STEP = 30 * MINUTE
OUTCOMES = {"a": {5: Outcome.BLIND, 9: Outcome.OK, 20: Outcome.UNAVAILABLE, 26: Outcome.OK}, "b": {30: Outcome.REFUSED}}
"""From which hour on each source ends its runs so; before, all is well."""


def outcome(source: str, now: datetime) -> Outcome:
    hours = (now - NOON) / HOUR
    return next((how for hour, how in reversed(OUTCOMES[source].items()) if hours >= hour), Outcome.EMPTY)


async def asked(store: Store, now: datetime) -> None:
    for source in OUTCOMES:
        how = outcome(source, now)
        run = Run(campaign="aleppo", source=source, platform=source, started_at=now, seconds=0, outcome=how)
        await runs.add(store, run)


async def test_what_is_played_is_what_was_sent(store: Store):
    await runs.declare(store, "aleppo", {"a": "a", "b": "b"}, NOON)
    sent = await lived(store, RULE, DAY, STEP, lambda now: asked(store, now), of_house)
    played = list(messages(HOUSE, await past(store, [RULE], DAY), SETTINGS.policy(HOUSE)))
    assert told(played) == told(sent)
    assert [part.split()[0] for _, part in told(sent)] == ["new", "over", "new", "over", "new"]
    assert late(sent, played) <= STEP


async def test_it_reaches_as_far_as_turns_are_kept(store: Store):
    await runs.declare(store, "aleppo", {"a": "a"}, NOON)
    for number in range(150):
        await asked(store, NOON + number * STEP)
    found = await past(store, [RULE], Window(NOON - timedelta(days=90), DAY.end))
    assert found.known == Window(NOON, DAY.end)


async def test_of_a_source_that_came_later_it_is_said(store: Store):
    await runs.declare(store, "aleppo", {"a": "a", "b": "b"}, NOON)
    for source, hours in (("a", 0), ("b", 20)):
        at = NOON + hours * HOUR
        run = Run(campaign="aleppo", source=source, platform=source, started_at=at, seconds=0, outcome=Outcome.OK)
        await runs.add(store, run)
    assert (await past(store, [RULE], DAY)).doubts == ("What aleppo / b did before 2016-04-30 08:00 UTC is not kept.",)


async def test_before_anything_was_asked_nothing_is_known(store: Store):
    found = await past(store, [RULE], DAY)
    assert (found.known, list(messages(HOUSE, found, SETTINGS.policy(HOUSE)))) == (None, [])
    assert "No source was asked yet" in found.doubts[0]
