"""Spellings of a hashtag, and the folding that groups what people type for the same tag.

Platforms compare hashtags almost letter by letter, people do not: #أنقذوا_حلب is typed without the hamza, with
tatweel, with diacritics, on Persian keyboards. `spelled` keeps a spelling as it is asked for; `fold` is the key of
its family. The underscore is kept: #أنقذوا_حلب and #أنقذواحلب are two tags.
"""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = "\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_NOT_SHOWN = re.compile(f"[{_INVISIBLE}\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f]")
_KEPT_IN_SPELLING = "\u200c"  # ZWNJ: Persian compound tags differ with and without it, and platforms ask for it
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u08d3-\u08ff]")

LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳٵ", "ا"),  # alef with hamza, madda, wasla
        **dict.fromkeys("ىیېۍےئ", "ي"),  # alef maksura, Persian and Pashto yeh, yeh with hamza
        "ؤ": "و",
        **dict.fromkeys("ةۀەہھۃ", "ه"),  # teh marbuta, and the heh of Persian and Urdu keyboards
        **dict.fromkeys("کڪگ", "ك"),
    }
)
"""Letters that people use for one another in Arabic, and the one we keep."""

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
LONGEST_TAG = 200  # characters; Mastodon's own limit on tags is 100, longer ones are noise or an attack


@lru_cache(maxsize=16384)
def spelled(tag: str) -> str:
    """Return a tag as platforms are asked for it: no sign, composed, lower case, nothing invisible but ZWNJ."""
    text = unicodedata.normalize("NFKC", visible(tag, kept=_KEPT_IN_SPELLING)).strip().lstrip("#").casefold()
    return unicodedata.normalize("NFC", text)[:LONGEST_TAG]


@lru_cache(maxsize=16384)
def fold(tag: str) -> str:
    """Return the key of the family a tag belongs to; folding twice changes nothing more."""
    return fold_letters(spelled(tag)).replace(_KEPT_IN_SPELLING, "")


def visible(text: str, *, kept: str = "") -> str:
    """Drop what nobody sees: zero-width and bidi characters, variation selectors, control characters."""
    return _NOT_SHOWN.sub(lambda match: match[0] if match[0] in kept else "", text)


def fold_letters(text: str) -> str:
    """Drop diacritics and tatweel, and fold the letters and digits that people use for one another."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFC", bare.translate(LETTERS).translate(DIGITS).casefold())
