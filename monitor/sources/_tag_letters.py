"""What cutting hashtags has in common on most platforms: a run of certain letters behind a sign, not in an address."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

SIGN, SIGNS = re.compile("#"), re.compile("[#\uff03]")
_ENDING = "(?:com|net|org|info|edu|gov|news|media|live|online|site|blog|app|xyz|[a-z]{2})"  # not end.Start of sentences
_HOST = rf"""(?:(?<![A-Za-z0-9@\uff20$#\uff03])https?://(?:[\w-]++\.)+[^\W\d_]{{2,}}+
               |(?<![\w@\uff20$#\uff03./-])(?:[a-z0-9_\u00c0-\u024f-]++\.)+{_ENDING}(?![a-z0-9@+-]))(?::\d+)?"""


class Run(NamedTuple):
    """A sign's surroundings: the character before it, the run of letters behind it, and three characters after that.

    `place` is where the sign stands, `end` where the run ends.
    """

    place: int
    before: str
    letters: str
    after: str

    @property
    def end(self) -> int:
        return self.place + 1 + len(self.letters)


def runs(text: str, signs: re.Pattern[str], is_part: Callable[[str], bool]) -> Iterator[Run]:
    """Yield what stands around each sign that something follows, in order; a sign is never a part."""
    for sign in signs.finditer(text):
        end = start = sign.end()
        while end < len(text) and is_part(text[end]):
            end += 1
        if end > start:
            yield Run(start - 1, text[max(0, start - 2) : start - 1], text[start:end], text[end : end + 3])


def is_letter(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "L"


def is_letter_or_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LM"


def is_digit(letter: str) -> bool:
    return unicodedata.category(letter) == "Nd"


def addresses(rest: str) -> re.Pattern[str]:
    """Return a pattern of web addresses, whose path and query are written with what the pattern `rest` matches."""
    return re.compile(f"{_HOST}[/?](?:{rest})*+", re.VERBOSE | re.IGNORECASE)


def without_anchors(text: str, address: re.Pattern[str]) -> str:
    """Return a text of the same length whose addresses hold no sign any more: https://a.example/#news is no hashtag."""
    return address.sub(lambda match: match[0].replace("#", "/"), text)
