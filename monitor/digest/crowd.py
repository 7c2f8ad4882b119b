"""How many people made a spike: counted over its hours in the store, for nobody can add up people hour by hour."""

import asyncio
from collections.abc import Sequence

from monitor.model.brief import Brief, Spike
from monitor.model.campaign import Campaign
from monitor.model.metric import Metric
from monitor.model.window import Window
from monitor.store import causes
from monitor.store.store import Store


async def counted(store: Store, campaign: Campaign, brief: Brief) -> Brief:
    """Return a brief of which every spike tells how many people took part; articles are not written by a crowd."""
    return brief.model_copy(update={"spikes": await peopled(store, campaign, brief.spikes)}) if brief.spikes else brief


async def peopled(store: Store, campaign: Campaign, spikes: Sequence[Spike]) -> tuple[Spike, ...]:
    """Return spikes that tell how many people took part."""
    return tuple(await asyncio.gather(*(_counted(store, campaign, spike) for spike in spikes)))


async def _counted(store: Store, campaign: Campaign, spike: Spike) -> Spike:
    if spike.crowd is None or spike.name == Metric.ARTICLES:
        return spike
    people = await causes.people(store, campaign.slug, Window(spike.start, spike.end))
    crowd = spike.crowd.model_copy(update={"authors": None if people is None else float(people)})
    return spike.model_copy(update={"crowd": crowd})
