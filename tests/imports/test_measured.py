"""Tables of times and values that somebody wrote."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from monitor.errors import UnexpectedPayload
from monitor.imports.measured import Measured, read


@pytest.fixture
def told(tmp_path: Path):
    """Read a table that holds these lines below its first."""

    def reading(*rows: str, head: str = "timestamp,value", zone: str = "UTC", end: str = "\n") -> Measured:
        path = tmp_path / "table.csv"
        path.write_bytes(end.join([head, *rows, ""]).encode())
        return read(path, zone)

    return reading


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


def test_a_table_as_numenta_writes_it(told):
    table = told("2015-02-26 21:42:53,104", "2015-02-26 21:47:53,100")
    assert table.written == ["2015-02-26 21:42:53", "2015-02-26 21:47:53"]
    assert table.series.to_dict() == {at(2015, 2, 26, 21, 42, 53): 104, at(2015, 2, 26, 21, 47, 53): 100}


@pytest.mark.parametrize(
    "written", ["2016-04-29T21:00:00+03:00", "2016-04-29T18:00Z", "2016-04-29 21:00", "1461952800", "1461952800.0"]
)
def test_times_in_many_dresses_are_the_same(told, written: str):
    assert told(f"{written},1", zone="Asia/Damascus").series.index[0] == at(2016, 4, 29, 18)


def test_an_hour_that_comes_twice_is_told_in_its_order(told):
    rows = [f"2016-10-30 {clock},1" for clock in ("02:00", "02:30", "02:00", "02:30", "03:00")]
    index = told(*rows, zone="Europe/Berlin").series.index
    assert [moment.strftime("%H:%M") for moment in index] == ["00:00", "00:30", "01:00", "01:30", "02:00"]


def test_an_hour_that_never_was_has_no_time(told):
    assert told("2016-03-27 02:30,1", "2016-03-27 03:30,1", zone="Europe/Berlin").series.index.isna().tolist() == [
        True,
        False,
    ]


def test_what_spreadsheets_write_is_read(told):
    table = told("2016-04-29;1,5", "2016-04-30;2", head="\ufefftimestamp;value", end="\r\n")
    assert table.series.tolist() == [1.5, 2.0]


def test_other_columns_and_another_order_do_not_matter(told):
    assert told('5,"a, b",2016-04-29', head="Value,note,Timestamp").series.tolist() == [5.0]


def test_no_value_is_a_gap_and_nonsense_is_said(told):
    table = told("2016-04-29,", "2016-04-30,n/a", "2016-05-01,many", "2016-05-02,-inf")
    assert np.isnan(table.series.to_numpy()[:3]).all()
    assert table.doubts == ("Values that are no numbers, which are gaps: 1.",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "it is empty"),
        (b"\n\n", "it is empty"),
        (b"timestamp,value\n", "has no row"),
        (
            b"time,count\n2016-04-29,1\n",
            "needs one column timestamp and one column value; its first line is 'time,count'",
        ),
        (b"timestamp,value,value\n2016-04-29,1,2\n", "needs one column value"),
        (b"timestamp,value\n2016-04-29,1,2\n", "row 2 has not 2 columns"),
        (b"timestamp,value\n2016-04-29\n", "row 2 has not 2 columns"),
        (b"timestamp,value\nyesterday,1\n", "no time can be read"),
        (b"timestamp,value\n\xff\xfe,1\n", "is not text in UTF-8"),
        # how long a cell may be is set for the whole process, by whoever read a larger table before
        (b'timestamp,value\n"' + b"1" * 200_000 + b'",1\n', "is no table|no time can be read"),
    ],
)
def test_what_is_no_such_table_is_refused_in_words(tmp_path: Path, text: bytes, words: str):
    path = tmp_path / "table.csv"
    path.write_bytes(text)
    with pytest.raises(UnexpectedPayload, match=words):
        read(path, "UTC")


def test_a_folder_and_what_is_not_there_are_refused_in_words(tmp_path: Path):
    with pytest.raises(UnexpectedPayload, match="is a folder"):
        read(tmp_path, "UTC")
    with pytest.raises(UnexpectedPayload, match="can not be read: No such file"):
        read(tmp_path / "none.csv", "UTC")
