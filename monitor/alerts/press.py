"""Who printed first, of all outlets and of one part of the world: looked up as far back as anything is kept.

Headlines are kept by the thousand, the days on which an outlet printed for good: what is older than yesterday is asked
of those, so that no old article is forgotten because many came after it.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from monitor import sources
from monitor.model.brief import Headline
from monitor.model.campaign import Campaign
from monitor.model.metric import WHOLE, Metric, outlet_subject
from monitor.model.outlet import Region
from monitor.model.window import Resolution, Window, bucket
from monitor.store import headlines, series
from monitor.store.began import began as first_days
from monitor.store.store import Store

FRESH = timedelta(hours=6)
"""What happened longer ago is no news, as when alerts are switched on, or after a night without a monitor."""

EVER = datetime.fromtimestamp(0, UTC)


async def first(store: Store, campaign: Campaign, regions: Collection[str], now: datetime) -> dict[str, Headline]:
    """Return, by region (`any` for all), the first article of all, where it is fresh."""
    today = _day(campaign, now - FRESH)
    began = await days(store, campaign, regions, today)
    open_ = [region for region in regions if region not in began]
    if not open_:
        return {}
    newest_first = await headlines.within(store, campaign.slug, Window(max(today, _since(campaign)), now))
    found = {region: one for region in open_ for one in newest_first if is_of(campaign, one, region)}
    return {region: one for region, one in found.items() if one.at >= now - FRESH}


async def days(store: Store, campaign: Campaign, regions: Collection[str], until: datetime) -> dict[str, datetime]:
    """Return, by region, the first day before `until` on which one of its outlets printed anything."""
    known = [name for name in await series.platforms(store, campaign.slug) if sources.is_press(name)]
    printed = set(await series.subjects(store, campaign.slug, "outlet"))
    asked = {region: [one for one in _subjects(campaign, region) if one in {WHOLE, *printed}] for region in regions}
    subjects = sorted({subject for names in asked.values() for subject in names})
    span = Window(min(_day(campaign, _since(campaign)), until), until)
    began = await first_days(store, campaign.slug, subjects, known, Metric.ARTICLES, span)
    told = {region: [began[name] for name in names if name in began] for region, names in asked.items()}
    return {region: min(found) for region, found in told.items() if found}


def is_of(campaign: Campaign, headline: Headline, region: str) -> bool:
    """Tell whether an article was printed by an outlet that the operator lists in a part of the world."""
    if region == "any":
        return True
    listed = campaign.outlets.of(headline.link)
    if listed is None:
        listed = next((row for row in campaign.outlets.rows if row.name == headline.outlet), None)
    return listed is not None and listed.region is Region(region)


def _subjects(campaign: Campaign, region: str) -> list[str]:
    """Return whose articles make the first one of a region."""
    if region == "any":
        return [WHOLE]
    return [outlet_subject(row.name) for row in campaign.outlets.rows if row.region is Region(region)]


def _since(campaign: Campaign) -> datetime:
    return campaign.since or EVER


def _day(campaign: Campaign, moment: datetime) -> datetime:
    """Return the beginning of the local day that a moment lies in."""
    return datetime.fromtimestamp(bucket(int(moment.timestamp()), Resolution.DAY, campaign.zone), UTC)
