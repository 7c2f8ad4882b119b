"""Parquet and JSON keep what they were given."""

import io
from datetime import timedelta
from itertools import pairwise

import orjson
import pyarrow as pa
from pyarrow import parquet

from monitor.exports.asked import Format, What
from monitor.model.window import Resolution
from tests.exports.books import HOSTILE, HOURLY, content, table


async def test_columns_of_parquet_are_typed(friday):
    schema = parquet.read_schema(io.BytesIO(await content(friday, Format.PARQUET, What.SERIES)))
    assert schema.field("time").type == pa.timestamp("us", "Asia/Damascus")
    assert (schema.field("value").type, schema.field("partial").type) == (pa.float64(), pa.bool_())


async def test_times_of_parquet_are_those_of_the_cells(friday):
    rows = await table(friday, What.SERIES, Format.PARQUET, **HOURLY)
    steps = {later["time"] - row["time"] for row, later in pairwise(rows[:24])}
    assert steps == {timedelta(hours=1)}


async def test_a_sheet_without_rows_is_a_file_all_the_same(friday):
    assert await table(friday, What.ALERTS, Format.PARQUET) == []
    assert orjson.loads(await content(friday, Format.JSON, What.ALERTS))["alerts"] == []


async def test_headlines_are_harmless_and_otherwise_whole(friday):
    titles = [row["title"] for row in await table(friday, What.HEADLINES, Format.JSON)]
    assert titles == ["حلب تحترق", "Aleppo, again", HOSTILE.replace("\u202e", "").replace("\0", "")]


async def test_json_is_one_object_with_every_sheet(friday):
    found = orjson.loads(await content(friday, Format.JSON))
    assert [*found][:4] == ["campaign", "method", "totals", "series"]
    assert len(found) == len(What) + 1


async def test_the_width_of_cells_follows_the_window(friday):
    rows = await table(friday, What.SERIES, Format.JSON)
    assert rows[1]["time"] == "2016-04-29T00:05:00+03:00"
    days = await table(friday, What.SERIES, Format.JSON, resolution=Resolution.DAY)
    assert {row["time"] for row in days} == {"2016-04-29T00:00:00+03:00"}
