"""Thirty-five days of a campaign on two platforms and in the press: a surge on Friday noon, half a day unseen, a break.

All of it is drawn by lot from one seed, so that it is the same for everybody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from monitor.model.brief import Headline
from monitor.model.campaign import Campaign
from monitor.model.definition import Break
from monitor.model.mention import Counts
from monitor.model.run import Outcome, Run
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Kind, Standing
from monitor.model.window import Window
from monitor.store import ingest, runs
from monitor.store.store import Store
from tests.digest.test_gather import FRIDAY, NOW
from tests.web.api.test_api import VOTING, Home

HOUR = timedelta(hours=1)
DAYS = 35
BEGAN = NOW - DAYS * 24 * HOUR
NOON = FRIDAY + 12 * HOUR
SURGE = Window(NOON, NOON + 4 * HOUR)
UNSEEN = Window(FRIDAY - 40 * HOUR, FRIDAY - 28 * HOUR)
CLOSED = Run(
    campaign="aleppo", source="channels", platform="telegram", started_at=UNSEEN.start + HOUR, seconds=1,
    outcome=Outcome.UNAVAILABLE, message="the server is down",
)  # fmt: skip
MONTH = replace(
    VOTING,
    titles={"ar": "أنقذوا حلب"},
    breaks=(Break(platform="telegram", number="posts", at=FRIDAY - 60 * HOUR, what="reposts are posts, too"),),
)
SPELLINGS = ("savealeppo", "أنقذوا_حلب", "انقذوا_حلب")
TITLES = ("حلب تحترق", "Aleppo hospital hit again", "أنقذوا حلب: نداء إلى العالم", "Protests planned for Friday")


class Month(Home):
    """A house that watches it."""

    def campaigns(self) -> Sequence[Campaign]:
        return (MONTH,)


async def fill(store: Store) -> None:
    """Write the whole month, as two platforms and a few papers told it."""
    dice = Random(7)
    await runs.declare(store, "aleppo", {"mastodon": "mastodon", "channels": "telegram", "papers": "feeds"}, BEGAN)
    whole = Window(BEGAN, NOW)
    await _write(store, "mastodon", "mastodon", "posts", [*_posts(dice, "m", 1.5)], [whole])
    apart = [Window(BEGAN, UNSEEN.start), Window(UNSEEN.end, NOW)]
    seen = [
        post for post in _posts(dice, "t", 0.8) if not UNSEEN.start.timestamp() <= post.created < UNSEEN.end.timestamp()
    ]
    await runs.add(store, CLOSED)
    await _write(store, "channels", "telegram", "posts", seen, apart)
    await _write(store, "papers", "feeds", "articles", [*_articles(dice)], [whole])


def _posts(dice: Random, name: str, pace: float) -> Iterator[Sighting]:
    for hour in range(DAYS * 24):
        at = BEGAN + hour * HOUR
        busy = pace * (1.6 if 6 <= at.hour <= 20 else 0.5) * (14 if at in SURGE else 1)
        for number in range(round(busy * dice.uniform(0.5, 1.5))):
            yield _post(dice, f"{name} {hour} {number}", at, loud=at in SURGE and number == 0)


def _post(dice: Random, name: str, at: datetime, *, loud: bool) -> Sighting:
    spelling = dice.choices(SPELLINGS, (6, 4, 1))[0]
    views = 40_000 if loud else dice.randrange(20, 900)
    return Sighting(
        name,
        int(at.timestamp()) + dice.randrange(3600),
        (*MONTH.subjects([spelling]), f"language/{dice.choice(('ar', 'ar', 'en'))}"),
        Counts(impressions=views, likes=views // 30, reposts=views // 90),
        author=f"https://social.example/users/{dice.randrange(400)}",
        followers=dice.randrange(10, 4000),
        tags=("Syria",) if at in SURGE and dice.random() < 0.7 else (),
        link="https://social.example/a-great-one" if loud else None,
    )


def _articles(dice: Random) -> Iterator[Sighting]:
    for number in range(160):
        hours = dice.randrange(DAYS * 24) if number > 12 else (NOON - BEGAN) // HOUR + dice.randrange(4)
        at = BEGAN + hours * HOUR
        outlet, language, region = dice.choice(
            (("aljazeera", "ar", "arab"), ("bbc", "en", "western"), ("sana", "ar", "arab"))
        )
        line = Headline(
            title=dice.choice(TITLES),
            outlet=outlet,
            language=language,
            at=at,
            link=f"https://{outlet}.example/{number}",
        )
        subjects = ("*", f"outlet/{outlet}", f"language/{language}", f"region/{region}")
        yield Sighting(
            f"article {number}", int(at.timestamp()), subjects, headline=line.model_dump_json(exclude_defaults=True)
        )


async def _write(  # noqa: PLR0917 - what a batch is made of
    store: Store, source: str, platform: str, kind: Kind, sightings: Sequence[Sighting], covered: Sequence[Window]
) -> None:
    now = int(NOW.timestamp())
    for first in range(0, len(sightings), 500):
        part, standing = sightings[first : first + 500], Standing({"at": 1}, tuple(covered))
        batch = Batch("aleppo", MONTH.zone, platform, source, kind, now, now, part, walk="w", standing=standing)
        await ingest.write(store, batch)
    done = Run(campaign="aleppo", source=source, platform=platform, started_at=NOW, seconds=1, outcome=Outcome.OK)
    await runs.add(store, done)
