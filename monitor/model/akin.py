"""Which hashtags that nobody listed are spellings of a campaign's own: alike when folded, a twin, or one slip away.

Rather too few than too many: who reads a suggestion has no time, and #FreeIran is no spelling of #FreeIraq.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from rapidfuzz.distance import OSA, Levenshtein

from monitor.model.campaign import Campaign, Family
from monitor.model.latin import twins
from monitor.model.spelling import fold, spelled

MOST = 5  # of one post: more are noise or an attack
MOST_KNOWN = 50_000  # tags that are remembered, some megabytes
SHORTEST = 7  # letters of a tag in which one may be wrong: of shorter ones, too many are words of their own
SHORTEST_WORD = 5  # letters of the word that it is in: حلب and حمص are two cities
SHORTEST_CHANGED = 8  # the same where one letter stands for another: that is how most words differ
LATIN_ENDS = 3  # letters at the end of a Latin tag that make another word: small letters hide where standwithiran parts
_CONFUSED = [set(pair) for pair in ("دذ", "ضظ", "تث", "سص", "طت")]  # spoken alike
_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])")


def unlisted(campaign: Campaign, tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags of a post that are spellings of the campaign's hashtags, and that it does not list."""
    known = campaign.known_tags
    if len(known) > MOST_KNOWN:
        known.clear()
    found = []
    for tag in tags:
        if tag not in known:
            spelling = spelled(tag)
            known[tag] = spelling if family_of(campaign, spelling) else ""
        if known[tag]:
            found.append(known[tag])
    return tuple(dict.fromkeys(found))[:MOST] if found else ()


def family_of(campaign: Campaign, spelling: str) -> Family | None:
    """Return the family that a spelling seems to belong to; None for what it lists, and for what is another tag."""
    if not spelling or spelling in campaign.asked:
        return None
    return next((family for family in campaign.families if _is_akin(family, spelling)), None)


def _is_akin(family: Family, spelling: str) -> bool:
    key = fold(spelling)
    if key in family.folds or key.replace("_", "") in _twins(family.tag):
        return True
    return any(is_akin(tag, spelling) for tag in (family.tag, *family.spellings))


@lru_cache(maxsize=1024)
def _twins(tag: str) -> frozenset[str]:
    return frozenset(fold(twin).replace("_", "") for twin in twins(tag))


def is_akin(tag: str, spelling: str) -> bool:
    """Tell whether people who type `spelling` mean `tag`: the same letters, however joined, or one slip in a word."""
    words = fold(_BORDER.sub("_", tag)).split("_")
    meant, typed = "".join(words), fold(spelling).replace("_", "")
    if meant == typed:
        return bool(meant)
    if len(meant) < SHORTEST or abs(len(meant) - len(typed)) > 1 or _digits(meant) != _digits(typed):
        return False
    return OSA.distance(meant, typed, score_cutoff=1) == 1 and _is_slip(words, meant, typed)


def _is_slip(words: list[str], meant: str, typed: str) -> bool:
    """Tell whether the one difference lies inside a long word, not at its first letter."""
    change, *more = Levenshtein.editops(meant, typed)
    is_added = change.tag == "insert"
    place = change.src_pos - is_added  # a letter too many belongs to the one before it
    ends = list(accumulate(map(len, words)))
    number = next(number for number, end in enumerate(ends) if place < end)
    is_first = place == ends[number] - len(words[number])
    is_other = change.tag == "replace" and not more and not _sound_alike(meant[place], typed[change.dest_pos])
    if is_other and meant[place].isascii() and place >= ends[number] - LATIN_ENDS:
        return False
    least = SHORTEST_CHANGED if is_other else SHORTEST_WORD
    return len(words[number]) >= least and (is_added or not is_first)


def _sound_alike(letter: str, other: str) -> bool:
    return {letter, other} in _CONFUSED


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
