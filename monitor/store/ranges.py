"""Replies of TS.RANGE as arrays, without making a Python object of every sample: ten times faster on long series.

A reply is `*N`, then N times `*2`, `:<milliseconds>`, `,<value>`, each on a line of its own. The parser hands such a
reply over as bytes when it is asked not to decode (redis-py's NEVER_DECODE); everything else is hiredis' work as ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from redis.asyncio.connection import DefaultParser
from redis.exceptions import ConnectionError as NotConnected

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_READ_SIZE = 1 << 18  # bytes
_LINES = 3  # of one sample
_NEWLINE, _ZERO = ord("\n"), ord("0")
_LONGEST_WHOLE = 16  # digits of 2^53
_NOT_WHOLE = (b".", b"e", b"-", b"n")  # one of them is in 1.5, 1e+20, -1, inf and nan


@dataclass(frozen=True)
class Reply:
    """The lines of one reply, and where each of them ends."""

    lines: bytes
    ends: Places

    @classmethod
    def of(cls, samples: Sequence[tuple[int, float]]) -> Self:
        """Make the reply that would have brought these samples."""
        lines = b"".join(b"*2\r\n:%d\r\n,%a\r\n" % (at, value) for at, value in samples)
        return cls(lines, _ends(lines))

    def __len__(self) -> int:
        return len(self.ends) // _LINES

    @property
    def milliseconds(self) -> Numbers:
        """The times of the samples."""
        return self._read(1)

    @property
    def numbers(self) -> Numbers:
        """The values of the samples."""
        return self._read(2)

    def _read(self, nth: int) -> Numbers:
        """Return the numbers of every nth line of three (from 0), all at once, digit by digit."""
        starts, stops = self.ends[nth - 1 :: _LINES] + 2, self.ends[nth::_LINES] - 1  # a sign before, \r after
        starts = starts[: len(stops)]
        lengths = stops - starts
        longest = int(lengths.max(initial=0))
        if longest > _LONGEST_WHOLE or any(sign in self.lines for sign in _NOT_WHOLE):
            return np.array([float(self.lines[start:stop]) for start, stop in zip(starts, stops, strict=True)])
        text, numbers = np.frombuffer(self.lines, np.uint8), np.zeros(len(starts))
        for place in range(longest):
            digits = text[np.minimum(starts + place, stops)] - _ZERO
            numbers = np.where(lengths > place, numbers * 10 + digits, numbers)
        return numbers


class Parser(DefaultParser):  # type: ignore[misc, valid-type]
    """The parser of our connections: hiredis, but an array that is not to be decoded comes as a `Reply`."""

    def __init__(self, socket_read_size: int) -> None:
        super().__init__(socket_read_size)
        self._unread = b""

    def on_connect(self, connection: Any) -> None:
        self._unread = b""
        super().on_connect(connection)

    async def can_read(self) -> bool:
        return bool(self._unread) or bool(await super().can_read())

    async def read_response(self, disable_decoding: bool = False, push_request: bool = False) -> Any:
        if disable_decoding and not self._reader.has_data():
            head = (await self._lines(1)).lines
            if head.startswith(b"*"):
                return await self._lines(_LINES * int(head[1:]))
            if head.startswith(b"-"):
                self._reader.feed(head)
                return await super().read_response(disable_decoding, push_request)
            self._unread = head + self._unread
        self._reader.feed(self._unread)
        self._unread = b""
        reply = await super().read_response(disable_decoding, push_request)
        return Reply.of(reply) if disable_decoding and isinstance(reply, list) else reply

    async def _lines(self, count: int) -> Reply:
        """Return the next lines, whole."""
        chunks, size = [self._unread], len(self._unread)
        ends = [_ends(self._unread)]
        found = len(ends[0])
        while found < count:
            chunk = await self._stream.read(_READ_SIZE)
            if not chunk:
                raise NotConnected("the server closed the connection in the middle of a reply")
            chunks.append(chunk)
            ends.append(_ends(chunk) + size)
            size, found = size + len(chunk), found + len(ends[-1])
        whole, places = b"".join(chunks), np.concatenate(ends)[:count]
        end = int(places[-1]) + 1 if count else 0
        self._unread = whole[end:]
        return Reply(whole[:end], places)


def _ends(lines: bytes) -> Places:
    return np.flatnonzero(np.frombuffer(lines, np.uint8) == _NEWLINE)
