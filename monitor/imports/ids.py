"""The id of a post in a cell of a table, and what spreadsheets do to long numbers: they are rounded, and lost."""

import re
from collections import Counter
from datetime import datetime, timedelta

from monitor.imports.cells import listed
from monitor.imports.mapping import Mapping
from monitor.sources import _x_post

_ROUNDED = re.compile(r"\d+[.,]\d+[eE]\+?\d+|\d+[eE]\+\d+")
_NUMBER = re.compile(rf"{_ROUNDED.pattern}|\d+(?:\.\d+)*")
_KEPT = 15  # digits that a spreadsheet keeps of a number; zeros follow
_LONG = 18  # digits of which three zeros at the end are rare
_OFTEN = 3  # times that one id stands in a table
_WATCHED = 10_000  # ids
_APART = timedelta(days=2)


def own_id(mapping: Mapping, cell: str) -> str | None:
    """Return the id in a cell; None where there is none, or only a piece of one."""
    is_x = mapping.platform == _x_post.PLATFORM
    if mapping.pattern:
        cell = _found(mapping.pattern, cell)
    elif cell.startswith("["):  # the versions of an edited post: the first is its id
        cell = next(iter(listed(cell)), "")
    if is_x:
        return _x_post.own_id(cell)
    return None if _ROUNDED.fullmatch(cell) else cell or None


def _found(pattern: "re.Pattern[str]", cell: str) -> str:
    """Return the groups of a pattern, or all it matches; nothing where they cut a number, or hold a rounded one."""
    found = pattern.search(cell)
    if found is None:
        return ""
    groups = [group for group in range(1, len(found.groups()) + 1) if found[group]] or [0]
    for number in _NUMBER.finditer(cell):
        first, last = number.span()
        for begin, end in map(found.span, groups):
            is_cut = first < begin < last or first < end < last
            if is_cut or (begin <= first < end and _ROUNDED.fullmatch(number[0])):
                return ""
    return "/".join(found[group] for group in groups)


class Doubts:
    """Watches the ids of one table for numbers that were rounded and then written out again."""

    def __init__(self, mapping: Mapping) -> None:
        self._is_x = mapping.platform == _x_post.PLATFORM
        self._times = Counter[str]()

    def of(self, own: str, written_at: datetime | None) -> bool:
        """Tell whether an id looks rounded: by its zeros, as one of many, or as it tells another day than the row."""
        if len(own) <= _KEPT or not own.isdecimal():
            return False
        if own in self._times or len(self._times) < _WATCHED:
            self._times[own] += 1
        if (len(own) >= _LONG and not own[_KEPT:].strip("0")) or self._times[own] >= _OFTEN:
            return True
        told = _x_post.moment_of(own) if self._is_x else None
        return bool(told and written_at and abs(told - written_at) > _APART)
