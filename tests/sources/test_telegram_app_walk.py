"""Telegram as an app: whatever happens to a channel between two runs, and wherever a run breaks, nothing is missed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import SourceError
from monitor.model.window import Window, merged
from tests.people import NOON
from tests.sources import ask
from tests.sources.test_telegram_app import CAMPAIGN, SEARCH, SETTINGS, answering, made, row

Happening = tuple[int, int, int]  # messages that are sent in one go, parts of the last one, minutes until the next
HAPPENINGS = st.lists(st.tuples(st.integers(0, 130), st.integers(1, 5), st.integers(1, 90)), min_size=1, max_size=5)
FAILING = st.sets(st.integers(1, 30), max_size=12)


def channel(happenings: Sequence[Happening]) -> list[tuple[datetime, list[dict[str, Any]]]]:
    """Return at which moments how much of a channel is there."""
    rows: list[dict[str, Any]] = []
    moments, now = [], -40 * 60  # minutes from NOON
    for sent, parts, wait in happenings:
        rows += [row(len(rows) + place, now / 60, service=place % 11 == 5) for place in range(1, sent + 1)]
        if sent:
            rows += [row(len(rows) + place, now / 60, album=len(rows) + 1) for place in range(1, parts + 1)]
        moments.append((NOON + timedelta(minutes=now), list(rows)))
        now += wait
    return moments


def ids(rows: Sequence[dict[str, Any]], within: Sequence[Window]) -> set[str]:
    """Return the posts that were sent in these windows: of an album, its first part stands for all."""
    firsts = {row.get("album", row["id"]): row for row in reversed(rows) if not row.get("service")}
    sent = [(datetime.fromtimestamp(row["date"], NOON.tzinfo), row["id"]) for row in firsts.values()]
    return {f"1234/{number}" for moment, number in sent if any(moment in window for window in within)}


@settings(deadline=None, max_examples=25)
@given(happenings=HAPPENINGS, failing=FAILING)
async def test_what_is_covered_of_a_channel_was_read(happenings: list[Happening], failing: set[int]) -> None:
    calls, reading, rows = 0, ask.Reading(), list[dict[str, Any]]()

    def server(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(500) if calls in failing else answering(rows)(request)

    for moment, rows in channel(happenings):  # noqa: B007 - the server shows them
        try:
            source = made(SETTINGS, server, moment)
            await ask.run(source, CAMPAIGN, now=moment, since=NOON - timedelta(hours=48), into=reading)
        except SourceError:
            continue
    covered = merged(page.covered for page in reading.pages if page.covered)
    assert len(covered) <= 1
    assert ids(rows, covered) <= reading.ids
    assert {mention.id for mention in reading.mentions} <= ids(rows, [Window(NOON - timedelta(days=9), NOON)])


@settings(deadline=None, max_examples=25)
@given(
    posts=st.lists(st.tuples(st.integers(-2000, 150), st.integers(0, 50)), min_size=1, max_size=30),
    failing=FAILING,
)
async def test_what_a_search_covers_was_read_though_it_shows_posts_late(
    posts: list[tuple[int, int]], failing: set[int]
) -> None:
    """Posts by minutes from NOON, each shown by the search so many minutes later."""
    rows = [
        row(number, sent / 60) | {"shown": sent + late} for number, (sent, late) in enumerate(sorted(posts), start=1)
    ]
    calls, now, reading = 0, 0, ask.Reading()

    def server(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        if calls in failing:
            return httpx.Response(500)
        at = int(request.url.params["rate"])
        shown = (
            [one for one in rows if one["shown"] <= now][::-1] if request.url.params["hashtag"] == "savealeppo" else []
        )
        return httpx.Response(200, json={"channel": 1234, "messages": shown[at : at + 4], "rate": at + 4})

    for now in (0, 30, 60, 90, 120, 150, 210, 300):
        moment = NOON + timedelta(minutes=now)
        try:
            await ask.run(made(SEARCH, server, moment), CAMPAIGN, now=moment, into=reading)
        except SourceError:
            continue
    failing.clear()
    await ask.run(
        made(SEARCH, server, NOON + timedelta(minutes=360)), CAMPAIGN, now=NOON + timedelta(minutes=360), into=reading
    )
    young = {f"1234/{one['id']}" for one in rows if one["date"] >= (NOON - timedelta(days=2)).timestamp()}
    assert young <= reading.ids
