"""Spellings of a hashtag, and the folding that groups what people type for the same tag.

Platforms compare hashtags almost letter by letter, people do not: #أنقذوا_حلب is typed without the hamza, with
tatweel, with diacritics, on Persian keyboards. `spelled` keeps a spelling as it is asked for; `fold` is the key of
its family. The underscore is kept: #أنقذوا_حلب and #أنقذواحلب are two tags.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

_INVISIBLE = "\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_NOT_SHOWN = re.compile(f"[{_INVISIBLE}\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f]")
_KEPT_IN_SPELLING = "\u200c"  # ZWNJ: Persian compound tags differ with and without it, and platforms ask for it
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0674\u06d6-\u06ed\u0640\u08d3-\u08ff]")

LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳٵ", "ا"),  # alef with hamza, madda, wasla
        **dict.fromkeys("ىیېۍےۓئ", "ي"),  # alef maksura, Persian and Pashto yeh, yeh with hamza
        "ؤ": "و",
        **dict.fromkeys("ةۀەہۂھۃ", "ه"),  # teh marbuta, and the heh of Persian and Urdu keyboards
        **dict.fromkeys("کڪگ", "ك"),
    }
)
"""Letters that people use for one another in Arabic, and the one we keep."""

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_KEPT = {chr(typed): chr(kept) if isinstance(kept, int) else kept for typed, kept in (LETTERS | DIGITS).items()}
_FOLDED = re.compile(f"[{''.join(_KEPT)}]")  # quicker than a table: few letters of a text are folded
LONGEST_TAG = 200  # characters; Mastodon's own limit on tags is 100, longer ones are noise or an attack


@lru_cache(maxsize=16384)
def spelled(tag: str) -> str:
    """Return a tag as platforms are asked for it: no sign, composed, lower case, nothing invisible but ZWNJ."""
    text = unicodedata.normalize("NFKC", visible(tag, kept=_KEPT_IN_SPELLING)).strip().lstrip("#").casefold()
    return unicodedata.normalize("NFC", text)[:LONGEST_TAG]


@lru_cache(maxsize=16384)
def written(tag: str) -> str:
    """Return a tag as its author typed it: no sign, nothing invisible, nothing that no text can hold."""
    text = "".join(visible(tag).split()).lstrip("#").encode(errors="replace").decode()
    return unicodedata.normalize("NFC", text)[:LONGEST_TAG]


@lru_cache(maxsize=16384)
def fold(tag: str) -> str:
    """Return the key of the family a tag belongs to; folding twice changes nothing more."""
    return fold_letters(spelled(tag)).replace(_KEPT_IN_SPELLING, "")


def visible(text: str, *, kept: str = "") -> str:
    """Drop what nobody sees: zero-width and bidi characters, variation selectors, control characters."""
    return _NOT_SHOWN.sub(lambda match: match[0] if match[0] in kept else "", text)


def unmarked(text: str) -> str:
    """Drop diacritics and tatweel: nobody types them."""
    return _MARKS.sub("", text)


def fold_letters(text: str) -> str:
    """Drop diacritics and tatweel, and fold the letters and digits that people use for one another."""
    bare = unmarked(unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFC", _FOLDED.sub(lambda found: _KEPT[found[0]], bare).casefold())


MOST_PROPOSALS = 12  # each spelling that is listed is one more request in every run
_TOGETHER = 3  # habits that meet in one spelling at most
_END = r"(?=_|$)"
_HABITS: Sequence[tuple[str, Mapping[str, str]]] = (
    (_KEPT_IN_SPELLING, {}),
    (r"[أإآٱ]", dict.fromkeys("أإآٱ", "ا")),  # no hamza on an alef
    (rf"[ةه]{_END}", {"ة": "ه", "ه": "ة"}),  # teh marbuta and heh for one another, at the end of a word
    (rf"[ىي]{_END}", {"ى": "ي", "ي": "ى"}),  # so alef maksura and yeh
    (r"[ؤئ]", {"ؤ": "و", "ئ": "ي"}),
    (r"(?<![^_])[أإ]", {"أ": "إ", "إ": "أ"}),  # the hamza on the other side, at the start of a word
    (r"(?<![^_])ا(?!ل)", {"ا": "أ"}),  # the hamza that was left out, but not on the article
    (r"_", {}),  # two words in one
    (r"[٠-٩۰-۹]", {chr(written): chr(kept) for written, kept in DIGITS.items()}),
    (r"[ىيك]", {"ى": "ی", "ي": "ی", "ك": "ک"}),  # a Persian keyboard, and an Arabic one
    (r"[یک]", {"ی": "ي", "ک": "ك"}),
)
"""What people change all over a tag, and each letter's substitute: none is left out."""


@lru_cache(maxsize=1024)
def proposals(tag: str) -> tuple[str, ...]:
    """Return other spellings that people may type for a tag, as platforms are asked for them, likeliest first."""
    bare = unmarked(visible(tag))
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", bare)  # SaveAleppo, Save_Aleppo
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", bare))  # Libérez, Liberez
    forms = dict.fromkeys(map(spelled, (bare, apart, plain)))
    for _ in range(_TOGETHER):
        forms |= dict.fromkeys(_typed(form, habit) for form in tuple(forms) for habit in _HABITS)
    return tuple(form for form in forms if form and form != spelled(tag))[:MOST_PROPOSALS]


def stretched(tag: str) -> str:
    """Return a tag with its last word stretched by tatweel, as people do for emphasis; itself where it can not be."""
    return re.sub(r"([بتثجحخسشصضطظعغفقكلمنهيئ])([ء-غف-ي])$", "\\1\u0640\u0640\\2", spelled(tag))


def capitalised(form: str, tag: str) -> str:
    """Return a form of a tag with the capitals that the tag is written with; itself where their letters differ."""
    letters = [letter for letter in visible(tag).strip().lstrip("#") if letter != "_"]
    if len(letters) != len(form.replace("_", "")):
        return form
    written = iter(letters)
    typed = "".join(one if one == "_" or not next(written).isupper() else one.upper() for one in form)
    return typed if spelled(typed) == form else form


def _typed(tag: str, habit: tuple[str, Mapping[str, str]]) -> str:
    letters, substitutes = habit
    return spelled(re.sub(letters, lambda match: substitutes.get(match[0], ""), tag))
