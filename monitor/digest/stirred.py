"""From the store to what stirs: no more is read and reckoned than an alert tells and draws."""

import asyncio
from dataclasses import replace

from monitor.digest import crowd, weeks
from monitor.digest.gather import DRIVING, HISTORY, WATCHED, Reader, cut
from monitor.fetch.beside import beside
from monitor.model.brief import Stir, Stretch
from monitor.model.campaign import Campaign
from monitor.model.metric import WHOLE, Metric
from monitor.model.window import Resolution, Window
from monitor.store import beyond, headlines, runs
from monitor.store.store import Store
from monitor.trends import breaks, shares
from monitor.trends.facts import Facts
from monitor.trends.stirred import stirred


async def stir(store: Store, campaign: Campaign, window: Window) -> Stir:
    """Return what stirs in a campaign until the end of a window, which is now."""
    facts = breaks.parted(await _facts(store, campaign, window))
    lines, spikes = await beside(stirred, facts)
    span = facts.windows.now
    return Stir(
        title=campaign.title,
        titles=campaign.titles,
        zone=campaign.zone,
        made_at=facts.now,
        window=Stretch(start=span.start, end=span.end),
        headline_metric=Metric.POSTS,
        lines=lines,
        spikes=await crowd.peopled(store, campaign, spikes),
        polls=tuple(facts.polls),
    )


async def _facts(store: Store, campaign: Campaign, window: Window) -> Facts:
    """Read what explains a spike, and nothing else; by the hour where a brief reads finer cells."""
    now, slug, read = window.end, campaign.slug, Reader(store, campaign, window.end)
    reach = await beyond.reach(store.older, slug, now)
    spans, fine = cut(window, campaign.zone, reach)
    known, press, social = await read.sides()
    past = Window(max(spans.now.start - HISTORY, reach.since(Resolution.HOUR, now)), spans.now.end)
    spelled, tongues, papers = await asyncio.gather(*(read.subjects(kind) for kind in ("tag", "language", "outlet")))
    named = [subject for subject in spelled if subject in shares.named_spellings(campaign)]
    frames = asyncio.gather(
        read.frame([WHOLE], known, WATCHED, past, Resolution.HOUR),
        read.frame([*named, *tongues], social, DRIVING, past, Resolution.HOUR),
        read.frame([*papers, *tongues], sorted(press), [Metric.ARTICLES], spans.hull, fine),
    )
    around = asyncio.gather(
        read.causes(spans.now),
        runs.states(store, slug),
        headlines.within(store, slug, spans.hull),
        asyncio.gather(*(weeks.week(store, slug, poll, spans.now) for poll in campaign.polls)),
    )
    (hours, parts, outlets), (why, states, titles, polls) = await asyncio.gather(frames, around)
    told = Facts(campaign, spans, now, hours, hours, hours, parts, outlets, press=press, parts=parts)
    return replace(told, sources=states, headlines=titles, polls=polls, **why)
