"""What all sources of the press share: they write as one platform, and one article has one id, whoever brings it.

So the same article found in a feed, in GDELT and in Media Cloud counts once.
"""

import base64
import hashlib
import re

from monitor.model.link import canonical
from monitor.model.spelling import visible

PRESS = "feeds"
"""The platform that articles are kept under, whichever source brings them."""


_DECORATION = re.compile("[\u0640\u064b-\u065f\u0670]")  # tatweel and diacritics


def plain(words: str) -> str:
    """Return a word as the press writes it: an index searches letter by letter, and nobody prints #حلــب there."""
    return _DECORATION.sub("", visible(words))


def article_id(link: str) -> str:
    """Return the id of the article at an address: the same for all the ways in which its address is written."""
    return short(canonical(link), length=12)


def short(text: str, *, length: int = 8) -> str:
    """Return a hash of `length` letters (a multiple of four), nothing for nothing."""
    if not text:
        return ""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=length * 3 // 4).digest()
    return base64.urlsafe_b64encode(digest).decode()
