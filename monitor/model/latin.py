"""Arabic hashtags in Latin letters: how people who have no Arabic keyboard, or want to be read abroad, may type them.

Arabic writes no short vowels, so these are guesses; names of places are known, in Arabic mouths and in foreign ones.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from monitor.model.spelling import fold, spelled, visible

NAMES: dict[str, tuple[str, str]] = {
    "حلب": ("halab", "aleppo"), "سوريا": ("suriya", "syria"), "سورية": ("suriya", "syria"),
    "دمشق": ("dimashq", "damascus"), "حمص": ("homs", "homs"), "حماة": ("hama", "hama"), "إدلب": ("idlib", "idlib"),
    "درعا": ("daraa", "daraa"), "الغوطة": ("alghouta", "ghouta"), "الرقة": ("alraqqa", "raqqa"),
    "داريا": ("daraya", "daraya"), "عفرين": ("afrin", "afrin"), "تدمر": ("tadmur", "palmyra"),
    "غزة": ("ghazza", "gaza"), "فلسطين": ("filastin", "palestine"), "القدس": ("alquds", "jerusalem"),
    "لبنان": ("lubnan", "lebanon"), "بيروت": ("beirut", "beirut"), "العراق": ("aliraq", "iraq"),
    "بغداد": ("baghdad", "baghdad"), "الموصل": ("almosul", "mosul"), "اليمن": ("alyaman", "yemen"),
    "صنعاء": ("sanaa", "sanaa"), "مصر": ("masr", "egypt"), "القاهرة": ("alqahira", "cairo"),
    "ليبيا": ("libya", "libya"), "السودان": ("alsudan", "sudan"), "الجزائر": ("aljazair", "algeria"),
    "تونس": ("tunis", "tunisia"), "المغرب": ("almaghrib", "morocco"), "الأردن": ("alurdun", "jordan"),
    "إيران": ("iran", "iran"), "تركيا": ("turkiya", "turkey"), "كردستان": ("kurdistan", "kurdistan"),
    "الله": ("allah", "allah"),
}  # fmt: skip
"""Places by their Arabic name: as it sounds, and as the Western press writes it."""

MOST = 4
MOST_IN_A_ROW = 2  # consonants
SHORTEST_DEFINITE = 4  # letters of a word that begins with the article: الله has none to take away
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a\u06a9\u06cc]")
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
_LETTERS = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh",
    "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a",
    "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ک": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ة": "a", "و": "u",
    "ؤ": "u", "ي": "i", "ی": "i", "ى": "a", "ئ": "i", "ء": "",
}  # fmt: skip
_AS_IN_FRENCH = {"dh": "th", "u": "ou"}  # what Lebanese and Syrians write: Anqithou, Ghouta
_HALVES = {"u": "w", "i": "y"}  # و and ي before a vowel
_VOWELS = frozenset({"a", "i", "u", "ou"})
_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BY_NAME = {name: arabic for arabic, names in reversed(NAMES.items()) for name in names}
_KNOWN = {fold(arabic): names for arabic, names in NAMES.items()}


def twins(tag: str) -> tuple[str, ...]:
    """Return a tag in the other letters, likeliest first: an Arabic one in Latin, one made of place names in Arabic."""
    words = spelled(_BORDER.sub("_", visible(tag))).split("_")
    if not any(map(_ARABIC.search, words)):
        known = [_BY_NAME.get(word) for word in words]
        return ("_".join(filter(None, known)),) if all(known) else ()
    named = [_KNOWN.get(fold(word)) for word in words]
    ways = [[names[0] if names else _sounds(word) for word, names in zip(words, named, strict=True)]]
    ways.append([names[0] if names else _sounds(word, _AS_IN_FRENCH) for word, names in zip(words, named, strict=True)])
    if all(named):
        ways.append([names[1] for names in named if names])
    forms = [glue.join(filter(None, way)) for way in ways for glue in ("_", "")]
    return tuple(form for form in dict.fromkeys(forms) if form)[:MOST]


def _sounds(word: str, habits: Mapping[str, str] | None = None) -> str:
    """Return an Arabic word as it may sound."""
    if not _ARABIC.search(word):
        return word
    bare = _MARKS.sub("", word)
    article = "al" if bare.startswith("ال") and len(bare) > SHORTEST_DEFINITE else ""
    stem = re.sub("وا$", "و", bare[2:] if article else bare)  # the alef of the plural is silent
    sounds = _halved([sound for letter in stem if (sound := _LETTERS.get(letter, letter))])
    return article + "".join((habits or {}).get(sound, sound) for sound in _voiced(sounds))


def _halved(sounds: Sequence[str]) -> list[str]:
    """Return the sounds, و and ي at the start of a word or before a vowel as the consonants they are there."""
    pairs = pairwise([*sounds, ""])
    return [
        _HALVES.get(sound, sound) if number == 0 or follows in _VOWELS else sound
        for number, (sound, follows) in enumerate(pairs)
    ]


def _voiced(sounds: Sequence[str]) -> list[str]:
    """Return the sounds with the short vowels that nobody writes: a in the first and last syllable, else i."""
    voiced: list[str] = []
    run = 1  # consonants in a row; no word begins with two, none has three, few end in two
    for left, sound in zip(range(len(sounds) - 1, -1, -1), sounds, strict=True):
        run = 0 if sound in _VOWELS else run + 1
        if voiced and run > (MOST_IN_A_ROW if left else 1):
            voiced.append("i" if run > MOST_IN_A_ROW and len(voiced) > 1 else "a")
            run = 1
        voiced.append(sound)
    return voiced
