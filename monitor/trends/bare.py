"""What headlines say without what is no part of them: urgency, agencies, the names of outlets. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from monitor.model.figure import Headline
from monitor.model.words import tokens

Words = tuple[str, ...]

LEAST = 3  # words that stay, whatever stands before them
CREDITS = 3
"""Different headlines of one outlet that end alike: what hangs behind them is its name."""

_PARTS = re.compile(r"\s[-–—‑]+\s|[|:()\[\]•·…]|\s*[-–—]\s*$")
_FURNITURE = frozenset(
    tuple(tokens(words))
    for line in (
        "عاجل، خبر عاجل، شاهد، بالفيديو، فيديو، بالصور، صور، مباشر، حصري، خاص، تصحيح، محدث، تحديث، متابعة، وكالات",
        "رويترز، أ ف ب، ا ف ب، فرانس برس، وكالة فرانس برس، أ ب، أسوشيتد برس، د ب أ، سبوتنيك، الأناضول، وكالة الأناضول",
        "breaking، breaking news، urgent، live، watch، video، in pictures، photos، exclusive، updated",
        "update، corrected، via",
        "afp، reuters، ap، the associated press، associated press، dpa، anadolu، anadolu agency، sputnik",
    )
    for words in line.split("،")
)
_BEFORE = ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ف", "ك")
_BEHIND = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي", "ing", "ed", "es", "s")
_STEM = 3  # letters that stay


def bare(headlines: Sequence[Headline]) -> list[Words]:
    """Return each headline's words without what is no part of it: urgency, agencies, names of outlets."""
    parts = [[words for part in _PARTS.split(one.title) if (words := tuple(tokens(part)))] for one in headlines]
    names = frozenset(tuple(tokens(outlet)) for outlet in {headline.outlet for headline in headlines})
    dropped = names | _FURNITURE
    endings = _endings(headlines, parts)
    kept = (
        told[:-1] if told and (headline.outlet, told[-1]) in endings else told
        for headline, told in zip(headlines, parts, strict=True)
    )
    return [_bare(told, dropped) for told in kept]


def _endings(headlines: Sequence[Headline], parts: Sequence[list[Words]]) -> set[tuple[str, Words]]:
    """Return the outlets with what they hang behind all their headlines."""
    both = zip(headlines, parts, strict=True)
    told = {(headline.outlet, tuple(words)) for headline, words in both if len(words) > 1}
    times = Counter((outlet, words[-1]) for outlet, words in told)
    return {ending for ending, many in times.items() if many >= CREDITS}


def _bare(parts: Sequence[Words], dropped: frozenset[Words]) -> Words:
    """Return the words of a headline; one that is nothing else than furniture keeps all."""
    kept = [part for part in parts if part not in dropped] or parts
    words = [word for part in kept for word in part]
    while len(words) > LEAST and (words[0],) in _FURNITURE:
        words = words[1:]
    return tuple(words)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return a word without what is bent in it, so that بحلب and حلب, kills and killed are one; numbers have no forms.

    Arabic as Larkey's light stemmer does it, with the prepositions of one letter, English endings.
    """
    head = next((head for head in _BEFORE if word.startswith(head) and len(word) - len(head) >= _STEM), "")
    rest = word.removeprefix(head)
    tail = next((tail for tail in _BEHIND if rest.endswith(tail) and len(rest) - len(tail) >= _STEM), "")
    return rest.removesuffix(tail)
