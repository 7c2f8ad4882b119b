"""All findings of one campaign in one window, as one value."""

from monitor.model.akin import family_of
from monitor.model.brief import Brief, Seen, SourceHealth, Stretch
from monitor.model.metric import Metric
from monitor.model.sighting import SourceState
from monitor.model.spelling import capitalised
from monitor.trends import breaks, shares
from monitor.trends.concentration import concentration
from monitor.trends.course import course
from monitor.trends.coverage import health, speaks_of
from monitor.trends.facts import Facts
from monitor.trends.loss import lost
from monitor.trends.printed import media_lags
from monitor.trends.reported import reported
from monitor.trends.stirred import stirred
from monitor.trends.stories import largest
from monitor.trends.totals import totals
from monitor.trends.verdict import headline_metric, state

HEADLINES = 50
"""The most headlines a brief carries."""

MOST_SEEN = 20
"""The most unlisted spellings it carries."""


def brief(facts: Facts) -> Brief:
    """Return the brief of one campaign; whatever was not seen is None in it, never zero."""
    facts = breaks.parted(facts)
    campaign, window = facts.campaign, facts.windows.now
    numbers = totals(facts)
    stirs = stirred(facts)
    going = course(facts)
    return Brief(
        campaign=campaign.slug,
        title=campaign.title,
        titles=campaign.titles,
        zone=campaign.zone,
        made_at=facts.now,
        window=Stretch(start=window.start, end=window.end),
        state=state(facts, numbers, stirs.spikes),
        headline_metric=headline_metric(numbers),
        totals=numbers,
        spikes=stirs.spikes,
        spellings=shares.spellings(facts),
        platforms=shares.platforms(facts),
        outlets=shares.outlets(facts),
        languages=shares.languages(facts),
        tongues=shares.tongues(facts),
        regions=shares.regions(facts),
        countries=shares.countries(facts),
        headlines=tuple(one for one in facts.headlines if window.start <= one.at < window.end)[:HEADLINES],
        lines=stirs.lines,
        sources=tuple(_health(facts, source) for source in facts.sources if speaks_of(source, facts.windows.now)),
        reported=reported(facts),
        seen=tuple(_seen(facts)[:MOST_SEEN]),
        polls=tuple(facts.polls),
        stories=largest(facts.headlines, facts.copies, window),
        lags=media_lags(facts),
        headings=going.headings,
        shifts=going.shifts,
        forecasts=going.forecasts,
        concentration=concentration(facts.spreads),
        breaks=breaks.told(facts),
    )


def _health(facts: Facts, source: SourceState) -> SourceHealth:
    """Return how a source did, and about how much its gaps hid; files have none where their platform is asked, too."""
    told = health(source, facts.windows.now, facts.now)
    if told.imported:
        return told if source.platform in facts.imported else told.model_copy(update={"gaps": ()})
    metric = Metric.ARTICLES if source.platform in facts.press else Metric.POSTS
    missed = lost(told.gaps, facts.hours, facts.usable_hours, source.platform, metric)
    return told.model_copy(update={"lost": missed})


def _seen(facts: Facts) -> list[Seen]:
    """Return the spellings that are still not listed, those of most posts first."""
    found = ((family_of(facts.campaign, name), name, posts) for name, posts in facts.unlisted.items())
    seen = [
        Seen(spelling=f"#{capitalised(name, family.tag)}", family=family.hashtag, posts=posts)
        for family, name, posts in found
        if family
    ]
    return sorted(seen, key=lambda one: (-one.posts, one.spelling))
