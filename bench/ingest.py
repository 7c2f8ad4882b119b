"""Posts per second through the exact path, against the floor (no state, TS.MADD only) and naive TS.ADD … SUM.

All of them store the same posts in batches of 1000 from two sources side by side, append-only file on; they take turns,
so that a busy machine slows all of them alike. The exact path counts every post for three subjects (campaign, tag,
spelling) at three resolutions, and its author; floor and naive write three samples a post, of one subject, at one
resolution.
Floor and naive use the same client; their arguments are laid out before the clock starts, while the exact path's
message is made as it runs. `packed` is the floor once more, every byte of it made beforehand: what the server alone
can do.
`full` also keeps audiences, puts every post on the refresh ladder and notes its language, its other tags, its wording
and, of one in twenty, its link; `again` is sent posts that are known already.
"""

import asyncio
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from redis.asyncio.connection import UnixDomainSocketConnection

from bench.show import flags, fresh_store, show
from monitor.model.mention import Counts
from monitor.model.metric import WHOLE
from monitor.model.sighting import Batch, Sighting
from monitor.store import ingest
from monitor.store.redis import execute
from monitor.store.store import Store

START = 1_461_931_200
AT_ONCE = 1000
SIDE_BY_SIDE = 2  # sources that are collected at the same time; the daemon takes eight
SUBJECTS = [(WHOLE, f"tag/t{n % 2}", f"tag/t{n % 2}/s{n}") for n in range(4)]
LANGUAGES = ("ar", "ar", "ar", "ar", "en", "en", "tr")
NAMES = ("posts", "likes", "reposts")
POSTS_A_DAY = 200_000
TARGETS = {"ratio_to_floor": "≥ 0.5", "ratio_to_naive": "≥ 2.5"}

Send = Callable[[], Awaitable[Any]]
Prepare = Callable[[Store, Sequence[Sighting]], Send]


def exact(store: Store, sightings: Sequence[Sighting]) -> Send:
    return lambda: ingest.write(store, batch("exact", sightings))


def full(store: Store, sightings: Sequence[Sighting]) -> Send:
    rich = [
        replace(
            one,
            subjects=(*one.subjects, f"language/{LANGUAGES[n * 31 % 7]}"),
            followers=n * 7 % 5000,
            again=one.id[-18:],
            tags=(f"tag{n % 10}", f"tag{n * n % 3001}"),
            link=one.id if n % 20 == 0 else None,
            wording=f"what somebody wrote about it {n if n % 3 else n % 50}",
        )
        for n, one in enumerate(sightings)
    ]
    return lambda: ingest.write(store, batch("full", rich))


def floor(store: Store, sightings: Sequence[Sighting]) -> Send:
    arguments = [part for one in sightings for sample in samples(one, "floor") for part in sample]
    return lambda: execute(store.redis, "TS.MADD", *arguments)


def packed(store: Store, sightings: Sequence[Sighting]) -> Send:
    arguments = [part for one in sightings for sample in samples(one, "floor") for part in sample]

    async def send() -> None:
        connection = await store.redis.connection_pool.get_connection()  # type: ignore[no-untyped-call]
        await connection.send_packed_command(command)
        await connection.read_response()
        await store.redis.connection_pool.release(connection)

    command = UnixDomainSocketConnection().pack_command("TS.MADD", *arguments)
    return send


def naive(store: Store, sightings: Sequence[Sighting]) -> Send:
    pipe = store.redis.pipeline(transaction=False)
    for one in sightings:
        for sample in samples(one, "naive"):
            pipe.execute_command("TS.ADD", *sample, "ON_DUPLICATE", "SUM")
    return pipe.execute


WAYS: dict[str, Prepare] = {
    "floor": floor,
    "packed": packed,
    "naive": naive,
    "exact": exact,
    "full": full,
    "again": exact,
}


def samples(one: Sighting, way: str) -> list[tuple[str, int, int]]:
    """Three samples a post."""
    cell, counts = one.created // 300 * 300_000, one.counts
    likes, reposts = counts.likes or 0, counts.reposts or 0
    return [(f"{way}:posts", cell, 1), (f"{way}:likes", cell, likes), (f"{way}:reposts", cell, reposts)]


def batch(campaign: str, sightings: Sequence[Sighting]) -> Batch:
    now = sightings[-1].created + 60
    return Batch(
        campaign=campaign,
        zone="Asia/Damascus",
        platform="mastodon",
        source="social.example",
        kind="posts",
        observed=now,
        now=now,
        sightings=sightings,
        keep=9 * 86400,
    )


def posts(first: int, count: int) -> list[Sighting]:
    """Posts of a busy day, in order, from fifty thousand people."""
    dice = random.Random(first)
    return [
        Sighting(
            id=f"https://social.example/users/u{dice.randrange(50_000)}/statuses/{number}",
            created=START + number * 86400 // POSTS_A_DAY,
            subjects=SUBJECTS[dice.randrange(4)],
            counts=Counts(likes=int(dice.paretovariate(1)), reposts=int(dice.paretovariate(1.2))),
            author=f"https://social.example/users/u{dice.randrange(50_000)}",
        )
        for number in range(first, first + count)
    ]


async def one_after_the_other(sends: Sequence[Send]) -> None:
    for send in sends:
        await send()


async def one_round(store: Store, first: int, size: int) -> dict[str, float]:
    """Return the posts per second of each way with the same posts."""
    sightings, speeds = posts(first, size), {}
    for way, prepare in WAYS.items():
        sends = [prepare(store, sightings[at : at + AT_ONCE]) for at in range(0, size, AT_ONCE)]
        start = time.perf_counter()
        await asyncio.gather(*(one_after_the_other(sends[number::SIDE_BY_SIDE]) for number in range(SIDE_BY_SIDE)))
        speeds[way] = size / (time.perf_counter() - start)
    return speeds


async def measure(*, rounds: int, size: int) -> dict[str, float]:
    speeds: dict[str, list[float]] = defaultdict(list)
    async with fresh_store() as store:
        for way in ("floor", "naive"):
            for name in NAMES:
                await execute(store.redis, "TS.CREATE", f"{way}:{name}", "CHUNK_SIZE", 256, "DUPLICATE_POLICY", "SUM")
        await one_round(store, 0, AT_ONCE)  # warm
        for number in range(1, rounds + 1):
            for way, speed in (await one_round(store, number * size, size)).items():
                speeds[way].append(speed)
    ratio = {way: [a / b for a, b in zip(speeds["exact"], speeds[way], strict=True)] for way in ("floor", "naive")}
    return {
        "posts_per_s": statistics.median(speeds["exact"]),
        "floor_posts_per_s": statistics.median(speeds["floor"]),
        "naive_posts_per_s": statistics.median(speeds["naive"]),
        "ratio_to_floor": statistics.median(ratio["floor"]),
        "ratio_to_naive": statistics.median(ratio["naive"]),
        "packed_floor_posts_per_s": statistics.median(speeds["packed"]),
        "full_posts_per_s": statistics.median(speeds["full"]),
        "again_posts_per_s": statistics.median(speeds["again"]),
    }


if __name__ == "__main__":
    options = flags(__doc__)
    figures = asyncio.run(measure(rounds=5 if options.quick else 9, size=10_000 if options.quick else 40_000))
    show("ingest: posts per second", figures, TARGETS, as_json=options.json)
