"""Numbers as people write them: digits of three scripts, separators, K and ألف; what is unclear is None. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from monitor.errors import UnexpectedPayload
from monitor.fetch import fields
from monitor.model.spelling import DIGITS, visible

Locale = Literal["auto", "en", "de", "ar"]

MOST = 1_000_000_000
"""More votes than this nobody counts: it is another number, or somebody plays."""

_UNITS = {
    "": 1,
    **dict.fromkeys(("k", "ألف", "الف", "آلاف", "الاف", "هزار", "tsd", "thousand"), 10**3),
    **dict.fromkeys(("m", "مليون", "ملايين", "ملیون", "میلیون", "mio", "million", "millions"), 10**6),
    **dict.fromkeys(("b", "مليار", "مليارات", "میلیارد", "billion", "billions"), 10**9),
}
_NOISE = frozenset(
    {"vote", "votes", "voter", "voters", "ballot", "ballots", "person", "people", "stimme", "stimmen", "voix"}
    | {"صوت", "صوتا", "صوتاً", "صوتًا", "أصوات", "اصوات", "رأي", "رای", "آراء", "شخص", "أشخاص", "مصوت", "مصوتا", "ناخب"}
)
"""Words that may stand around a count; any other makes it unclear what was counted."""

_NUMBER = re.compile(r"[+-]?\d[\d.,'’٬٫\u00a0\u202f\u2009]*")
_GROUPED = re.compile(r"\d{1,3}(?:(?P<mark>[.,'’٬ \u00a0\u202f\u2009])\d{3})(?:(?P=mark)\d{3})*")
_PERCENT = re.compile(r"[%٪﹪]|\bpercent\b|بالمئة|بالمائة|في المئة|في المائة", re.IGNORECASE)
_DECIMAL_OF: dict[Locale, str] = {"en": ".", "de": ",", "ar": "٫"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the width of its last digit shown: 1.2K is 1200 with a step of 100."""

    value: float
    step: float = 1.0

    @property
    def low(self) -> int:
        """The least it may stand for."""
        return int(self.value) if self.step <= 1 else max(0, round(self.value - self.step / 2))

    @property
    def high(self) -> int:
        """The most it may stand for."""
        return int(self.value) if self.step <= 1 else round(self.value + self.step / 2)


def votes(text: object, locale: Locale = "auto") -> Number | None:
    """Return a count of votes: a whole number, or an abbreviated one with its step; None for anything else."""
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, int | float):
        return Number(float(text)) if float(text).is_integer() and text >= 0 else None
    written = str(text)
    if _PERCENT.search(written):
        return None
    found = _read(written, locale)
    return found if found is not None and found.value >= 0 and (found.step >= 1) else None


def count(told: object) -> int | None:
    """Return a counter of somebody's JSON; UnexpectedPayload for more than anybody counts."""
    found = fields.count(told)
    if found is not None and found > MOST:
        raise UnexpectedPayload(f"{found:,} votes are more than anybody counts; what is shown there is broken")
    return found


def percent(text: object, locale: Locale = "auto") -> Number | None:
    """Return a share in per cent, 0 to 100, with its step: 61 % is 61 with a step of 1, 61.5 one of 0.1."""
    if isinstance(text, bool) or text is None:
        return None
    if isinstance(text, int | float):
        text, locale = f"{text:g}" if 0 <= text <= 100 else "", "en"  # noqa: PLR2004 - 61 is rounded, as "61 %" is
    found = _read(_PERCENT.sub(" ", str(text)), locale)
    return found if found is not None and 0 <= found.value <= 100 else None  # noqa: PLR2004


def _read(text: str, locale: Locale) -> Number | None:
    """Return the only number of a text; one unit may follow, and words for votes may stand around it."""
    plain = visible(text).translate(DIGITS).strip()
    plain = re.sub(r"(?<=\d) (?=\d{3}(?:\D|$))", "\u00a0", plain)
    found = _NUMBER.findall(plain)
    if len(found) != 1:
        return None
    before, _, after = plain.partition(found[0])
    words = [word.casefold() for word in re.findall(r"[^\W\d]+", after)]
    unit = words.pop(0) if words and words[0] in _UNITS else ""
    if any(word not in _NOISE for word in (*words, *(w.casefold() for w in re.findall(r"[^\W\d]+", before)))):
        return None
    return _scaled(found[0].rstrip(".,"), _UNITS[unit], locale)


def _scaled(digits: str, unit: int, locale: Locale) -> Number | None:
    plain = _plain(digits, locale, is_abbreviated=unit > 1)
    if plain is None:
        return None
    decimals = len(plain.partition(".")[2])
    return Number(round(float(plain) * unit, 6), unit / 10**decimals)


def _plain(digits: str, locale: Locale, *, is_abbreviated: bool) -> str | None:
    """Return digits with a point at most: which mark groups and which divides is told, or clear, or nobody knows."""
    marks = [letter for letter in digits if not letter.isdigit() and letter not in "+-"]
    if not marks:
        return digits
    decimal = _DECIMAL_OF.get(locale) or _decimal(digits, marks, is_abbreviated=is_abbreviated)
    if decimal is None:
        return None
    whole, found, part = digits.partition(decimal) if decimal else (digits, "", "")
    grouped = _GROUPED.fullmatch(whole) or whole.lstrip("+-").isdigit()
    if not grouped or not (part.isdigit() or not found):
        return None
    bare = re.sub(r"[^\d+-]", "", whole)
    return f"{bare}.{part}" if part else bare


def _decimal(digits: str, marks: list[str], *, is_abbreviated: bool) -> str | None:
    """Return the mark that divides; "" when all group; None when it could be either."""
    last = marks[-1]
    if len(set(marks)) > 1:
        return last
    if last == "٫":
        return last
    if len(marks) > 1 or last not in ".,":
        return ""
    if not _GROUPED.fullmatch(digits.lstrip("+-")):
        return last
    if is_abbreviated:
        return last
    return "" if last == "," else None  # 1,234 is read as everywhere in English; 12.345 may be either
