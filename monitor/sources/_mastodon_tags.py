"""Hashtags as Mastodon cuts them (the pattern of its `app/models/tag.rb`), from plain text or a post's HTML.

A tag begins after a blank. What joins words (· and ・ and the joiner that nobody sees) never begins or ends one.
"""

import html
import re
import unicodedata
from collections.abc import Iterator

from monitor.sources._tag_letters import SIGNS, is_digit, is_letter_or_mark, runs

_JOINERS = frozenset("_\u00b7\u30fb\u200c")
_HTML = re.compile(r"\s*<p[ >]|</(?:p|a|span)>|<br ?/?>", re.IGNORECASE)
_LINE_END = re.compile(r"<br ?/?>|</(?:p|div|li|blockquote|h\d)>", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_GLUED = re.compile(r"(.+)https?")


def tags(text: str) -> list[str]:
    """Return the hashtags of a text in order, as they are written, without their signs."""
    return list(_found(plain(text)))


def plain(text: str) -> str:
    """Return the text of a post's HTML; of what is no HTML, all of it: "1 < 2" is no markup."""
    if not _HTML.search(text):
        return text
    return html.unescape(_MARKUP.sub("", _LINE_END.sub("\n", text)))


def _found(text: str) -> Iterator[str]:
    for run in runs(text, SIGNS, _is_part):
        name = _name(run.letters) if not run.before or run.before.isspace() else ""
        if run.after == "://" and name == run.letters and (glued := _GLUED.fullmatch(name)):
            name = glued[1]  # an address follows without a blank
        if name:
            yield name


def _name(letters: str) -> str:
    """Return the tag at the start of a run: its words with what joins them, else its first word if it has a letter."""
    if not letters or not _is_word(letters[0]):
        return ""
    joined = letters.rstrip("\u00b7\u30fb\u200c")
    if any(letter in _JOINERS or is_letter_or_mark(letter) for letter in joined[1:-1]):
        return joined
    word = re.split("[\u00b7\u30fb\u200c]", joined, maxsplit=1)[0]
    return word if any(map(is_letter_or_mark, word)) else ""


def _is_part(letter: str) -> bool:
    return letter in _JOINERS or _is_word(letter)


def _is_word(letter: str) -> bool:
    return is_letter_or_mark(letter) or is_digit(letter) or unicodedata.category(letter) == "Pc"
