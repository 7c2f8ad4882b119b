"""Outlets that brought articles and stand in no table: they count by their country, or as other."""

from monitor.model.campaign import Campaign
from monitor.model.metric import outlet_subject
from monitor.store import series
from monitor.store.store import Store

MOST_NAMED = 6


async def unlisted(store: Store, campaign: Campaign) -> tuple[str, ...]:
    """Return the names of the outlets that the campaign's table does not know."""
    seen = await series.subjects(store, campaign.slug, "outlet")
    names = (subject.removeprefix(outlet_subject("")) for subject in seen)
    return tuple(name for name in names if name not in campaign.outlets.names)


def hint(names: tuple[str, ...]) -> str:
    """Say what to do about them; empty when there are none."""
    if not names:
        return ""
    named = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
    many = "1 outlet is" if len(names) == 1 else f"{len(names)} outlets are"
    return f"{many} not in outlets.csv, and counted by country or as other press: {named}"
