"""Events per second of Bluesky's stream that one core keeps up with: real websocket, source, hub and store.

Another process plays a Jetstream: posts in several languages with facets, images, links and replies, one in twenty of
them about the campaigns, accounts and identities between. It tells 2,000 events a second for five minutes (quick: half
of one), then a batch as fast as they are taken. Ten campaigns share the connection. `lost` is what was told about them
and is not in the store; memory is that of the process that listens.
"""

import asyncio
import json
import multiprocessing
import random
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

import psutil
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from bench.show import flags, fresh_store, show
from monitor import log
from monitor.clock import System
from monitor.collect.listen import Hub
from monitor.collect.page import Assignment
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.campaign import Campaign, Family
from monitor.sources.jetstream import Settings, Source
from monitor.store.store import Store

RATE = 2_050  # a little more than is wanted, so that the rate reached is not just below it
QUICK, FULL = 30, 300  # seconds at that rate
FLOOD = (60_000, 120_000)  # events told without a pause
ABOUT = 0.05
PATIENCE = 15.0  # seconds without anything new until what is missing is lost
CAMPAIGNS = 10
TAGS = ("SaveAleppo", "أنقذوا_حلب", "انقذوا_حلب", "SAVEALEPPO")
OTHERS = ("art", "news", "caturday", "سوريا", "写真", "photography", "Syria", "nsfw", "gaming", "كتاب")
LINES = (
    "Just finished the last chapter, and I have to say: it was worth the wait & every page <3",
    "أنقذوا حلب اليوم وكل يوم، لا تتركوا أهلها وحدهم في هذا البرد",
    "今日の空。とてもきれいでした。",
    "Der Zug hat wieder vierzig Minuten Verspätung, aber immerhin gibt es Kaffee ☕",
    "why does my cat only like the expensive food 😭😭😭",
)
TARGETS = {"kept_up_per_s": "≥ 2,000", "cpu_share": "< 1 core", "rss_growth_mib": "flat", "lost": "0"}


def event(number: int, now: float, dice: random.Random) -> tuple[str, bool]:
    """Return an event as a real host writes it, and whether it is about the campaigns."""
    did = f"did:plc:{dice.getrandbits(60):024d}"[:32]
    head = {"did": did, "time_us": int(now * 1_000_000)}
    if dice.random() < 0.03:
        return _json({**head, "kind": "identity", "identity": {"did": did, "seq": number, "time": _iso(now)}}), False
    commit = {
        "rev": f"3m{number:011d}",
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": f"3l{number:011d}",
    }
    if dice.random() < 0.05:
        return _json({**head, "kind": "commit", "commit": commit | {"operation": "delete"}}), False
    about = dice.random() < ABOUT
    record = _record(now, [dice.choice(TAGS)] if about else [], dice)
    return _json({**head, "kind": "commit", "commit": {**commit, "record": record, "cid": "bafyrei" + "a" * 52}}), about


def frame(words: str) -> bytes:
    """Return a message as it goes over the line, not compressed: the host must not be slower than who listens."""
    payload = words.encode()
    length = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2)
    return b"\x81" + length + payload


def _record(now: float, tags: list[str], dice: random.Random) -> dict[str, Any]:
    text = dice.choice(LINES)
    if dice.random() < 0.15:
        tags = [*tags, dice.choice(OTHERS)]
    facets = [_facet(text, tag) for tag in tags]
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post",
        "createdAt": _iso(now),
        "langs": [dice.choice(("en", "ar", "ja"))],
    }
    if dice.random() < 0.3:
        image = {"$type": "blob", "ref": {"$link": "bafkrei" + "b" * 52}, "mimeType": "image/jpeg", "size": 720_303}
        ratio = {"height": 1440, "width": 1920}
        record["embed"] = {
            "$type": "app.bsky.embed.images",
            "images": [{"alt": text, "aspectRatio": ratio, "image": image}],
        }
    if dice.random() < 0.4:
        place = {
            "cid": "bafyrei" + "c" * 52,
            "uri": "at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/3mmojbrjwbs26",
        }
        record["reply"] = {"parent": place, "root": place}
    return record | {"text": " ".join((text, *(f"#{tag}" for tag in tags)))} | ({"facets": facets} if facets else {})


