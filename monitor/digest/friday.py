"""From the store to the Friday report: what a name that won a poll became on the street."""

from collections.abc import Sequence
from datetime import datetime

from monitor import sources
from monitor.collect.names import Voted, hashtags
from monitor.fetch.beside import beside
from monitor.model.campaign import Campaign, Name
from monitor.model.friday import FridayReport
from monitor.model.metric import Metric, family_subject
from monitor.model.series import Frame
from monitor.model.window import Resolution, Window
from monitor.store import headlines, polls, series
from monitor.store.store import Store
from monitor.trends import adoption
from monitor.trends.adoption import Street


async def report(store: Store, campaign: Campaign, voted: Voted, until: datetime, now: datetime) -> FridayReport | None:
    """Return the report of a week as it stood at `until`; None before its poll closed and a name won."""
    until, cycle = min(until, now, voted.ends), voted.cycle
    tags = hashtags(campaign, voted)
    if cycle.winner not in tags or not voted.is_over or until <= voted.closes:
        return None
    since = voted.begins.replace(minute=0, second=0, microsecond=0)
    subjects = {key: family_subject(family.key) for key, family in tags.items()}
    own = {one.hashtag: family_subject(one.key) for one in campaign.families if not isinstance(one, Name)}
    hours = await _hours(store, campaign, [*subjects.values(), *own.values()], Window(since, until), now)
    street = Street(
        cycle=cycle,
        tallies=await polls.tallies(store, campaign.slug, cycle.poll, cycle.day),
        until=until,
        hours=hours,
        labels={key: voted.labels[key] for key in tags},
        hashtags={key: family.hashtag for key, family in tags.items()},
        names=subjects,
        own=own,
        apart=frozenset(name for name in hours.known.columns if not _compares(name)),
        printed=await headlines.printing(store, campaign.slug, Window(since, until), tags[cycle.winner].key),
    )
    return await beside(adoption.report, street, voted.closes)


async def _hours(store: Store, campaign: Campaign, subjects: Sequence[str], window: Window, now: datetime) -> Frame:
    return await series.frame(
        store,
        campaign.slug,
        subjects=list(dict.fromkeys(subjects)),
        platforms=[name for name in await series.platforms(store, campaign.slug) if not sources.is_press(name)],
        metrics=[Metric.POSTS],
        window=window,
        resolution=Resolution.HOUR,
        zone=campaign.zone,
        now=now,
    )


def _compares(platform: str) -> bool:
    """Tell whether losing names are looked for there, too."""
    found = sources.platforms().get(platform)
    return found is None or found.Settings.COMPARES
