"""A campaign in the real store: posts by the hour, the sources that brought them, and the rules that look at them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.alerts.channels import Channel
from monitor.alerts.rounds import Rounds, Watched
from monitor.alerts.rules import Rule
from monitor.alerts.settings import Settings
from monitor.clock import Simulated
from monitor.model.campaign import Campaign
from monitor.model.metric import WHOLE, outlet_subject
from monitor.model.run import Outcome, Run
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.store import ingest, runs
from monitor.store.store import Store
from tests.alerts.cases import HOUR, channel
from tests.people import ALEPPO, NOON

SINCE = NOON - timedelta(days=7)
TITLE = '{{"title": "Aleppo", "outlet": "{outlet}", "at": "{at}"}}'


def posts(count: int, at: datetime, name: str = "post", tags: Sequence[str] = ("SaveAleppo",)) -> list[Sighting]:
    """Return so many posts of one moment."""
    return [Sighting(f"{name} {at} {number}", int(at.timestamp()), ALEPPO.subjects(tags)) for number in range(count)]


def usual(each: int, until: datetime = NOON, days: int = 7) -> list[Sighting]:
    """Return so many posts in every hour of some days."""
    hours = [until - timedelta(hours=hour) for hour in range(1, 24 * days)]
    return [post for hour in hours for post in posts(each, hour)]


async def printed(store: Store, *articles: tuple[str, float], now: datetime = NOON) -> None:
    """Store articles, each of an outlet so many hours before noon."""
    await runs.declare(store, ALEPPO.slug, {"feeds": "feeds"}, NOON - timedelta(days=400))
    rows = [
        Sighting(
            f"{outlet} {hours}",
            int((NOON - hours * HOUR).timestamp()),
            (WHOLE, outlet_subject(outlet)),
            headline=TITLE.format(outlet=outlet, at=(NOON - hours * HOUR).isoformat()),
        )
        for outlet, hours in articles
    ]
    at = int(now.timestamp())
    await ingest.write(store, Batch(ALEPPO.slug, ALEPPO.zone, "feeds", "feeds", "articles", at, at, rows))


async def stored(
    store: Store,
    sightings: Sequence[Sighting] = (),
    *,
    now: datetime = NOON,
    source: str = "mastodon",
    platform: str | None = None,
    outcome: Outcome = Outcome.OK,
    campaign: Campaign = ALEPPO,
) -> None:
    """Write what a source saw until now, and that it was asked."""
    platform = platform or source
    await runs.declare(store, campaign.slug, {source: platform}, SINCE)
    at, standing = int(now.timestamp()), Standing({"at": 1}, (Window(SINCE, now),))
    batch = Batch(
        campaign.slug, campaign.zone, platform, source, "posts", at, at, sightings, walk="w", standing=standing
    )
    await ingest.write(store, batch)
    await runs.add(
        store,
        Run(campaign=campaign.slug, source=source, platform=platform, started_at=now, seconds=0, outcome=outcome),
    )


def rounds(store: Store, *rules: Rule, now: datetime = NOON, channels: Sequence[Channel] = (channel(),)) -> Rounds:
    """Return what looks at the campaign by these rules."""
    settings = Settings(channels=tuple(channels))
    return Rounds(store, settings, Simulated(now), [Watched(ALEPPO, rules)])
