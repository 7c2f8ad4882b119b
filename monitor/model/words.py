"""Finding a campaign's words in a headline: Arabic and English, whole words, never substrings.

Both sides are normalised alike (entities, compatibility forms, diacritics, letters, digits, case); an Arabic word is
also found behind its usual prefixes (و ف ب ك ل and ال). There is no stemming: list singular and plural.
"""

import html
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from monitor.model.spelling import fold_letters, visible

_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_TOKEN = re.compile(r"[^\W_]+")
_DEFINITE = ("ال", "وال", "فال", "بال", "كال", "لل", "ولل", "فلل", "وبال", "فبال")
_PREFIXES = ("", "و", "ف", "ب", "ك", "ل", "وب", "ول", *_DEFINITE)
_BEFORE_LAM = ("ل", "ول", "فل")  # where the article's lam meets another, one of the three is not written: لليل, لله
_ARTICLE = "ال"


@dataclass(frozen=True)
class Phrase:
    """One or more words in a row, as the operator writes them."""

    text: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(" " + " ".join(map(_with_proclitics, tokens(self.text))) + " ")

    def is_in(self, text: str) -> bool:
        """Tell whether the phrase, which has at least one word, stands in `text`, word for word."""
        return bool(self._pattern.search(_row(text)))


@lru_cache(maxsize=16)  # the same headline is searched for every phrase of a campaign in turn
def _row(text: str) -> str:
    return " " + " ".join(tokens(text)) + " "


def tokens(text: str) -> list[str]:
    """Return the normalised words of a text, markup left out."""
    plain = visible(_MARKUP.sub(" ", html.unescape(text)))
    return _TOKEN.findall(fold_letters(plain))


def _with_proclitics(word: str) -> str:
    """Return a pattern of a word behind its prefixes; one that is written with the article never stands without it.

    الجزيرة is a broadcaster and جزيرة an island; without the article, الله would be "to him".
    """
    if not ("\u0600" <= word[0] <= "\u06ff"):
        return re.escape(word)
    is_definite = word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 1
    stem = word.removeprefix(_ARTICLE) if is_definite else word
    prefixes = [*_DEFINITE, *(_BEFORE_LAM if stem.startswith("ل") else ())] if is_definite else _PREFIXES
    return "(?:" + "|".join(sorted({re.escape(prefix + stem) for prefix in prefixes})) + ")"
