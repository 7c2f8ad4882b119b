"""Reads a question as X's search does: words, hashtags, OR, minus, brackets and some `is:` and `lang:`."""

import re
from collections.abc import Callable, Sequence

from monitor.demo.world import Tweet

Fits = Callable[[Tweet, float], bool]
"""Whether a post fits at a moment."""

_PIECE = re.compile(r'-?\(|\)|-?"[^"]*"|[^\s()"]+')
_ALONE = re.compile(r'\(|"|#|\w')  # what begins an operator that may stand without another
_CONJUNCTION = ("is:", "has:", "lang:")


class Misread(Exception):
    """The question is none; the message says where."""


def question(query: str) -> Fits:
    """Return what a question asks for; raises Misread where X answers 400."""
    pieces = _PIECE.findall(query)
    plain = [piece for piece in pieces if not piece.startswith("-") and piece not in {"(", ")", "OR"}]
    if not any(_ALONE.match(piece) and not piece.startswith(_CONJUNCTION) for piece in plain):
        raise Misread("Rules must contain at least one positive, non-conjunction operator")
    fits, rest = _either(pieces)
    if rest:
        raise Misread(f"no viable alternative at input '{rest[0]}'")
    return fits


def _either(pieces: Sequence[str]) -> tuple[Fits, Sequence[str]]:
    """Read parts with OR between them; a blank binds tighter."""
    parts: list[Fits] = []
    while True:
        part, pieces = _both(pieces)
        parts.append(part)
        if not pieces or pieces[0] != "OR":
            return (lambda tweet, now: any(fits(tweet, now) for fits in parts)), pieces
        pieces = pieces[1:]


def _both(pieces: Sequence[str]) -> tuple[Fits, Sequence[str]]:
    parts: list[Fits] = []
    while pieces and pieces[0] not in {"OR", ")"}:
        part, pieces = _one(pieces)
        parts.append(part)
    if not parts:
        raise Misread("no viable alternative")
    return (lambda tweet, now: all(fits(tweet, now) for fits in parts)), pieces


def _one(pieces: Sequence[str]) -> tuple[Fits, Sequence[str]]:
    piece, rest = pieces[0], pieces[1:]
    if piece == "-(":
        raise Misread("negated groups are not supported")
    if piece == "(":
        fits, rest = _either(rest)
        if not rest:
            raise Misread("missing ')'")
        return fits, rest[1:]
    if piece.startswith("-"):
        unwanted = _operator(piece[1:])
        return (lambda tweet, now: not unwanted(tweet, now)), rest
    return _operator(piece), rest


def _operator(piece: str) -> Fits:
    """Return what one operator asks for; hashtags are compared whole, letter by letter but for case."""
    word = piece.strip('"').lower()
    if piece.startswith("#"):
        return lambda tweet, now: word[1:] in {tag.lower() for tag in tweet.tagged.at(now)}
    if word in {"is:retweet", "has:hashtags"}:
        return lambda tweet, now: bool(tweet.original if word == "is:retweet" else tweet.tagged.at(now))
    if word.startswith("lang:"):
        return lambda tweet, _now: tweet.text[0] == word.removeprefix("lang:")
    if ":" in word:
        raise Misread(f"Reference to invalid operator '{word.partition(':')[0]}'")
    return lambda tweet, _now: word in tweet.text[1].lower()
