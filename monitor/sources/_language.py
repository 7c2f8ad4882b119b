"""The language a platform or an outlet tells, as the short code that may stand in a subject."""

import re
from typing import Any

_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")


def language(told: Any) -> str | None:
    """Return the code in small letters without script or country (ar-SY is ar); None for what is no code."""
    code = _CODE.fullmatch(told) if isinstance(told, str) else None
    return code[1].lower() if code else None
