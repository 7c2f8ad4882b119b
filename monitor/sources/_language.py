"""The language a platform or an outlet tells, as the short code that may stand in a subject."""

import re
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import get_global

_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
_NONE = {"und", "mul", "zxx"}  # unknown, several, no language at all


def language(told: Any) -> str | None:
    """Return the code of a language in small letters without script or country (ar-SY is ar); None for what is none.

    Two codes of one language are one (kmr is ku); what nobody speaks would be a series of its own for every whim.
    """
    code = _CODE.fullmatch(told) if isinstance(told, str) else None
    return _spoken(code[1].lower()) if code else None


@lru_cache(maxsize=1024)
def _spoken(code: str) -> str | None:
    own = str(get_global("language_aliases").get(code, code)).partition("_")[0]
    return own if own in Locale("en").languages and own not in _NONE else None
