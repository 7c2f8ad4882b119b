import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.imports.found import Damaged, Piece, Rejected
from monitor.imports.values import is_json, pieces

ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=10),
    lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read(*chunks: bytes, skip: int = 0) -> list[Piece | Rejected]:
    return list(pieces(chunks, skip))


def values(*chunks: bytes) -> list[Any]:
    return [piece.content for piece in read(*chunks) if isinstance(piece, Piece)]


def test_each_line_is_a_value_with_its_number() -> None:
    assert read(b'{"a": 1}\n\n"b"\n') == [Piece(1, {"a": 1}), Piece(2, None), Piece(3, "b")]


def test_a_bad_line_harms_no_other_and_says_why() -> None:
    rows = read(b'1\n{"a": \n3\n')
    assert [row.line for row in rows] == [1, 2, 3]
    assert isinstance(rows[1], Rejected)
    assert (rows[1].reason[:8], rows[1].text) == ("no JSON:", '{"a": ')


@pytest.mark.parametrize("line", [b"\xff\xfe\xfd{}", b"\x80", b"[" * 200_000, b"9" * 5000, b'"\\ud800', b"nul"])
def test_what_is_no_json_is_rejected(line: bytes) -> None:
    rows = read(b"1\n" + line + b"\n2\n")
    assert [type(row) for row in rows] == [Piece, Rejected, Piece]


@pytest.mark.parametrize(
    ("line", "value"), [(b"NaN", None), (b'"a\tb"', "a\tb"), (b'"\\ud800"', "\ud800"), (b"1e400", float("inf"))]
)
def test_what_is_not_quite_json_is_read(line: bytes, value: Any) -> None:
    assert values(b"1\n" + line) == [1, value]


def test_values_printed_for_people_are_read_one_after_the_other() -> None:
    text = "\n".join(json.dumps({"n": number}, indent=1) for number in range(3))
    assert values(text.encode()) == [{"n": 0}, {"n": 1}, {"n": 2}]


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.text(max_size=4), ANY, max_size=3), min_size=1, max_size=8), st.integers(1, 40))
def test_a_list_is_its_parts_however_the_chunks_fall(parts: list[Any], size: int) -> None:
    text = json.dumps(parts, indent=1, ensure_ascii=False).encode()
    first = max(size, 4)  # what tells how the text is written comes in one chunk
    rest = (text[at : at + size] for at in range(first, len(text), size))
    assert values(text[:first], *rest) == parts


def test_a_script_that_sets_a_list_is_its_parts() -> None:
    script = b'window.YTD.tweets.part0 = [\n {"tweet" : {"id" : "1"}},\n {"tweet" : {"id" : "2"}}\n];\n'
    assert read(script) == [Piece(2, {"tweet": {"id": "1"}}), Piece(3, {"tweet": {"id": "2"}})]


def test_an_empty_list_holds_nothing() -> None:
    assert read(b"[\n]\n") == []


def test_a_list_that_is_cut_off_keeps_what_is_whole() -> None:
    rows = read(b'[\n{"a": 1},\n{"a": 2},\n{"a"')
    assert [type(row) for row in rows] == [Piece, Piece, Rejected]
    assert "no JSON from here on" in str(rows[-1])
    assert rows[-1].line == 4


def test_a_part_of_many_chunks_is_read_in_time() -> None:
    (value,) = values(b"[\n", b'"' + b"a" * 1_000_000, *[b"a" * 1_000_000] * 20, b'"]')
    assert len(value) == 21_000_000


def test_a_list_that_is_no_utf_8_is_a_damage() -> None:
    with pytest.raises(Damaged, match="no UTF-8"):
        read(b'[\n{"a": "\xe9t\xe9"}]')


@pytest.mark.parametrize("text", [b"1\nno\n\n4\n5\n", b"[\n1,\n2,\n4,\n5]"])
def test_what_was_read_before_is_skipped(text: bytes) -> None:
    whole = read(text)
    for skip in range(len(whole) + 1):
        assert read(text, skip=skip) == whole[skip:]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_values_rejected_or_a_damage(body: bytes) -> None:
    try:
        rows = read(body)
    except Damaged:
        return
    assert all(row.line >= 1 for row in rows)


@pytest.mark.parametrize("start", [b' {"a"', b"\n[", b"window.YTD.tweets"])
def test_json_is_known_by_its_begin(start: bytes) -> None:
    assert is_json(start)


def test_a_table_is_no_json() -> None:
    assert not is_json(b"id,text\n")
