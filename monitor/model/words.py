"""Finding a campaign's words in a headline: Arabic and English, whole words, never substrings.

Both sides are normalised alike (entities, compatibility forms, diacritics, letters, digits, case); an Arabic word is
also found behind its usual proclitics (و ف ب ك ل and ال). There is no stemming: list singular and plural.
"""

import html
import re
from dataclasses import dataclass
from functools import cached_property

from monitor.model.spelling import fold_letters, visible

_MARKUP = re.compile(r"<[^>]{0,2000}>")
_TOKEN = re.compile(r"[^\W_]+")
_PREFIXES = (
    "",
    *["و", "ف", "ب", "ك", "ل", "ال", "وال", "فال", "بال", "كال", "لل", "ولل", "فلل", "وب", "ول", "وبال", "فبال"],
)
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
        return bool(self._pattern.search(" " + " ".join(tokens(text)) + " "))


def tokens(text: str) -> list[str]:
    """Return the normalised words of a text, markup left out."""
    plain = visible(_MARKUP.sub(" ", html.unescape(text)))
    return _TOKEN.findall(fold_letters(plain))


def _with_proclitics(word: str) -> str:
    if not ("\u0600" <= word[0] <= "\u06ff"):
        return re.escape(word)
    stem = word.removeprefix(_ARTICLE) if len(word) > len(_ARTICLE) + 1 else word
    forms = {word, *(prefix + stem for prefix in _PREFIXES)}
    return "(?:" + "|".join(sorted(map(re.escape, forms))) + ")"
