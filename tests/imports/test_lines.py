import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UnexpectedPayload
from monitor.imports import lines
from monitor.imports.lines import Rejected, Value, values


def read(folder: Path, body: bytes) -> list[Value | Rejected]:
    path = folder / "file"
    path.write_bytes(body)
    return list(values(path))


def jsons(rows: list[Value | Rejected]) -> list[object]:
    return [row.json for row in rows if isinstance(row, Value)]


def test_each_line_is_a_value_with_its_number(tmp_path: Path) -> None:
    assert read(tmp_path, b'{"a": 1}\n\n[2]\n') == [Value(1, {"a": 1}), Value(3, [2])]


def test_a_packed_file_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    assert jsons(read(tmp_path, gzip.compress(b"1\n2\n"))) == [1, 2]


def test_a_packed_file_that_was_cut_off_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    whole = b"".join(json.dumps({"n": number, "text": f"{number * 7919}"}).encode() + b"\n" for number in range(5000))
    rows = read(tmp_path, gzip.compress(whole)[:-2000])
    assert 1000 < len(jsons(rows)) < 5000
    assert isinstance(rows[-1], Rejected)
    assert "damaged from here on" in rows[-1].text


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_byte_order_marks_are_seen_through(tmp_path: Path, charset: str) -> None:
    mark = "\ufeff" if charset == "utf-16-le" else ""
    assert jsons(read(tmp_path, f'{mark}"حلب"\n"حمص"\n'.encode(charset))) == ["حلب", "حمص"]


def test_a_bad_line_harms_no_other_and_says_why(tmp_path: Path) -> None:
    rows = read(tmp_path, b'1\n{"a": \n3\n')
    assert jsons(rows) == [1, 3]
    assert isinstance(rows[1], Rejected)
    assert (rows[1].line, rows[1].text) == (2, '{"a": \n')


@pytest.mark.parametrize("line", [b"\xff\xfe\xfd{}", b"\x80", b"[" * 200_000, b"9" * 5000, b'"\\ud800', b"nul"])
def test_what_is_no_json_is_rejected(tmp_path: Path, line: bytes) -> None:
    rows = read(tmp_path, b"1\n" + line + b"\n2\n")
    assert jsons(rows) == [1, 2]
    assert [row.reason[:7] for row in rows if isinstance(row, Rejected)] == ["no JSON"]


def test_numbers_that_are_none_are_nothing(tmp_path: Path) -> None:
    assert jsons(read(tmp_path, b"[NaN, Infinity, -Infinity]\n[]")) == [[None, None, None], []]


def test_a_value_printed_over_many_lines_is_read_whole(tmp_path: Path) -> None:
    assert jsons(read(tmp_path, json.dumps({"data": [1]}, indent=1).encode())) == [{"data": [1]}]


def test_a_list_printed_over_many_lines_is_its_parts(tmp_path: Path) -> None:
    assert jsons(read(tmp_path, json.dumps([{"id": "1"}, {"id": "2"}], indent=1).encode())) == [
        {"id": "1"},
        {"id": "2"},
    ]


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, b"") == []


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    path, heard = tmp_path / "file", list[int]()
    path.write_bytes(b"1\n" * 3)
    assert len(list(values(path, heard.append))) == 3
    assert heard[-1] == 6


def test_a_file_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedPayload, match="cannot be read"):
        list(values(tmp_path / "nothing"))


def test_a_line_without_end_is_cut(tmp_path: Path) -> None:
    rows = read(tmp_path, b'"' + b"a" * (lines.LONGEST + 10) + b'"\n2\n')
    assert jsons(rows) == [2]


@given(st.binary(max_size=200))
def test_any_bytes_are_values_or_rejected(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    for row in read(tmp_path_factory.getbasetemp(), body):
        assert row.line >= 1
