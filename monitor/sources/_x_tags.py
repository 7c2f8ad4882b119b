"""Hashtags as X cuts them, for texts that came without X's own cutting (twitter-text, `conformance/extract.yml`)."""

import re
import unicodedata
from collections.abc import Iterator

_SIGN = re.compile("[#\uff03]")
_JOINERS = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
)
_STYLES = frozenset("\ufe0e\ufe0f\u20e3")  # of the emoji before a sign; after it they make the sign itself an emoji
_ADDRESS = re.compile(r"\S\.\w+/\S{0,100}$")
_LETTERS = frozenset("LM")
_LONGEST = 200  # characters; longer is noise


def tags(text: str) -> list[str]:
    """Return the hashtags of a text in order, without their signs."""
    return list(_found(text))


def _found(text: str) -> Iterator[str]:
    end = 0
    for sign in _SIGN.finditer(text):
        start = sign.end()
        if sign.start() < end or _is_inside(text[max(0, sign.start() - _LONGEST) : sign.start()]):
            continue
        end = start
        while end < len(text) and end - start < _LONGEST and _is_part(text[end]):
            end += 1
        tag, follows = text[start:end], text[end : end + 3]
        if tag[:1] not in _STYLES and _is_tag(tag) and not follows.startswith(("#", "\uff03", "://")):
            yield tag


def _is_part(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category[0] in _LETTERS or category == "Nd" or letter in _JOINERS


def _is_inside(before: str) -> bool:
    """Tell whether what stands before a sign makes it a part of a word or of a web address."""
    last = before[-1:]
    if not last or last in _STYLES:
        return False
    return last == "&" or _is_part(last) or (last == "/" and _ADDRESS.search(before) is not None)


def _is_tag(tag: str) -> bool:
    return any(unicodedata.category(letter)[0] in _LETTERS for letter in tag)
