"""Which article would have been told as the first of all, or of a part of the world."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts.finding import Finding
from monitor.alerts.found import findings
from monitor.alerts.past.replay import Look, Past
from monitor.alerts.past.sources import sources
from monitor.alerts.press import EVER, FRESH, days, is_of
from monitor.alerts.reading import Seen
from monitor.alerts.rules import FirstOutlet
from monitor.model.brief import Headline
from monitor.model.campaign import Campaign
from monitor.model.window import Window
from monitor.store import headlines
from monitor.store.store import Store

NAMES = {"any": "article of all", "arab": "article of the Arab press", "western": "article of the Western press"}
ONE_DAY = timedelta(hours=25)  # the longest


async def past(store: Store, campaign: Campaign, rules: Sequence[FirstOutlet], window: Window) -> Past:
    """Return the first articles inside a window, as if each had been seen when it was printed."""
    began = await days(store, campaign, NAMES, window.end)
    if not began:
        return Past(None, doubts=("No article was counted yet.",))
    kept = await headlines.within(store, campaign.slug, Window(campaign.since or EVER, window.end))
    earliest = {region: one for region in began for one in kept if is_of(campaign, one, region)}
    first = {region: one for region, one in earliest.items() if one.at - began[region] < ONE_DAY}
    asked = await sources(store, campaign.slug)
    looked = min((one.runs[0].started_at for one in asked.asked), default=window.end) - FRESH
    fresh = {region: one for region, one in first.items() if one.at in window and one.at >= looked}
    looks = [Look(at, _found(campaign, rules, fresh, at)) for at in sorted({one.at for one in fresh.values()})]
    here = ZoneInfo(campaign.zone)
    printed = {region: at.astimezone(here) for region, at in began.items()}
    printed |= {region: one.at.astimezone(here) for region, one in first.items()}
    silent = sorted({rule.region for rule in rules} - fresh.keys())
    known = Window(max(min(began.values()), window.start), window.end)
    return Past(known, looks, tuple(_untold(region, printed.get(region), window, looked) for region in silent))


def _found(
    campaign: Campaign, rules: Sequence[FirstOutlet], first: Mapping[str, Headline], at: datetime
) -> list[Finding]:
    told = {region: one for region, one in first.items() if one.at == at}
    return list(findings(Seen(campaign, at, (), first=told), rules))


def _untold(region: str, at: datetime | None, window: Window, looked: datetime) -> str:
    """Say why the first article of a region, printed about then, makes no alert."""
    if at is None:
        return f"No {NAMES[region]} was counted yet."
    told = f"The first {NAMES[region]} was printed on {at:%Y-%m-%d}"
    if at < window.start:
        return f"{told}, before these days; it is told once."
    if at < looked:
        return f"{told}, before what is known of the sources' runs: whether it was news then can not be said."
    return f"{told}; its headline is not kept any more."
