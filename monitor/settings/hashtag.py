"""Hashtags and words as the operator writes them: what platforms would not take is refused with what to write."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from monitor.model.spelling import spelled
from monitor.model.words import tokens

LONGEST = 100  # characters; Mastodon takes no longer ones
_IN_TAG = {"L", "M", "N"}  # categories of Unicode: letters, marks, numbers
_ALSO_IN_TAG = "_\u00b7\u200c"


def fault(hashtag: str) -> str | None:
    """Return why no platform would take this as a hashtag, and what to write; None when they would."""
    tag = spelled(hashtag)
    if not tag:
        return 'is empty; write a hashtag, such as "#SaveAleppo"'
    if re.search(r"\s", tag):
        joined = re.sub(r"[\s#]+", "_", hashtag.strip(" #"))
        return f'"{hashtag}" has a blank in it; write "#{joined}", or leave the blank out'
    if bad := next((letter for letter in tag if not _may_stand_in(letter)), None):
        return f'"{hashtag}" is not a hashtag, "{bad}" would end it; use letters, digits and underscores'
    if not any(unicodedata.category(letter)[0] == "L" for letter in tag):
        return f'"{hashtag}" is not a hashtag; it needs at least one letter'
    return f"is too long; write at most {LONGEST} characters" if len(tag) > LONGEST else None


def _may_stand_in(letter: str) -> bool:
    return unicodedata.category(letter)[0] in _IN_TAG or letter in _ALSO_IN_TAG


def checked_hashtag(hashtag: str) -> str:
    """Return a hashtag that platforms would take; a ValueError says what to write."""
    if advice := fault(hashtag):
        raise ValueError(advice)
    return hashtag


def _checked_word(word: str) -> str:
    if not tokens(word):
        raise ValueError("write a word with letters or digits in it")
    return word


Hashtag = Annotated[str, AfterValidator(checked_hashtag)]
Word = Annotated[str, AfterValidator(_checked_word)]
