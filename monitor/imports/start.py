"""How a file begins, and what it can not be: files that people mistake for an export are named for what they are."""

from collections.abc import Sequence

from monitor.errors import UnexpectedPayload
from monitor.imports.lines import encoding_of, in_utf8
from monitor.imports.packed import Part

_START = 1 << 16  # bytes in which the header of a table stands
_STRANGE: Sequence[tuple[bytes, str]] = (
    (b"%PDF", "a PDF; ask for the figures as CSV or JSON"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file; save the sheet as CSV (UTF-8)"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it first: zstd -d FILE"),
    (b"\xfd7zXZ", "packed with xz; unpack it first: xz -d FILE"),
    (b"BZh", "packed with bzip2; unpack it first: bunzip2 FILE"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"SQLite format 3", "a database of SQLite; export its table of posts as CSV"),
    (b"PAR1", "a Parquet file; export it as CSV or JSON lines"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"<!doctype html", "a web page, perhaps one that asks to sign in; download the file again, signed in"),
    (b"<html", "a web page, perhaps one that asks to sign in; download the file again, signed in"),
    (b"<?xml", "XML; ask for JSON or CSV"),
)
_BLANK = b"\0 \t\r\n\xef\xbb\xbf"


def start(called: str, part: Part, encoding: str | None) -> bytes:
    """Return the begin of a text in UTF-8; raises UnexpectedPayload for what is no text."""
    first = next(part.chunks(lambda _: None), b"")
    for mark, what in _STRANGE:
        if first.lstrip()[: len(mark)].lower() == mark.lower():
            raise UnexpectedPayload(f"{called} is {what}")
    if not first.strip(_BLANK):
        raise UnexpectedPayload(f"{called} is empty")
    told = first[:_START].rstrip(b"\0")  # a crash leaves NULs at the end
    if encoding is None and encoding_of(first) == "utf-8" and told.count(0) > len(told) // 2:
        raise UnexpectedPayload(f"{called} is no text")
    text = b""
    for chunk in in_utf8(part.chunks(lambda _: None), encoding):
        text += chunk
        if len(text) >= _START:
            break
    return text[:_START]
