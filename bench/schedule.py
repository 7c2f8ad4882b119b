"""How late the event loop comes while one process watches 200 campaigns of ten spellings on four platforms each.

The daemon's own jobs (collecting, hourly summaries) on its own schedule and a private Redis; the servers are in another
process. First everything runs at once, as after a start; then come five minutes in the usual rhythm. A lag is counted
for every ten milliseconds in which something could have been waiting, not once for each hold-up. `own` is the part of
it that the loop's thread worked itself: the rest is the machine's, or other threads'.
"""

import asyncio
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bench import played
from bench.elsewhere import Rerouted, served
from bench.show import flags, fresh_store, show
from monitor import app, log
from monitor.collect.schedule import Schedule
from monitor.collect.schedule import Settings as Collect
from monitor.daemon.duties import Duties
from monitor.daemon.front import settle
from monitor.demo.loopback import Reply, Request
from monitor.model.campaign import Campaign, Family
from monitor.model.source import SourceSettings
from monitor.settings.schema import Monitor, Settings, Watched
from monitor.sources import bluesky, feeds, mastodon, telegram
from monitor.web.metrics import Metrics

CAMPAIGNS, SPELLINGS = 200, 10
TICK = 0.01  # seconds
LIMIT = 100.0  # milliseconds, of the 99th percentile
QUICK, FULL = (40, 10.0), (CAMPAIGNS, 300.0)  # campaigns, seconds in the usual rhythm: each source once
PATIENCE = 900.0  # seconds for the first runs of all
AT_ONCE = 64  # runs side by side, the most the settings allow: most of a run is waiting in line for a host
POSTS = 120  # of a campaign on a platform


def sources(number: int) -> tuple[SourceSettings, ...]:
    """Return four places of one campaign, each a host of its own: waiting lines would hide what is measured."""
    rhythm: Any = {"every_minutes": 5.0}
    password = SecretStr("abcd-efgh-ijkl-mnop")
    home = f"https://pds{number}.example"
    return (
        mastodon.Settings(name="mastodon", server=f"https://social{number}.example", **rhythm),
        bluesky.Settings(
            name="bluesky", handle="desk.example", app_password=password, server=home, appview=home, **rhythm
        ),
        telegram.Settings(
            name="telegram", channel="window", server=f"https://t{number}.example", accept_terms=True, **rhythm
        ),
        feeds.Settings(name="feeds", url=f"https://news{number}.example/rss", outlet=f"Outlet {number}", **rhythm),
    )


def watched(number: int) -> Watched:
    """Return a campaign: one family of ten spellings, three of which are really written."""
    family = Family("SaveAleppo", (*played.TAGS, *(f"aleppo{n}" for n in range(SPELLINGS - len(played.TAGS)))))
    campaign = Campaign(f"c{number}", f"Campaign {number}", "Asia/Damascus", (family,))
    return Watched(campaign, sources(number), Path(f"c{number}.toml"))


def answers(end: datetime) -> Callable[[Request], Reply]:
    """Return how all platforms answer, by the name of the host."""
    named = {"social": "mastodon", "pds": "bluesky", "t": "telegram", "news": "feeds"}
    servers = {host: played.played(name).server(POSTS, end) for host, name in named.items()}

    def answer(request: Request) -> Reply:
        host = request.headers["host"].partition(".")[0].rstrip("0123456789")
        return servers[host](request) if host in servers else Reply(404, b"{}")

    return answer


class Watch:
    """How late the loop came, in milliseconds, every ten of them; `own` is what of it was work of the loop's thread."""

    def __init__(self) -> None:
        self.lags: list[float] = []
        self.own: list[float] = []

    async def look(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun, worked = loop.time(), time.thread_time()
            await asyncio.sleep(TICK)
            late = loop.time() - begun - TICK
            self.lags.append(late * 1000)
            self.own.append(min(late, time.thread_time() - worked) * 1000)
            while (late := late - TICK) > 0:  # who came in the middle of a hold-up waited for the rest of it
                self.lags.append(late * 1000)

    def taken(self) -> tuple[list[float], list[float]]:
        lags, own = sorted(self.lags), sorted(self.own)
        self.lags, self.own = [], []
        return lags, own


def figures(name: str, watch: Watch, runs: int, seconds: float, busy: float) -> dict[str, float]:
    lags, own = watch.taken()
    return {
        f"{name}_lag_p50_ms": statistics.median(lags),
        f"{name}_lag_p99_ms": lags[int(len(lags) * 0.99)],
        f"{name}_lag_worst_ms": lags[-1],
        f"{name}_own_p99_ms": own[int(len(own) * 0.99)],
        f"{name}_own_worst_ms": own[-1],
        f"{name}_runs_per_s": runs / seconds,
        f"{name}_share_of_a_core": busy / seconds,
    }


class Counted(Metrics):
    """Metrics that also count the runs, and say when all sources had one."""

    def __init__(self, sources: int) -> None:
        super().__init__()
        self.runs = 0
        self.wrong: set[str] = set()
        self.everybody = asyncio.Event()
        self._left = sources
        self._seen: set[tuple[str, str]] = set()

    def ran(self, run: Any) -> None:
        super().ran(run)
        self.runs += 1
        self._seen.add((run.campaign, run.source))
        if not run.outcome.is_up:
            self.wrong.add(f"{run.source} ended as {run.outcome}: {run.message}")
        if len(self._seen) == self._left or self.wrong:
            self.everybody.set()


async def stretch(name: str, watch: Watch, metrics: Counted, wait: Any) -> dict[str, float]:
    """Measure while something is waited for."""
    watch.taken()
    begun, busy, runs = time.perf_counter(), time.process_time(), metrics.runs
    await wait
    seconds = time.perf_counter() - begun
    return figures(name, watch, metrics.runs - runs, seconds, time.process_time() - busy)


async def measure(campaigns: int, seconds: float) -> dict[str, float]:
    end = datetime.now(UTC)
    settings = Settings(
        Monitor(collect=Collect(at_once=AT_ONCE)), tuple(watched(number) for number in range(campaigns))
    )
    with served(answers, end) as url:
        async with fresh_store() as store, app.built(settings, store, transport=Rerouted(url)) as monitor:
            metrics = Counted(len(monitor.collectors))
            duties = Duties(monitor, metrics)
            schedule = Schedule(at_once=settings.monitor.collect.at_once, misfire=timedelta(seconds=120))
            settle()
            schedule.start()
            watch = Watch()
            looking = asyncio.create_task(watch.look())
            schedule.become(await duties.begin())
            first = asyncio.wait_for(metrics.everybody.wait(), PATIENCE)
            found = await stretch("start", watch, metrics, first)
            found |= await stretch("usual", watch, metrics, asyncio.sleep(seconds))
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            await schedule.stop(grace=2.0)
            if metrics.wrong:
                raise SystemExit("; ".join(sorted(metrics.wrong)))
    return {"campaigns": campaigns, "sources": len(monitor.collectors), **found}


def main() -> None:
    asked = flags(__doc__ or "")
    log.configure(level="ERROR")
    found = asyncio.run(measure(*(QUICK if asked.quick else FULL)))
    wanted = {f"{name}_lag_p99_ms": f"under {LIMIT:g}" for name in ("start", "usual")}
    show("Many campaigns in one process: how late the event loop comes", found, wanted, as_json=asked.json)


if __name__ == "__main__":
    main()
