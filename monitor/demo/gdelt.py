"""Plays GDELT's DOC door: lists of articles and timelines as JSON, and errors as plain text with status 200.

The traps are played, too: `{}` for nothing, no pages after the first, cells that are missing or still growing, JSON in
name only, and impatience: one question in five seconds.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from monitor.clock import Clock
from monitor.demo.clippings import QUARTER, monitored
from monitor.demo.loopback import Reply, Request
from monitor.demo.world import Clipping, World

SPACING = 5.0  # seconds between two questions
MOST, USUAL = 250, 75  # articles in an answer
TOO_OFTEN = "Please limit requests to one every 5 seconds or contact the project for larger queries."
NEWS = ("protest", "احتجاجات", "مظاهرة")  # what somebody writes about in every quarter of an hour
HOUR, DAY = 3600, 86_400
_STAMP = "%Y%m%dT%H%M%SZ"
_PIECE = re.compile(r'-?\(|\)|-?"[^"]*"|[^\s()"]+')
_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0640\u064b-\u0652]")
_SHORTEST = 3  # letters of a word
_MISSING = 23  # of so many cells of a quarter of an hour, one

Fits = Callable[[Clipping], bool]


class Fault(Exception):
    """The question is none; the message is the whole answer."""


class Doc:
    """The door for everybody; call it with a request."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._clippings = world.clippings
        self._texts = {clipping.link: _words(_text(clipping)) for clipping in world.clippings}
        self._clock = clock
        self._last = 0.0

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now().timestamp()
        before, self._last = self._last, now
        if now - before < SPACING:
            return plain(TOO_OFTEN)
        if request.path != "/api/v2/doc/doc":
            return Reply(404, b"<html><body>Not Found</body></html>", {"Content-Type": "text/html"})
        try:
            return _json(self._answer(request, now))
        except Fault as fault:
            return plain(str(fault))

    def _answer(self, request: Request, now: float) -> Mapping[str, Any]:
        query = request.last("query") or ""
        wanted, unwanted, is_news = _asked(query)
        low, high = _span(request, now)

        def fits(clipping: Clipping) -> bool:
            text = self._texts[clipping.link]
            named = any(f" {word} " in text for word in wanted) and not any(f" {word} " in text for word in unwanted)
            return named and clipping.listed <= now

        match (request.last("mode") or "artlist").lower():
            case "artlist":
                return self._list(request, fits, (low, high), is_news=is_news)
            case "timelinevolraw":
                return self._timeline(query, fits, (low, min(high, now)), now)
        raise Fault("Invalid mode.")

    def _list(self, request: Request, fits: Fits, span: tuple[float, float], *, is_news: bool) -> Mapping[str, Any]:
        found = [
            _article(clipping) for clipping in self._clippings if span[0] <= clipping.seen <= span[1] and fits(clipping)
        ]
        if is_news and span[1] - span[0] >= QUARTER:
            found.append(_article(_news(span[1])))
        if (request.last("sort") or "").lower() != "dateasc":
            found.reverse()
        most = min(int(request.last("maxrecords") or USUAL), MOST)
        return {"articles": found[:most]} if found else {}

    def _timeline(self, query: str, fits: Fits, span: tuple[float, float], now: float) -> Mapping[str, Any]:
        width, name = _width(span[1] - span[0])
        times = [clipping.seen for clipping in self._clippings if fits(clipping)]
        rows = [
            {
                "date": _stamp(cell),
                "value": sum(cell <= time < cell + width for time in times),
                "norm": monitored(cell, min(cell + width, now)),
            }
            for cell in _cells(span, width)
        ]
        if not rows:
            return {}
        details = {"title": query, "date_resolution": name}
        return {"query_details": details, "timeline": [{"series": "Article Count", "data": rows}]}


def plain(words: str, status: int = 200) -> Reply:
    """Return an error: plain text that calls itself JSON."""
    return Reply(status, words.encode(), {"Content-Type": "application/json; charset=utf-8"})


def _asked(query: str) -> tuple[Sequence[str], Sequence[str], bool]:
    """Return what a text must name one of, what it must not name, and whether that is in the news all the time."""
    pieces = _PIECE.findall(query)
    if "-(" in pieces:
        raise Fault("Parentheses may only be used around OR'd statements.")
    if "OR" in pieces and "(" not in pieces:
        raise Fault("Queries containing OR'd terms must be surrounded by ().")
    words = [piece for piece in pieces if piece not in {"(", ")", "OR"} and ":" not in piece]
    for word in words:
        _check(word)
    wanted = [_words(word).strip() for word in words if not word.startswith("-")]
    if not wanted:
        raise Fault("Your query was too short or too long.")
    return wanted, [_words(word).strip() for word in words if word.startswith("-")], not set(NEWS).isdisjoint(wanted)


def _check(word: str) -> None:
    bare = word.lstrip("-").strip('"')
    if word.endswith('"') and " " not in bare:
        raise Fault("The specified phrase is too short.")
    if not word.endswith('"') and "-" in bare:
        raise Fault("Your query contained an illegal character.")
    if len(bare) < _SHORTEST:
        raise Fault("One or more of your keywords were too short, too long or too common.")


def _text(clipping: Clipping) -> str:
    """Return what is searched: the headline, and what a translation of the text names."""
    return f"{clipping.title} {'Aleppo' if clipping.about or clipping.passing else ''}"


def _words(text: str) -> str:
    """Return the words of a text between blanks, without diacritics; nothing else is done to them."""
    return f" {' '.join(_WORD.findall(_MARKS.sub('', text).lower()))} "


def _span(request: Request, now: float) -> tuple[float, float]:
    start, end = request.last("startdatetime"), request.last("enddatetime")
    if start and end:
        low, high = (datetime.strptime(told, "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp() for told in (start, end))
        return low, high
    told = re.fullmatch(r"(\d+)(min|h|d|w|m)", request.last("timespan") or "3m")
    if told is None:
        raise Fault("Timespan is invalid.")
    seconds = {"min": 60, "h": HOUR, "d": DAY, "w": 7 * DAY, "m": 30 * DAY}[told[2]]
    return now - int(told[1]) * seconds, now


def _width(length: float) -> tuple[int, str]:
    """Return how wide the cells of a timeline are, and what that is called."""
    if length < timedelta(hours=72).total_seconds():
        return QUARTER, "15m"
    return (HOUR, "hour") if length <= timedelta(days=7).total_seconds() else (DAY, "day")


def _cells(span: tuple[float, float], width: int) -> Iterator[int]:
    """Yield when the cells of a timeline begin; of the narrowest, some are missing."""
    first = int(span[0]) - int(span[0]) % width
    for cell in range(first, int(span[1]), width):
        if width != QUARTER or cell // QUARTER % _MISSING:
            yield cell


def _news(at: float) -> Clipping:
    return Clipping(
        f"https://agency.example/{int(at)}", int(at), at, "Protest in the port", "Arabic", "Egypt", about=False
    )


def _article(clipping: Clipping) -> Mapping[str, str]:
    """Return an article of a list; GDELT puts blanks around marks."""
    return {
        "url": clipping.link,
        "url_mobile": "",
        "title": re.sub(r"\s*([:,?«»])\s*", r" \1 ", clipping.title).strip(),
        "seendate": _stamp(clipping.seen),
        "socialimage": "",
        "domain": urlsplit(clipping.link).netloc,
        "language": clipping.language,
        "sourcecountry": clipping.country,
    }


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(_STAMP)


def _json(answer: Mapping[str, Any]) -> Reply:
    return Reply(
        200, json.dumps(answer, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"}
    )
