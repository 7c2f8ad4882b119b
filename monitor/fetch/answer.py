"""An answer of a server, and the careful reading of its body."""

import codecs
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from monitor.errors import UnexpectedPayload

_NO_CHARSETS = frozenset({"unicode_escape", "raw_unicode_escape", "utf_7", "u7", "idna", "punycode"})  # Python has them
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: `url` is where the answer came from in the end, `body` is unpacked and within the limit.

    `line` is where the question waited for its turn, `secrets` are what it held that no message may repeat,
    `is_signed` tells whether it carried a key.
    """

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)
    url: str = field(repr=False)
    line: str = ""
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    is_signed: bool = False

    @property
    def place(self) -> str:
        """Where the answer came from, as it may be printed."""
        return shown(self.url)

    def json(self) -> Any:
        """Return the body as JSON; UnexpectedPayload, with what came instead, when it is none."""
        body = self._without_bom().lstrip()
        if not body:
            raise UnexpectedPayload(f"{self.place} answered with an empty body instead of JSON; try again later")
        if body.startswith(b"<"):
            raise UnexpectedPayload(
                f"{self.place} answered with an HTML page instead of JSON; open the address in a browser to see "
                "whether it is the right server, or a proxy that asks for something",
            )
        try:
            return read_json(body)
        except (ValueError, RecursionError) as error:
            raise UnexpectedPayload(
                f"{self.place} answered with broken JSON ({_first_words(error)}); try again later",
            ) from error

    def text(self) -> str:
        """Return the body as text: by its byte order mark, the declared charset, UTF-8, and at last Windows-1252."""
        for mark, name in zip(_BOMS, ("utf-8-sig", "utf-16", "utf-16"), strict=True):
            if self.body.startswith(mark):
                return self.body.decode(name, "replace")
        for charset in (_declared(self.headers), "utf-8"):
            try:
                return self.body.decode(charset)
            except (ValueError, LookupError):
                continue
        return self.body.decode("cp1252", "replace")

    def _without_bom(self) -> bytes:
        if self.body.startswith(_BOMS[1:]):
            return self.body.decode("utf-16", "replace").encode("utf-8", "replace")
        return self.body.removeprefix(codecs.BOM_UTF8)


def printable(text: str) -> str:
    """Return text of unknown origin with a ? for what no line can show."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def shown(url: httpx.URL | str) -> str:
    """Return an address as it may be printed and logged: no user, no password, no query, where keys are carried."""
    address = httpx.URL(url)
    path = printable(address.path)
    return f"{address.scheme}://{address.netloc.decode('ascii')}{path}"


def read_json(body: bytes) -> Any:
    """Read JSON as it is found in the wild: control characters, NaN, wrong bytes and halves of surrogate pairs pass."""
    try:
        return orjson.loads(body)  # strict, and many times faster
    except ValueError:
        return _lenient(body)


def _lenient(body: bytes) -> Any:
    value = json.loads(body.decode("utf-8", "replace"), strict=False, parse_constant=_not_told)
    if b"\\ud" in body or b"\\uD" in body:  # half a pair can not be encoded again: no hash, no key, no mail
        clean = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return json.loads(clean)
    return value


def _not_told(_constant: str) -> None:
    """NaN and the infinities are no numbers of anything."""


def _declared(headers: httpx.Headers) -> str:
    _, found, rest = headers.get("content-type", "").lower().partition("charset=")
    charset = rest.split(";")[0].strip(" \"'") if found else "utf-8"
    return "utf-8" if charset.replace("-", "_") in _NO_CHARSETS else charset


def _first_words(error: Exception) -> str:
    return str(error).split(":", maxsplit=1)[0][:80]
