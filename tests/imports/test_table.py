import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.imports import table
from monitor.imports.found import Damaged, Piece, Rejected
from monitor.imports.table import Layout

ABOVE = b"Report,Aleppo\nFrom,2023-03-03\n\n"


def layout(text: bytes) -> Layout | None:
    return table.layout(text, {"id", "text"}.issubset)


def rows(text: bytes, skip: int = 0) -> list[Piece | Rejected]:
    found = layout(text)
    assert found
    return list(table.pieces([text], found, skip))


def contents(text: bytes) -> list[list[str]]:
    return [row.content for row in rows(text) if isinstance(row, Piece) and row.content]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    assert contents(f"id{delimiter}text\n1{delimiter}حلب\n".encode()) == [["1", "حلب"]]


def test_what_stands_above_the_columns_is_left_out() -> None:
    assert layout(ABOVE + b"id,text\n1,a\n") == Layout(",", 3, ("id", "text"))
    assert contents(ABOVE + b"id,text\n1,a\n") == [["1", "a"]]


def test_what_excel_writes_above_is_left_out() -> None:
    assert contents(b'sep=;\r\nid;text\r\n1;"a;b"\r\n') == [["1", "a;b"]]


def test_a_cell_may_hold_line_ends_and_the_row_is_where_it_ends() -> None:
    assert rows(b'id,text\n1,"a\nb"\n2,c\n') == [Piece(3, ["1", "a\nb"]), Piece(4, ["2", "c"])]


def test_empty_rows_and_repeated_headers_are_nothing() -> None:
    assert [row.content for row in rows(b"id,text\n\nid,text\n,\n1,a\n") if isinstance(row, Piece)] == [
        None,
        None,
        None,
        ["1", "a"],
    ]


def test_a_quote_that_is_never_closed_says_so_and_ends_soon() -> None:
    text = b'id,text\n1,"' + (b"a" * 999 + b"\n") * 2_100 + b"2,b\n"
    found = rows(text)
    assert isinstance(found[0], Rejected)
    assert "a quote that is never closed" in found[0].reason


def test_another_encoding_is_a_damage_that_says_what_to_do() -> None:
    text = "id,text\n1,a\n2,حلب\n".encode("windows-1256")
    with pytest.raises(Damaged, match=r"line 3 is not written in UTF-8: .*--encoding windows-1256"):
        rows(text)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=5), min_size=2, max_size=2), max_size=8))
def test_what_was_read_before_is_skipped(cells: list[list[str]]) -> None:
    lines = [",".join('"' + cell.replace('"', '""').replace("\0", "") + '"' for cell in row) for row in cells]
    text = "\n".join(["id,text", *lines]).encode("utf-8", "replace")
    whole = rows(text)
    for skip in range(len(whole) + 1):
        assert rows(text, skip) == whole[skip:]


def test_a_text_without_those_columns_is_no_table() -> None:
    assert layout(b"a,b\n1,2\n") is None
    assert list(table.columns(b"a;b\n1;2\n")) == ["a", "b"]
    assert list(table.columns(b"hello\n")) == []
