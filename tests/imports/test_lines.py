from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import UnexpectedPayload
from monitor.imports import lines as module
from monitor.imports.found import Damaged
from monitor.imports.lines import in_utf8, lines

TEXT = "id,created_at,نص\n1,2023-03-03,حلب\n"


def chunked(text: bytes, size: int) -> Iterator[bytes]:
    return (text[at : at + size] for at in range(0, len(text), size))


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=30), max_size=20), st.integers(1, 50))
def test_lines_are_the_same_however_the_chunks_fall(texts: list[str], size: int) -> None:
    whole = "\n".join(texts).encode("utf-8", "surrogatepass")
    assert [line or b"" for line in lines(chunked(whole, size))] == (
        whole.removesuffix(b"\n").split(b"\n") if whole else []
    )


def test_a_line_without_end_is_left_out_and_the_next_is_read() -> None:
    long = (b"a" * 1_000_000 for _ in range(module.LONGEST // 1_000_000 + 1))
    assert [line is None for line in lines((*long, b"\nshort"))] == [True, False]


def test_a_line_of_fifty_megabytes_is_read() -> None:
    (line,) = lines(b"a" * 1_000_000 for _ in range(50))
    assert line is not None
    assert len(line) == 50_000_000


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_what_excel_writes_is_utf_8_in_the_end(charset: str, size: int) -> None:
    mark = "\ufeff" if charset == "utf-16-be" else ""
    chunks = [(mark + TEXT).encode(charset)] if size == 1000 else list(chunked((mark + TEXT).encode(charset), size))
    if size == 1 and charset != "utf-8":
        chunks = [b"".join(chunks[:4]), *chunks[4:]]  # what is looked at is never a single byte
    assert b"".join(in_utf8(chunks)).decode() == TEXT


def test_an_encoding_that_is_named_is_used() -> None:
    assert b"".join(in_utf8([TEXT.encode("windows-1256")], "windows-1256")).decode() == TEXT


def test_an_encoding_that_is_none_is_refused() -> None:
    with pytest.raises(UnexpectedPayload, match="utf-99 is no encoding"):
        list(in_utf8([b"a"], "utf-99"))


def test_half_a_letter_at_the_end_is_a_damage() -> None:
    with pytest.raises(Damaged, match="no text in utf-16-le"):
        list(in_utf8([TEXT.encode("utf-16")[:-1]]))


def test_nuls_are_left_out() -> None:
    assert b"".join(in_utf8([b'{"a": \x00 1}\n', bytes(500)])) == b'{"a":  1}\n'


def test_line_ends_of_old_macs_are_line_ends() -> None:
    assert b"".join(in_utf8([b"a,b\r1,2\r"])) == b"a,b\n1,2\n"
