"""What two posts of the same words have in common, whatever they link to, whom they name and how they type it."""

import re
import unicodedata

from monitor.model.spelling import fold_letters, visible

FEWEST = 20
"""Letters that a post must have beside links, names and hashtags; with fewer, many write the same by chance."""

_LONGEST = 10_000  # characters that are compared: the longest posts have no more, and an attack could
_BESIDE = re.compile(r"https?://\S+|www\.\S+|[@#＃]\S+")
_LETTERS = re.compile(r"[^\W_]+")


def wording(text: str) -> str | None:
    """Return the letters of a post, folded; None when they are too few to say anything."""
    composed = unicodedata.normalize("NFKC", visible(text[:_LONGEST]))
    letters = "".join(_LETTERS.findall(fold_letters(_BESIDE.sub(" ", composed))))
    return letters if len(letters) >= FEWEST else None
