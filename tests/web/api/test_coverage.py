"""When a campaign was watched, asked over HTTP."""

from datetime import timedelta

from monitor.exports import coverage
from monitor.exports.series import NO_LONGER_KEPT
from monitor.model.run import Outcome, Run
from monitor.model.window import Resolution
from monitor.store import runs
from tests.digest.test_gather import DAY, NOW
from tests.people import ALEPPO
from tests.web.api.test_api import DAY_QUERY, ask, friday  # noqa: F401 - fixtures

PATH = "/campaigns/aleppo/coverage"


async def test_it_tells_of_each_cell_whether_it_was_watched(ask, friday):  # noqa: F811
    told = (await ask.get(PATH, params={**DAY_QUERY, "resolution": "1h"})).json()
    (platform,) = told["platforms"]
    assert (platform["platform"], platform["cells"]) == ("mastodon", [True] * 20 + [False] * 4)
    assert platform["share"] == 20 / 24
    assert (len(told["at"]), told["at"][0]) == (24, "2016-04-28T21:00:00Z")


async def test_it_agrees_with_what_a_series_calls_partial(ask, friday):  # noqa: F811
    query = {**DAY_QUERY, "resolution": "5m"}
    told = (await ask.get(PATH, params=query)).json()
    partial = (await ask.get("/campaigns/aleppo/series", params=query)).json()["partial"]
    assert [not cell for cell in told["platforms"][0]["cells"]] == partial


async def test_every_gap_says_why(store, ask, friday):  # noqa: F811
    down = Run(
        campaign="aleppo", source="mastodon", platform="mastodon", started_at=NOW - timedelta(hours=1), seconds=1,
        outcome=Outcome.UNAVAILABLE, message="the server is down",
    )  # fmt: skip
    await runs.add(store, down)
    (gap,) = (await ask.get(PATH, params=DAY_QUERY)).json()["gaps"]
    assert (gap["source"], gap["reason"]) == ("mastodon", "the server is down")


async def test_what_lies_ahead_was_neither_watched_nor_not(ask, friday):  # noqa: F811
    query = {"start": NOW.isoformat(), "end": (NOW + timedelta(hours=3)).isoformat(), "resolution": "1h"}
    query["start"] = (NOW - timedelta(hours=2)).isoformat()
    (platform,) = (await ask.get(PATH, params=query)).json()["platforms"]
    assert platform["cells"] == [False, False, None, None, None]
    assert platform["share"] == 0


async def test_of_a_campaign_that_never_began_nothing_was_watched(ask):  # noqa: F811
    told = (await ask.get(PATH)).json()
    assert (told["platforms"], told["gaps"]) == ([], [])


async def test_what_nobody_keeps_any_more_says_so(store, friday):  # noqa: F811
    told = await coverage.read(store, ALEPPO, DAY, Resolution.FIVE_MINUTES, NOW + timedelta(days=60))
    assert not any(told.platforms[0].cells)
    assert NO_LONGER_KEPT in {gap.reason for gap in told.gaps}
