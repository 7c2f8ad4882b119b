"""Files of the API, asked over HTTP by a program on this machine, on a real store."""

import csv
import io

import httpx
import pytest

from monitor.exports.asked import Format
from tests.exports.books import fill
from tests.web.api.test_api import DAY_QUERY, ask  # noqa: F401 - a fixture


@pytest.fixture(autouse=True)
async def friday(store):
    await fill(store)


async def file(ask, ending: str, **query: object) -> httpx.Response:  # noqa: F811
    return await ask.get(f"/campaigns/aleppo/export.{ending}", params={**DAY_QUERY, **query})


async def test_a_file_comes_with_its_name_and_is_not_kept_by_anybody_between(ask):  # noqa: F811
    found = await file(ask, "csv", what="totals")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["content-disposition"] == 'attachment; filename="aleppo-totals-20160429.csv"'
    assert (found.headers["cache-control"], "etag" in found.headers) == ("no-store", False)


async def test_numbers_are_those_that_the_api_tells(ask):  # noqa: F811
    query = {"metric": "posts", "resolution": "1h", "split": "platform"}
    rows = csv.DictReader(io.StringIO((await file(ask, "csv", **query)).text))
    told = (await ask.get("/campaigns/aleppo/series", params={**DAY_QUERY, **query})).json()
    expected = [(line["name"], value) for line in told["lines"] for value in line["values"]]
    assert [(row["name"], float(row["value"]) if row["value"] else None) for row in rows] == expected


@pytest.mark.parametrize("ending", Format)
async def test_every_format_is_served(ask, ending):  # noqa: F811
    found = await file(ask, ending, lang="ar")
    assert (found.status_code, len(found.content) > 1000) == (200, True)


async def test_a_report_is_shown_and_may_do_nothing_but_look(ask):  # noqa: F811
    found = await file(ask, "report")
    assert found.headers["content-disposition"].startswith("inline; ")
    assert "default-src 'none'" in found.headers["content-security-policy"]
    assert "script" not in found.headers["content-security-policy"]


async def test_several_metrics_stand_in_one_file(ask):  # noqa: F811
    rows = csv.DictReader(io.StringIO((await file(ask, "csv", metric=["likes", "articles"], resolution="1d")).text))
    assert [(row["metric"], float(row["value"])) for row in rows] == [("likes", 48), ("articles", 3)]


@pytest.mark.parametrize(
    ("ending", "query", "status", "words"),
    [
        ("docx", {}, 422, "format: "),
        ("csv", {"what": "everything"}, 422, "what: "),
        ("csv", {"lang": "xx"}, 422, "has no words yet"),
        ("csv", {"lang": "x" * 5000}, 422, "has no words yet"),
        ("csv", {"metric": "views"}, 422, "metric"),
        ("csv", {"end": "2016-04-28"}, 422, "must lie before"),
        ("png", {"chart": "../x\0"}, 400, "there are: numbers"),
        ("csv", {"digits": "roman"}, 422, "digits: "),
    ],
)
async def test_what_can_not_be_is_refused_in_words(ask, ending, query, status, words):  # noqa: F811
    refused = await file(ask, ending, **query)
    assert (refused.status_code, words in refused.json()["detail"]) == (status, True)
    assert len(refused.content) < 1000
