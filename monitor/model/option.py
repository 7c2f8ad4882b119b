"""Which names are one name: an option is known by its key, however it is written this time."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from monitor.model.spelling import fold_letters, unmarked, visible
from monitor.model.words import tokens

_FRIDAY = frozenset({"جمعه", "الجمعه", "جمعت", "friday"})
_LINKS = frozenset({"of", "the"})
_WORD = re.compile(r"[^\W_]+")
_LEADING_NUMBER = re.compile(r"^\W*\d{1,2}\s*[-.):/ـ–—]\s*")
_LEADING_SIGN = re.compile(r"^\W*(?:(?:\d\ufe0f?\u20e3)+|[\u2460-\u249b\u2776-\u2793])\s*")  # 1️⃣ and ①


def option_key(label: str) -> str:
    """Return what identifies an option: its folded words, without a leading number, "Friday" and "Friday of".

    Quotes, emoji, diacritics, hamzas and case make no other option, nor does an English name beside the Arabic one. A
    label of nothing but such words or signs keeps them: two options never become one by losing everything.
    """
    return option_keys(label)[0]


@lru_cache(maxsize=4096)  # every look at a poll shows the same names again
def option_keys(label: str) -> tuple[str, ...]:
    """Return every key that a label could be found by: of its Arabic words, then of its English ones beside them."""
    plain = unicodedata.normalize("NFKC", label).strip()
    words = tokens(_unnumbered(label)) or tokens(plain)
    arabic = [word for word in words if not word.isascii() or word.isdecimal()]
    if not any(_is_arabic(word) for word in words):
        return (_named(words) or plain,)
    english = [word for word in words if word.isascii() and not word.isdecimal()]
    return (_named(arabic), *([_named(english)] if english else []))


def written(label: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a label as they are written, "Friday" too: its Arabic ones, then the English beside them."""
    plain = unicodedata.normalize("NFKC", unmarked(visible(label))).strip()
    words = _WORD.findall(unmarked(visible(_unnumbered(label)))) or _WORD.findall(plain)
    if not any(_is_arabic(word) for word in words):
        return (tuple(words),) if words else ()
    arabic = tuple(word for word in words if not word.isascii() or word.isdecimal())
    english = tuple(word for word in words if word.isascii() and not word.isdecimal())
    return (arabic, english) if english else (arabic,)


def _unnumbered(label: str) -> str:
    """Return a label without the number that it begins with in a list."""
    plain = unicodedata.normalize("NFKC", _LEADING_SIGN.sub("", label)).strip()
    return _LEADING_NUMBER.sub("", plain)


def says_friday(words: Sequence[str]) -> bool:
    """Tell whether the name is written with its day."""
    return any(fold_letters(word) in _FRIDAY for word in words)


def _named(words: Sequence[str]) -> str:
    """Return the words of a name without those that every name has."""
    named = [word for word in words if word not in _FRIDAY]
    if len(named) != len(words):
        named = [word for word in named if word not in _LINKS] or named
    return " ".join(named or words)


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[0] <= "\u06ff"
