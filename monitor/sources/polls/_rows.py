"""Three ways into a page: rows of JSON, of HTML and of CSV, each with its fields beside one another. Pure.

A row selector first, then fields inside each row: parallel lists would give a vote to the wrong name as soon as one is
missing.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import jsonpath
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import printable, read_json

ROOT = "$$"
"""Begins the selector of something that stands outside the rows."""

MOST_ROWS = 200
_PART = re.compile(r"^(?P<css>.*?)(?:::(?P<what>text|attr\((?P<name>[\w:-]+)\)))?$", re.DOTALL)
_CLOSED = "login|log in|sign in|captcha|are you (?:a )?human|just a moment|تسجيل الدخول"


class Sheet(Protocol):
    """A page that was taken apart."""

    @property
    def rows(self) -> Sequence[Any]:
        """One for each option."""
        ...

    def field(self, row: Any, selector: str) -> object:
        """Return what a selector finds in a row, or after ROOT in the whole page; None when it finds nothing.

        Raises UnexpectedPayload when it finds several: nobody can say which one is meant.
        """
        ...


class Json:
    """JSON: selectors are JSONPath (RFC 9535); `$` is the row, `$$` the whole answer."""

    def __init__(self, body: bytes, rows: str) -> None:
        try:
            self._whole = read_json(body)
        except (ValueError, RecursionError) as error:
            raise UnexpectedPayload(_not("JSON", body)) from error
        self.rows = _found(rows, self._whole)

    def field(self, row: Any, selector: str) -> object:
        whole = selector.startswith(ROOT)
        return _one(_found(selector.removeprefix("$") if whole else selector, self._whole if whole else row), selector)


class Html:
    """HTML: selectors are CSS, with `::text` (the default) or `::attr(name)` behind; an empty one is the row itself."""

    def __init__(self, text: str, rows: str) -> None:
        self._whole = LexborHTMLParser(text)
        for part in self._whole.css("script, style, noscript, template"):
            part.decompose()
        root = self._whole.root
        self.rows = _css(root, rows) if root is not None else []
        if not self.rows and (closed := re.search(_CLOSED, self._whole.text()[:5000], re.IGNORECASE)):
            raise UnexpectedPayload(f"the page shows no poll but {closed[0]!r}; open it in a browser")

    def field(self, row: LexborNode, selector: str) -> object:
        whole = selector.startswith(ROOT)
        match = _PART.match(selector.removeprefix(ROOT).strip())
        css, name = (match["css"].strip(), match["name"]) if match else ("", None)
        start = self._whole.root if whole else row
        found = _css(start, css) if css and start is not None else [row]
        node = _one(found, selector)
        if not isinstance(node, LexborNode):
            return None
        return node.attributes.get(name) if name else node.text(separator=" ", strip=True)


class Csv:
    """CSV with a header: selectors are its names; the delimiter is found out."""

    def __init__(self, text: str) -> None:
        if text.lstrip()[:1] == "<":
            raise UnexpectedPayload(
                "an HTML page came instead of a table: it may ask for a login; open it in a browser"
            )
        delimiter = max(",;\t", key=text[:10_000].split("\n", 1)[0].count)
        try:
            lines = list(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter))
        except csv.Error as error:
            raise UnexpectedPayload(f"what came is no table ({error}); check the address") from error
        if not lines:
            raise UnexpectedPayload("the table is empty; check its address")
        names = [_name(name) for name in lines[0]]
        self.rows: list[Mapping[str, str]] = [
            dict(zip(names, line, strict=False)) for line in lines[1:] if any(cell.strip() for cell in line)
        ]
        self._names = names

    def field(self, row: Mapping[str, str], selector: str) -> object:
        wanted = _name(selector)
        if wanted not in self._names:
            there = printable(", ".join(self._names)[:200])
            raise UnexpectedPayload(f"the table has no column {selector!r}; it has: {there}")
        if self._names.count(wanted) > 1:
            raise UnexpectedPayload(f"the table has several columns {selector!r}; nobody can say which one is meant")
        return (row.get(wanted) or "").strip() or None


def _found(path: str, value: Any) -> list[Any]:
    try:
        return list(jsonpath.findall(path, value))
    except jsonpath.JSONPathError as error:
        raise UnexpectedPayload(
            f"the selector {path!r} is no JSONPath: {error}; write one such as $.options[*]"
        ) from error


def _css(start: LexborNode, selector: str) -> list[LexborNode]:
    try:
        return start.css(selector)
    except (SelectolaxError, ValueError) as error:
        raise UnexpectedPayload(f"the selector {selector!r} is no CSS; write one such as li.option") from error


def _one(found: Sequence[Any], selector: str) -> Any:
    if len(found) > 1:
        raise UnexpectedPayload(
            f"the selector {selector!r} finds {len(found)} things where one is meant; make it narrower"
        )
    return found[0] if found else None


def _name(header: str) -> str:
    return " ".join(header.replace("\ufeff", "").split()).casefold()


def _not(kind: str, body: bytes) -> str:
    if body.lstrip()[:1] == b"<":
        return f"an HTML page came instead of {kind}: it may ask for a login; open it in a browser"
    return f"what came is no {kind}; check the address"
