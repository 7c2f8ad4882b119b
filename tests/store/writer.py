"""A collecting process that can be killed: it writes the same work again and again, in another order each time."""

import asyncio
import random

from monitor.model.mention import Counts
from monitor.model.metric import WHOLE
from monitor.model.sighting import Batch, Sighting
from monitor.store import ingest, redis
from monitor.store.keys import Keys
from monitor.store.store import Store

POSTS, ROUNDS, AT_ONCE = 400, 3, 40
START, HOUR = 1_461_931_200, 3600
TAGS = 5  # other ones, one a post
SECRET = b"a secret of the tests"


def work() -> list[Batch]:
    """Return all there is to read: every post in every round, its likes grown each time."""
    firsts = range(0, POSTS, AT_ONCE)
    return [_batch(told, range(first, first + AT_ONCE)) for told in range(ROUNDS) for first in firsts]


def likes(number: int, told: int = ROUNDS - 1) -> int:
    return number % 7 + told * 3


def subjects(number: int) -> tuple[str, ...]:
    return (WHOLE, "tag/odd") if number % 2 else (WHOLE,)


def _batch(told: int, numbers: range) -> Batch:
    moment = START + told * HOUR
    seen = [
        Sighting(
            str(n), START - n * 60, subjects(n), Counts(likes=likes(n, told)), author=str(n), tags=(f"tag{n % TAGS}",)
        )
        for n in numbers
    ]
    return Batch("aleppo", "Asia/Damascus", "mastodon", "one", "posts", observed=moment, now=moment, sightings=seen)


def write_for_ever(url: str, prefix: str, seed: int) -> None:
    asyncio.run(_write_for_ever(url, prefix, random.Random(seed)))


async def _write_for_ever(url: str, prefix: str, dice: random.Random) -> None:
    async with redis.connect(url) as client:
        store = Store(client, Keys(prefix), SECRET)
        while True:
            for one in dice.sample(work(), len(work())):
                await ingest.write(store, one)
