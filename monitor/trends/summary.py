"""All findings of one campaign in one window, as one value."""

from typing import NamedTuple

import pandas as pd

from monitor.model.akin import family_of
from monitor.model.brief import Brief, Line, Seen, SourceHealth, Spike, Stretch
from monitor.model.metric import Metric
from monitor.model.sighting import SourceState
from monitor.model.spelling import capitalised
from monitor.trends import breaks, shares
from monitor.trends.concentration import concentration
from monitor.trends.course import course
from monitor.trends.coverage import health, speaks_of
from monitor.trends.explain import explained
from monitor.trends.facts import Facts
from monitor.trends.frame import tellers, together
from monitor.trends.lines import is_daily, line
from monitor.trends.loss import lost
from monitor.trends.number import by_hour, posts_of, unit_of
from monitor.trends.printed import media_lags
from monitor.trends.reported import reported
from monitor.trends.spikes import DAY, spikes, touching, watched
from monitor.trends.stories import largest
from monitor.trends.totals import totals
from monitor.trends.verdict import headline_metric, state

WATCHED = ("posts", "impressions", "articles", "engagement")
"""The numbers that are drawn and have spikes; an event that shows in several is told of the first of them."""

HEADLINES = 50
"""The most headlines a brief carries."""

WEEK = 7 * DAY
"""Hours of engagement that only show its rhythm: posts are asked again by night, and reactions are booked then."""

MOST_SEEN = 20
"""The most unlisted spellings it carries."""


def brief(facts: Facts) -> Brief:
    """Return the brief of one campaign; whatever was not seen is None in it, never zero."""
    facts = breaks.parted(facts)
    campaign, window = facts.campaign, facts.windows.now
    numbers = totals(facts)
    hours = [series for number in WATCHED if (series := _hours(facts, number)) is not None]
    found = _told_once([spike for series in hours for spike in series.spikes])
    going = course(facts)
    return Brief(
        campaign=campaign.slug,
        title=campaign.title,
        titles=campaign.titles,
        zone=campaign.zone,
        made_at=facts.now,
        window=Stretch(start=window.start, end=window.end),
        state=state(facts, numbers, found),
        headline_metric=headline_metric(numbers),
        totals=numbers,
        spikes=explained(facts, found),
        spellings=shares.spellings(facts),
        platforms=shares.platforms(facts),
        outlets=shares.outlets(facts),
        languages=shares.languages(facts),
        tongues=shares.tongues(facts),
        regions=shares.regions(facts),
        countries=shares.countries(facts),
        headlines=tuple(one for one in facts.headlines if window.start <= one.at < window.end)[:HEADLINES],
        lines=tuple(series.line for series in hours),
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


class _Hours(NamedTuple):
    """One watched number: its line, and its spikes in the window."""

    line: Line
    spikes: tuple[Spike, ...]


def _hours(facts: Facts, number: str) -> _Hours | None:
    """Return the line and the spikes of one number; None when no platform ever told it."""
    cells = by_hour(facts, number)
    told = cells[tellers(cells)]
    if told.empty and number != Metric.POSTS:
        return None
    window, zone = facts.windows.now, facts.campaign.zone
    posts = posts_of(facts, number, told)
    hours = watched(told, zone, unit=unit_of(told, posts), late=posts is not None)
    seen = together(cells, facts.configured)
    usual = hours.expected.where(hours.seen.notna() & seen.notna())
    stray = hours.stray(DAY if is_daily(window) else 1)
    drawn = line(number, pd.DataFrame({"seen": seen, "expected": usual, "stray": stray}), window, zone)
    first = WEEK if number == "engagement" else DAY
    found = spikes(number, hours, posts=None if posts is None else posts.sum(axis=1), first=first)
    return _Hours(drawn, touching(found, window))


def _told_once(found: list[Spike]) -> tuple[Spike, ...]:
    """Leave out a spike that touches one of an earlier number: one event is told once."""
    kept: list[Spike] = []
    for spike in found:
        others = [other for other in kept if other.name != spike.name]
        if not any(spike.start < other.end and other.start < spike.end for other in others):
            kept.append(spike)
    return tuple(sorted(kept, key=lambda spike: spike.start))