def _facet(text: str, tag: str) -> dict[str, Any]:
    start = len(text.encode()) + 1
    feature = {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
    return {"features": [feature], "index": {"byteEnd": start + len(tag.encode()) + 1, "byteStart": start}}


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Played:
    """Tells `seconds` at the rate, waits for a word, then tells the flood; notes how many were about the campaigns."""

    seconds: int
    flood: int
    told: Connection

    async def talk(self, connection: ServerConnection) -> None:
        dice, about, begun = random.Random(17), 0, time.monotonic()
        try:
            for tenth in range(self.seconds * 10):
                about += await self._some(connection, tenth * RATE // 10, RATE // 10, dice)
                await asyncio.sleep(max(0.0, begun + (tenth + 1) / 10 - time.monotonic()))
            self.told.send((about, time.monotonic() - begun))
            await asyncio.to_thread(self.told.recv)
            batch = [event(10**9 + number, time.time(), dice) for number in range(self.flood)]
            self.told.send(sum(is_about for _, is_about in batch))
            for start in range(0, self.flood, 200):
                connection.transport.write(b"".join(frame(words) for words, _ in batch[start : start + 200]))
                while connection.transport.get_write_buffer_size() > 1 << 20:  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.001)
            await connection.wait_closed()
        except ConnectionClosed:
            return

    async def _some(self, connection: ServerConnection, first: int, amount: int, dice: random.Random) -> int:
        about = 0
        for number in range(first, first + amount):
            words, is_about = event(number, time.time(), dice)
            await connection.send(words)
            about += is_about
        return about


def play(seconds: int, flood: int, told: Connection) -> None:
    """Be the host until ended; tells its address first."""

    async def forever() -> None:
        async with serve(Played(seconds, flood, told).talk, "127.0.0.1", 0) as server:
            told.send(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}")
            await asyncio.Event().wait()

    asyncio.run(forever())


@contextmanager
def host(seconds: int, flood: int) -> Iterator[Connection]:
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe()
    process = spawn.Process(target=play, args=(seconds, flood, its), daemon=True)
    process.start()
    try:
        yield mine
    finally:
        process.terminate()
        process.join()


def campaign(number: int) -> Campaign:
    """Return a campaign: the first is the one that is talked of."""
    tag = "SaveAleppo" if number == 0 else f"SaveTown{number}"
    families = (Family(tag, (tag.lower(),)), Family("أنقذوا_حلب", ("أنقذوا_حلب", "انقذوا_حلب")))
    return Campaign(f"c{number}", tag, "Asia/Damascus", families if number == 0 else families[:1])


async def heard(hub: Hub, amount: int) -> tuple[int, float]:
    """Wait until so many mentions are stored, or none for a while; return how many were, and when the last of them."""
    new, last = 0, time.perf_counter()
    while new < amount and time.perf_counter() - last < PATIENCE:
        await asyncio.sleep(0.05)
        told = hub.heard("c0", "jetstream")
        if told and told.kept.new:
            new, last = new + told.kept.new, time.perf_counter()
    return new, last


async def measure(seconds: int, flood: int) -> dict[str, float]:
    with host(seconds, flood) as told:
        async with fresh_store() as store, http("desk@example.org") as pool:
            return await _listen(store, Client(pool, System(), Hosts()), told, seconds, flood)


async def _listen(store: Store, client: Client, told: Connection, seconds: int, flood: int) -> dict[str, float]:
    settings, clock = Settings(hosts=(await asyncio.to_thread(told.recv),)), System()
    hub, me = Hub(clock), psutil.Process()
    sources = [Source(settings, client) for _ in range(CAMPAIGNS)]
    await hub.become([Assignment(store, source, campaign(n), clock) for n, source in enumerate(sources)])
    await asyncio.sleep(seconds / 10)  # until everything has been used once
    rss, cpu, begun = me.memory_info().rss, _cpu(), time.perf_counter()
    about, telling = await asyncio.to_thread(told.recv)
    ended = time.perf_counter()
    share = (_cpu() - cpu) / (ended - begun)
    new, last = await heard(hub, about)
    grown = me.memory_info().rss - rss
    told.send("go on")
    rest = await asyncio.to_thread(told.recv)
    begun, cpu = time.perf_counter(), _cpu()
    more, flooded = await heard(hub, rest)
    await hub.stop(grace=2.0)
    return {
        "kept_up_per_s": RATE * seconds / telling,
        "unthrottled_per_s": flood / (flooded - begun),
        "unthrottled_per_cpu_s": flood / (_cpu() - cpu),
        "cpu_share": share,
        "seconds_behind": max(last - ended, 0.0),
        "rss_start_mib": rss / 2**20,
        "rss_end_mib": (rss + grown) / 2**20,
        "rss_growth_mib": grown / 2**20,
        "about_the_campaign": about + rest,
        "lost": about + rest - new - more,
    }


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    options = flags(__doc__)
    log.configure(level="ERROR")
    figures = asyncio.run(measure(QUICK if options.quick else FULL, FLOOD[not options.quick]))
    show("jetstream", figures, TARGETS, as_json=options.json)
