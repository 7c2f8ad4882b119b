"""Hashtags as Bluesky's own app finds them in plain text (rich text of the AT protocol, facet detection).

A tag begins after a blank and goes on to the next, whatever is in between; punctuation at its end is left out.
"""

import re
import unicodedata

_BLANK = "\\t-\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_UNSEEN = "\u00ad\u2060\u200b-\u200d\u20e2"
_TAG = re.compile(f"(?:^|[{_BLANK}])[#\uff03](?!\ufe0f)([^{_BLANK}{_UNSEEN}]+)")
_DIGITS = frozenset("0123456789")
_SKIN = range(0x1F3FB, 0x1F400)
LONGEST = 64  # letters as people see them; a longer tag is none


def tags(text: str) -> list[str]:
    """Return the hashtags of a text in order, as they are written, without their signs."""
    cut = (_without_end(found) for found in _TAG.findall(text) if any(map(_is_said, found)))
    return [tag for tag in cut if _seen_letters(tag) <= LONGEST]


def _is_said(letter: str) -> bool:
    return letter not in _DIGITS and not _is_punctuation(letter)


def _without_end(tag: str) -> str:
    end = len(tag)
    while end and _is_punctuation(tag[end - 1]):
        end -= 1
    return tag[:end]


def _is_punctuation(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "P"


def _seen_letters(tag: str) -> int:
    return sum(unicodedata.category(letter)[0] != "M" and ord(letter) not in _SKIN for letter in tag)
