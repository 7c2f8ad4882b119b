"""A campaign's words as questions to GDELT: Latin and Arabic letters apart, phrases quoted, lists in brackets.

GDELT searches machine translations into English; whether it also finds Arabic letters has changed over the years. So
the two alphabets are two questions, whose answers are kept apart: they overlap and must not be added.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.sources import _gdelt_places as places
from monitor.sources._press import plain

LATIN, ARABIC = "latin", "arabic"
SHORTEST = 3  # letters of a single word; shorter ones are refused, and the whole question with them

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_COMMON = (  # too common to be searched alone
    "the and for are not but you all any can had her was one our out day get has him his how man new now old see two "
    "way who did its let say she too use that with this from they have will your what when were been more some time "
    "على من في عن الى إلى هذا هذه ذلك التي الذي كان هو هي ما لا مع بعد قبل بين كل"
)


@dataclass(frozen=True, slots=True)
class Query:
    """One question; `name` tells its alphabet, `is_all` that no other question of that alphabet is needed."""

    name: str
    text: str
    is_all: bool = True


def term(words: str) -> str | None:
    """Return a word or phrase as GDELT wants it; None for what it refuses: one word too short or too common."""
    found = _WORD.findall(plain(words))
    if not found:
        return None
    if len(found) > 1 or not found[0].isalnum():
        return f'"{" ".join(found)}"'
    return found[0] if len(found[0]) >= SHORTEST and found[0].lower() not in _COMMON.split() else None


def queries(words: Iterable[str], excluded: Iterable[str], beside: str, longest: int) -> list[Query]:
    """Return the questions for some words, each at most `longest` characters; `beside` stands in all of them."""
    terms = list(dict.fromkeys(asked for word in words if (asked := term(word))))
    tail = "".join(f" -{asked}" for word in excluded if (asked := term(word))) + beside
    found = []
    for name in (LATIN, ARABIC):
        own = [asked for asked in terms if bool(_ARABIC.search(asked)) == (name == ARABIC)]
        lists = _split(own, longest - len(tail))
        for number, part in enumerate(lists, start=1):
            called = name if number == 1 else f"{name}-{number}"
            found.append(Query(called, _either(part) + tail, is_all=len(lists) == 1))
    return found


def left_out(words: Iterable[str]) -> list[str]:
    """Return the words that cannot be searched."""
    return [word for word in words if term(word) is None]


def beside(languages: Sequence[str], countries: Sequence[str]) -> str:
    """Return the part of a question that keeps to some languages and countries of outlets."""
    names = [name for code in languages if (name := places.language_name(code))]
    codes = [code for country in countries for code in places.fips(country)]
    parts = ([f"sourcelang:{name}" for name in names], [f"sourcecountry:{code}" for code in codes])
    return "".join(f" {_either(part)}" for part in parts if part)


def _either(terms: Sequence[str]) -> str:
    """Return a list of alternatives; brackets around a single one are refused."""
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _split(terms: Sequence[str], longest: int) -> list[list[str]]:
    lists: list[list[str]] = []
    for asked in terms:
        if lists and len(_either([*lists[-1], asked])) <= longest:
            lists[-1].append(asked)
        else:
            lists.append([asked])
    return lists
