"""A copy of 20 campaigns of 10 hashtags on 4 platforms after 30 days, 600 posts a day each, and putting it back.

`backup_s` and `restore_s` are what the commands take, their start included, `…_cpu_s` how much of it of a core, and
`…_peak_mb` their memory, some 150 of it before they do anything. `mb` is the size of the file, `store_mb` what the
server keeps in memory, `server_more_mb` what it took beyond that. `longest_ms`: the longest command, which all others
wait for.
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bench.ingest import START, posts
from bench.show import flags, show
from monitor import app
from monitor.archive.copied import checked
from monitor.model.sighting import Batch, Sighting
from monitor.settings.load import load
from monitor.settings.schema import Settings
from monitor.store import embedded, ingest
from monitor.store.redis import execute
from monitor.store.store import Store

PLATFORMS = ("bluesky", "mastodon", "telegram", "x")
CAMPAIGNS, HASHTAGS, DAYS, A_DAY = 20, 10, 30, 600
DAY = 86400


def of_one_day(campaign: int, day: int) -> list[Sighting]:
    """Return the posts of a day, on ten hashtags and their spellings, with all that is kept of one."""
    dice, start = random.Random(campaign * 1000 + day), START // DAY * DAY - (DAYS - day) * DAY
    return [
        replace(
            one,
            created=start + dice.randrange(DAY),
            subjects=("*", f"tag/t{tag}", f"tag/t{tag}/s{dice.randrange(2)}", "language/ar"),
            counts=replace(one.counts, impressions=dice.randrange(20_000), replies=dice.randrange(20)),
            followers=dice.randrange(20_000),
            tags=tuple({f"وسم_{min(5000, int(dice.paretovariate(0.6)))}" for _ in range(3)}),
        )
        for one in posts(day * A_DAY, A_DAY)
        for tag in (dice.randrange(HASHTAGS),)
    ]


async def fill(store: Store, campaigns: int) -> None:
    for number in range(campaigns):
        for day in range(DAYS):
            kept = 9 * DAY if day > DAYS - 17 else 1  # what was last written to nine days ago is known no more
            for at, platform in enumerate(PLATFORMS):
                some = of_one_day(number, day)[at :: len(PLATFORMS)]
                where = (f"campaign-{number}", "Asia/Damascus", platform, platform)
                await ingest.write(store, Batch(*where, "posts", START, START, some, keep=kept))


async def watched(store: Store) -> None:
    """Have the server note everything that keeps others waiting."""
    for name, value in (("slowlog-log-slower-than", 500), ("slowlog-max-len", 10_000)):
        await execute(store.redis, "CONFIG", "SET", name, value)
    await execute(store.redis, "SLOWLOG", "RESET")
    await execute(store.redis, "CONFIG", "RESETSTAT")


async def longest(store: Store) -> float:
    """Return how long the longest command took, in milliseconds."""
    return max((one["duration"] for one in await store.redis.slowlog_get(10_000)), default=0) / 1000


async def memory(store: Store, part: str) -> float:
    return int((await store.redis.info("memory"))[part]) / 1e6


@dataclass(frozen=True)
class Took:
    """What a command took of the clock, of a core, and of memory (MB)."""

    seconds: float
    cpu: float
    peak: float


def run(folder: Path, *words: str | Path) -> Took:
    """Run the command in a folder."""
    begun = time.perf_counter()
    command = subprocess.Popen([sys.executable, "-m", "monitor", *words], cwd=folder, stdout=subprocess.DEVNULL)
    _, code, used = os.wait4(command.pid, 0)
    command.returncode = os.waitstatus_to_exitcode(code)
    if command.returncode:
        raise SystemExit(f"{words[0]} ended with {command.returncode}")
    return Took(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


async def cpu(store: Store) -> float:
    told = await store.redis.info("cpu")
    return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])


def home(folder: Path) -> Settings:
    (folder / "config" / "campaigns").mkdir(parents=True)
    (folder / "config" / "campaigns" / "one.toml").write_text('title = "One"\nhashtags = ["#one"]\n')
    rules = f'[redis]\nfolder = "{folder}/redis"\n[privacy]\nfolder = "{folder}"\n'
    (folder / "config" / "monitor.toml").write_text(rules)
    return load(folder / "config", {})


def figures_of(what: str, took: Took) -> dict[str, float]:
    return {f"{what}_s": took.seconds, f"{what}_cpu_s": took.cpu, f"{what}_peak_mb": took.peak}


async def measure(campaigns: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as name:
        here, there, file = Path(name) / "a", Path(name) / "b", Path(name) / "copy.tar.gz"
        async with app.opened_store(home(here)) as (store, _):
            await fill(store, campaigns)
            kept = await memory(store, "used_memory")
            await watched(store)
            busy, took = await cpu(store), run(here, "backup", file)
            figures = {"store_mb": kept} | figures_of("backup", took) | {"backup_server_cpu_s": await cpu(store) - busy}
            figures["longest_ms"] = await longest(store)
            figures["server_more_mb"] = await memory(store, "used_memory_peak") - kept
        there.mkdir()
        home(there)
        (there / "privacy.key").write_text((here / "privacy.key").read_text())
        with embedded.start(there / "redis"):  # else it would be a child of the command, and its memory counted
            figures |= figures_of("restore", run(there, "restore", file))
        made = checked(file)
        held = {"series": made.series, "samples": made.samples, "keys": sum(made.keys.values())}
        return {name: float(many) for name, many in held.items()} | {"mb": file.stat().st_size / 1e6} | figures


if __name__ == "__main__":
    options = flags(__doc__)
    figures = asyncio.run(measure(3 if options.quick else CAMPAIGNS))
    show("copies", figures, {}, as_json=options.json)
