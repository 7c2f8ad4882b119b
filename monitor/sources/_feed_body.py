"""Reading the body of a feed: bytes in, entries in our words out. Pure, and patient with what outlets publish.

feedparser is handed bytes alone: given a string, it would fetch it as an address or open it as a file.
"""

import codecs
import html
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import feedparser

from monitor.errors import UnexpectedPayload
from monitor.model.spelling import visible
from monitor.model.words import tokens
from monitor.sources._feed_date import moment
from monitor.sources._language import language

MOST_TAGS = 100_000  # in a body: 300 full texts have 60,000; parsing takes seconds for each 100,000
MOST_ENTRIES = 2000  # the longest feeds seen hold 300
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_LINK = 500, 4000, 2000  # characters; more is no headline
_LONGEST_DATE = 80

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the next one, and so stands before it
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:\-]{2,30})""", re.IGNORECASE)
_TEXTUAL = re.compile(r"(utf.?(8|16|32)|iso.?8859|windows|cp.?\d|koi8|gb|big5|euc|shift|latin|us-ascii)", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[A-Za-z][\w.\-]{0,20}:)?(?:rss|feed|rdf|channel)[\s>/]", re.IGNORECASE)
_ARABIC = re.compile("[\u0620-\u064a]")
_TAILS = "\u0080-\u00bf" + "".join(bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0))
_TWICE = re.compile(f"(?:[\u00c2\u00d8-\u00db][{_TAILS}]|\u00e2[{_TAILS}]{{2}}){{2,}}")
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_SURROGATES = range(0xD800, 0xE000)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]*)|(\d*))", re.ASCII)
_REVISION = re.compile(r"#[\d:.TZ+\-]+$")  # BBC: #0, #1; GOV.UK: #2026-01-31T10:00:00Z; each edit a new one
_TRACKING = re.compile(r"(?:utm_|at_)\w*|traffic_source|maca|oc|fbclid|gclid|ref", re.IGNORECASE)
_STUMBLES = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError)
"""What feedparser was seen to raise, or may, over a body made to hurt it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `guid` (may be empty), `place`, `wording` are its id, link and title, bare of what means nothing."""

    guid: str
    place: str
    wording: str
    title: str
    summary: str
    link: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Body:
    """What a feed holds; `unread` entries had neither id nor link: most often the last one of a body that broke off."""

    version: str
    language: str | None
    entries: tuple[Entry, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class Hints:
    """What the server and the operator say of a body: content type, address, language, and its clocks' time zone."""

    content_type: str
    url: str
    language: str | None
    zone: str | None


def read(body: bytes, hints: Hints) -> Body:
    """Return the entries of a feed; UnexpectedPayload, in words, when the body is none."""
    text = _REFERENCE.sub(_writable, _from_root(_text(body, hints)))
    if text.count("<") + text.count("&lt;") > MOST_TAGS:
        raise UnexpectedPayload(f"the feed has more than {MOST_TAGS:,} tags; no feed of news is that long")
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": hints.url},
        )
    except _STUMBLES as error:
        raise UnexpectedPayload(
            f"the feed is broken in a way that nothing can read ({type(error).__name__})"
        ) from error
    if not parsed.get("version"):  # bozo is true of feeds that read well, and false of an empty body
        raise UnexpectedPayload("the answer is no RSS or Atom feed; open the address in a browser")
    raw = parsed.entries[:MOST_ENTRIES]
    entries = [entry for each in raw if (entry := _entry(each, hints.zone))]
    if hints.language == "ar" and entries and not any(_ARABIC.search(entry.title) for entry in entries):
        raise UnexpectedPayload(
            "no title has an Arabic letter: a wrong encoding, or a wrong `language` in the settings"
        )
    return Body(parsed.version, _language(parsed.feed), tuple(entries), unread=len(raw) - len(entries))


def address_key(address: str) -> str:
    """Return a link without what changes from copy to copy: scheme, case of the host, tracking, fragment."""
    try:
        parts = urlsplit(address)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return address
    if not parts.netloc:
        return address
    query = urlencode([(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)])
    return f"{parts.netloc.lower()}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def _text(body: bytes, hints: Hints) -> str:
    """Decode a body: UTF-8 if it is that, whatever anybody declares; else as declared, if that gives sense."""
    for charset in _candidates(body, hints):
        text = _unscrambled(_decoded(body, charset))
        if text is not None and (hints.language != "ar" or charset == "utf-8" or _ARABIC.search(text)):
            return text
    return body.decode("windows-1252", "replace")


