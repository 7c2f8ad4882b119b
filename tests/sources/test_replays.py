"""Recorded previews of Telegram and recorded feeds, through the real sources and the store, over a real connection."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.demo.loopback import Answering, Reply, Request, Server
from monitor.errors import UnexpectedPayload
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome, Run
from monitor.model.window import Resolution, Window
from monitor.sources import feeds, telegram
from monitor.store import series
from monitor.store.store import Store
from tests.people import ALEPPO

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
NOW = datetime(2023, 2, 25, 12, tzinfo=UTC)  # the day after the recordings
WEEK = Window(NOW - timedelta(days=7), NOW)
FEEDS = sorted((SHARED / "feeds").rglob("*.xml"))

telegram_needed = pytest.mark.skipif(not (SHARED / "telegram").is_dir(), reason="the recordings are not here")
feeds_needed = pytest.mark.skipif(not FEEDS, reason="the recordings are not here")


@asynccontextmanager
async def asking(answer: Answering) -> AsyncIterator[tuple[str, Client]]:
    """Yield the address of a server that answers so, and a client that asks it."""
    async with Server(answer) as server, http("desk@example.org") as session:
        yield server.url, Client(session, Simulated(NOW), Hosts(), tries=1)


def recorded_messages() -> dict[int, tuple[str, int | None]]:
    """Return every recorded message, given a hashtag as Telegram links it, and the views that it shows as its own."""
    found = {}
    for case in json.loads((SHARED / "telegram" / "expected.json").read_text(encoding="utf-8")):
        if case["messages"]:
            block = (SHARED / "telegram" / case["file"]).read_text(encoding="utf-8")
            tag = (
                '<div class="tgme_widget_message_text js-message_text"><a href="?q=%23SaveAleppo">#SaveAleppo</a></div>'
            )
            tagged = block.replace(
                '<div class="tgme_widget_message_footer', f'{tag}<div class="tgme_widget_message_footer', 1
            )
            forwarded = "tgme_widget_message_forwarded_from" in block
            found[case["expected"]["id"]] = (tagged, None if forwarded else case["expected"]["views"])
    return dict(sorted(found.items()))


def preview(request: Request) -> Reply:
    below = int(request.last("before") or 10**9)
    shown = {number: block for number, (block, _) in recorded_messages().items() if number < below}
    newest = list(shown)[-5:]
    prev = f'<link rel="prev" href="?before={newest[0]}">' if newest and newest[0] != min(shown) else ""
    blocks = "".join(shown[number] for number in newest)
    page = f'<html><head>{prev}</head><body><section class="tgme_channel_history">{blocks}</section></body></html>'
    return Reply(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


async def total(store: Store, metric: Metric, platform: str) -> float:
    read = partial(series.frame, subjects=[WHOLE], platforms=[platform], metrics=[metric], zone=ALEPPO.zone, now=NOW)
    frame: Any = await read(store, ALEPPO.slug, window=WEEK, resolution=Resolution.HOUR)
    return float(frame.values.to_numpy().sum())


async def collected(store: Store, times: int = 1) -> Run:
    async with asking(preview) as (url, client):
        settings = telegram.Settings(channel="tchantest", server=url, accept_terms=True)
        for _ in range(times):
            run = await collect(store, telegram.Source(settings, client), ALEPPO, Simulated(NOW), meter=client)
    return run


@telegram_needed
async def test_recorded_previews_are_stored_with_all_their_views(store: Store) -> None:
    run = await collected(store)
    views = [told for _, told in recorded_messages().values()]
    assert (run.outcome, run.new, run.refused) == (Outcome.OK, len(views), 0)
    assert await total(store, Metric.POSTS, "telegram") == len(views) > 10
    assert await total(store, Metric.IMPRESSIONS, "telegram") == sum(told or 0 for told in views) > 436_000
    assert await total(store, Metric.MEASURED_POSTS, "telegram") == sum(told is not None for told in views)


@telegram_needed
async def test_recorded_previews_again_change_nothing(store: Store) -> None:
    run = await collected(store, times=3)
    assert run.new == 0
    assert await total(store, Metric.IMPRESSIONS, "telegram") == sum(
        told or 0 for _, told in recorded_messages().values()
    )


@telegram_needed
async def test_the_recorded_page_without_posts_is_no_silence(store: Store) -> None:
    empty = (SHARED / "telegram" / "parse_no_posts_found.html").read_bytes()
    async with asking(lambda _: Reply(200, empty)) as (url, client):
        source = telegram.Source(telegram.Settings(channel="tchantest", server=url, accept_terms=True), client)
        run = await collect(store, source, ALEPPO, Simulated(NOW))
    assert (run.outcome, run.read) == (Outcome.UNAVAILABLE, 0)


def feed(request: Request) -> Reply:
    """Answer with a recording, under the headers that its comment names."""
    body = FEEDS[int(request.path.strip("/"))].read_bytes()
    headers = dict(re.findall(r"Header:\s+([\w-]+):\s*([^\r\n]+)", body[:2000].decode("latin-1")))
    allowed = {name: value for name, value in headers.items() if name.lower().startswith("content-type")}
    return Reply(200, body, allowed)


@feeds_needed
@pytest.mark.slow
async def test_every_recorded_feed_is_told_about_or_refused_in_words() -> None:
    refused = 0
    async with asking(feed) as (url, client):
        for number in range(len(FEEDS)):
            source = feeds.Source(feeds.Settings(url=f"{url}/{number}", outlet="Recorded"), client)
            try:
                assert "articles" in await source.probe()
            except UnexpectedPayload as error:
                refused += 1
                assert str(error).isprintable()  # noqa: PT017 - both endings are fine
    assert refused < len(FEEDS) / 5


@feeds_needed
async def test_a_recorded_article_is_stored(store: Store) -> None:
    body = next(path for path in FEEDS if path.name == "item_fullitem.xml").read_bytes()
    item = b"<item><title>Aleppo</title><guid>1</guid><pubDate>Fri, 24 Feb 2023 10:00:00 GMT</pubDate></item>"
    async with asking(lambda _: Reply(200, body.replace(b"</channel>", item + b"</channel>"))) as (url, client):
        source = feeds.Source(feeds.Settings(url=f"{url}/rss", outlet="Recorded"), client)
        run = await collect(store, source, ALEPPO, Simulated(NOW), meter=client)
    assert (run.new, run.calls) == (1, 1)
    assert await total(store, Metric.ARTICLES, "feeds") == 1
