"""Which first articles would have been told, held beside what was."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerts.past.press import past
from monitor.alerts.past.replay import messages
from monitor.alerts.rounds import Watched
from monitor.alerts.rules import FirstOutlet
from monitor.model.campaign import Campaign
from monitor.model.outlet import Outlet, Outlets, Region
from monitor.model.window import Window
from monitor.store.store import Store
from tests.alerts.cases import HOUR
from tests.alerts.past.lived import SETTINGS, late, lived, told
from tests.alerts.street import printed, stored
from tests.people import ALEPPO, NOON

OUTLETS = Outlets(
    (
        Outlet("bbc.example", "BBC", "en", "GB", Region.WESTERN),
        Outlet("aj.example", "Jazeera", "ar", "QA", Region.ARAB),
    )
)
LISTED = replace(ALEPPO, outlets=OUTLETS)
RULES = tuple(FirstOutlet(on="first-outlet", region=region) for region in ("any", "arab", "western"))
DAYS = Window(NOON - 72 * HOUR, NOON)
PRINTED = {45: "Nobody", 40: "Jazeera", 39: "BBC", 20: "BBC", 3: "Jazeera"}
"""Who prints how many hours before noon."""


async def street(store: Store, now: datetime) -> None:
    hours = (NOON - now) / HOUR
    await stored(store, source="feeds", now=now)
    if hours in PRINTED:
        await printed(store, (PRINTED[int(hours)], hours), now=now)


async def played(store: Store, window: Window = DAYS, campaign: Campaign = LISTED):
    found = await past(store, campaign, RULES, window)
    return found, list(messages("aleppo", found, SETTINGS.policy("aleppo")))


async def test_what_is_played_is_what_was_sent(store: Store):
    watched = Watched(LISTED, RULES)
    sent = await lived(store, watched, DAYS, HOUR, lambda now: street(store, now))
    _, again = await played(store)
    assert told(again) == told(sent)
    assert [part for _, *parts in told(sent) for part in parts] == [
        "new first-outlet/any first-outlet",
        "new first-outlet/arab first-outlet",
        "new first-outlet/western first-outlet",
    ]
    assert late(sent, again) <= HOUR


async def test_an_article_of_before_is_named_as_the_reason_why_nothing_is_told(store: Store):
    await stored(store, source="feeds", now=NOON - timedelta(days=60))
    await printed(store, ("BBC", 24 * 30))
    found, sent = await played(store)
    assert sent == []
    assert found.doubts == (
        "The first article of all was printed on 2016-03-30, before these days; it is told once.",
        "No article of the Arab press was counted yet.",
        "The first article of the Western press was printed on 2016-03-30, before these days; it is told once.",
    )


async def test_what_was_printed_before_anybody_looked_was_no_news(store: Store):
    await printed(store, ("BBC", 40))
    await stored(store, source="feeds")
    found, sent = await played(store)
    assert sent == []
    assert "before what is known of the sources' runs" in found.doubts[0]


async def test_a_headline_that_is_gone_makes_no_message_but_a_sentence(store: Store):
    await stored(store, source="feeds", now=DAYS.start)
    await printed(store, ("BBC", 40), ("Jazeera", 5))
    await store.redis.zremrangebyrank(store.keys.headlines("aleppo"), 0, 0)
    found, _ = await played(store)
    assert "The first article of all was printed on 2016-04-27; its headline is not kept any more." in found.doubts


async def test_without_an_article_nothing_is_known(store: Store):
    assert (await played(store))[0].known is None
