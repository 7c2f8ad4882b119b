"""Lines of text out of chunks of bytes, whatever program wrote them: UTF-8 or not, with NULs, or without an end."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain

from monitor.errors import UnexpectedPayload
from monitor.imports.found import Damaged

LONGEST = 64_000_000
"""Bytes of a line, or of one JSON value; twarc's pages are below 2 MB."""

_WIDE = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LOOKED_AT = 200  # bytes
_OTHER = ("utf-8", "utf-8-sig")


def encoding_of(start: bytes) -> str:
    """Return the encoding of a text that begins with these bytes, by its byte order mark or by its NULs."""
    for mark, name in _WIDE:
        if start.startswith(mark):
            return name
    odd, even = start[1:_LOOKED_AT:2], start[:_LOOKED_AT:2]
    if len(odd) > 1 and odd.count(0) * 2 > len(odd) and even.count(0) * 2 < len(even):
        return "utf-16-le"
    return "utf-8"


def in_utf8(chunks: Iterable[bytes], encoding: str | None = None) -> Iterator[bytes]:
    """Yield a text in UTF-8, without byte order mark, NULs, and line ends of old Macs."""
    chunks = iter(chunks)
    first = next(chunks, b"")
    encoding = encoding or encoding_of(first)
    whole = chain((first,), chunks)
    text: Iterator[bytes] = whole if encoding.lower() in _OTHER else _decoded(whole, encoding)
    begin = next(text, b"").removeprefix(codecs.BOM_UTF8)
    old = b"\r" in begin and b"\n" not in begin
    for chunk in chain((begin,), text):
        clean = chunk.replace(b"\0", b"") if b"\0" in chunk else chunk
        yield clean.replace(b"\r", b"\n") if old else clean


def _decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError as error:
        raise UnexpectedPayload(f"{encoding} is no encoding; write for example windows-1256 or utf-16") from error
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise Damaged(f"this is no text in {encoding} ({error}); name another --encoding") from error


def lines(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    """Yield every line without its end; None stands for one that is longer than LONGEST."""
    waiting: list[bytes] = []  # of a line whose end has not come
    size = 0
    for chunk in chunks:
        head, *rest = chunk.split(b"\n")
        size += len(head)
        waiting.append(head)
        if size > LONGEST:
            waiting.clear()
        if rest:
            yield _taken(waiting, size)
            yield from rest[:-1]
            waiting, size = [rest[-1]], len(rest[-1])
    if size:
        yield _taken(waiting, size)


def _taken(waiting: list[bytes], size: int) -> bytes | None:
    """Return a line and keep nothing of it: it may be long."""
    line = b"".join(waiting) if size <= LONGEST else None
    waiting.clear()
    return line
