"""What invented people post about a campaign, day by day, as a collector writes it."""

import random
from collections.abc import Sequence
from datetime import datetime

from monitor.model.campaign import Campaign
from monitor.model.mention import Counts
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window

DAY = 86_400  # seconds


def a_day(dice: random.Random, told: Campaign, since: datetime, many: int) -> list[Sighting]:
    """Return so many posts, evenly over the day."""
    return [_post(dice, told, since, number, many) for number in range(many)]


def batch(told: Campaign, platform: str, covered: Window, seen: Sequence[Sighting]) -> Batch:
    """Return posts as the only source of a platform brings them, which has watched a window to its end."""
    until = int(covered.end.timestamp())
    return Batch(
        campaign=told.slug,
        zone=told.zone,
        platform=platform,
        source=platform,
        kind="posts",
        observed=until,
        now=until,
        sightings=seen,
        walk="all",
        standing=Standing({}, (covered,)),
    )


def _post(dice: random.Random, told: Campaign, since: datetime, number: int, many: int) -> Sighting:
    counts = Counts(dice.randrange(5000), dice.randrange(90), dice.randrange(40), dice.randrange(20), dice.randrange(9))
    return Sighting(
        id=f"{since:%j}-{number}",
        created=int(since.timestamp()) + number * DAY // many,
        subjects=told.subjects([dice.choice(told.families).tag]),
        counts=counts,
        author=f"u{dice.randrange(3000)}",
        followers=dice.randrange(10_000),
    )
