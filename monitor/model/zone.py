"""A time zone as the operator writes it: a name such as Asia/Damascus, checked when the settings are read."""

import re
from difflib import get_close_matches
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator


def checked_zone(name: str) -> str:
    """Return `name` if the machine knows it as a time zone; a ValueError suggests the nearest one."""
    if name in _names():
        return name
    raise ValueError(f'"{name}" is not a time zone; write a name such as "{nearest_zone(name)}"')


def nearest_zone(name: str) -> str:
    """Return the known zone that looks most like `name`: Damascus and Asia/Damascos are both Asia/Damascus."""
    zones = sorted(zone for zone in _names() if not re.search(r"\d", zone))  # Etc/GMT+3 lies west, not east
    by_key = {zone.rpartition("/")[2].casefold(): zone for zone in reversed(zones)}
    by_key |= {zone.casefold(): zone for zone in zones}
    typed = name.strip().replace(" ", "_").casefold()
    near = (get_close_matches(part, by_key, n=1, cutoff=0.76) for part in (typed, *reversed(typed.split("/"))))
    return by_key[next(filter(None, near), ["asia/damascus"])[0]]


Zone = Annotated[str, AfterValidator(checked_zone)]
"""The type of every setting that is a time zone."""


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