def _unscrambled(text: str | None) -> str | None:
    """Return a text with Arabic that was encoded twice (Ø§Ù„ for ال) read as it was meant."""
    return text and _TWICE.sub(_once, text)


def _once(scrambled: re.Match[str]) -> str:
    written = b"".join(_byte(letter) for letter in scrambled[0])
    try:
        meant = written.decode()
    except UnicodeDecodeError:
        return scrambled[0]
    return meant if _ARABIC.search(meant) else scrambled[0]


def _byte(letter: str) -> bytes:
    """Return the byte that was taken for a letter of Windows-1252, which has holes."""
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def _candidates(body: bytes, hints: Hints) -> Iterator[str]:
    """Yield the encodings to try: by mark, UTF-8, by header, by declaration, and the one Arabic outlets forget."""
    yield from [charset for mark, charset in _BOMS if body.startswith(mark)][:1] or ["utf-8"]
    for declared in (_CHARSET.search(hints.content_type.encode()), _CHARSET.search(body[:1000])):
        charset = declared[1].decode() if declared else ""
        if _TEXTUAL.match(charset):  # Python knows others that take very long, or are no encodings of text
            yield charset
    if hints.language == "ar":
        yield "windows-1256"


def _decoded(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset).lstrip("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return None


def _from_root(text: str) -> str:
    """Return a document from its root element on: without a DOCTYPE there is no entity that could explode."""
    root = _ROOT.search(text)
    if root is None or "<html" in text[: root.start()].lower():  # pages may quote RDF about their licence
        raise UnexpectedPayload(
            f"the answer is no RSS or Atom feed but {_looks_like(text)}; open the address in a browser"
        )
    return text[root.start() :]


def _writable(reference: re.Match[str]) -> str:
    """Return a reference to a character that exists, else to the one for "unreadable"; feedparser trusts them all."""
    digits = reference[1] or reference[2] or ""
    code = int(digits[:9], 16 if reference[1] else 10) if digits else 0
    is_real = 0 < code < _SURROGATES.start or _SURROGATES.stop <= code <= sys.maxunicode
    return reference[0] if is_real else "&#65533"


def _looks_like(text: str) -> str:
    start = text.lstrip()[:200].lower()
    if not start:
        return "empty"
    if "<html" in start or start.startswith("<!doctype html"):
        return "an HTML page"
    return "JSON" if start[0] in "{[" else "something else"


def _entry(raw: Any, zone: str | None) -> Entry | None:
    """Translate one entry; None when it has neither id nor link, as the last one of a body that was cut off."""
    guid = _line(raw.get("id"), LONGEST_LINK)
    link = _line(raw.get("feedburner_origlink") or raw.get("link"), LONGEST_LINK)
    if not guid and not link:
        return None
    title, summary = _line(raw.get("title"), LONGEST_TITLE), _line(raw.get("summary"), LONGEST_SUMMARY)
    place = address_key(link or guid)
    return Entry(
        guid=address_key(_REVISION.sub("", guid)),
        place=place,
        wording=" ".join(tokens(title)),
        title=title or summary[:LONGEST_TITLE],
        summary=summary,
        link=link if link.lower().startswith(("http://", "https://")) else None,
        published=_published(raw, zone),
    )


def _line(value: object, longest: int) -> str:
    """Return a text as one line: no markup, no entities, nothing invisible, and nothing that cannot be written."""
    text = value[: longest * 4] if isinstance(value, str) else ""
    bare = visible(html.unescape(_MARKUP.sub(" ", text)).encode("utf-8", "replace").decode())
    return " ".join(bare.split())[:longest]


def _published(raw: Any, zone: str | None) -> datetime | None:
    """Return when an entry was published, else updated; feedparser's `updated` would fall back by itself, loudly."""
    for name in ("published", "updated"):
        written, parsed = dict.get(raw, name), dict.get(raw, f"{name}_parsed")
        if isinstance(written, str) and (found := moment(written.strip()[:_LONGEST_DATE], parsed, zone)):
            return found
    return None


def _language(feed: Any) -> str | None:
    told = feed.get("language")
    return language(told.strip()) if isinstance(told, str) else None
