"""What people and programs write into the cells of a table: numbers, moments, lists; None where one tells nothing."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

import orjson

from monitor.fetch.fields import count, moment, rows
from monitor.model.mention import Count
from monitor.model.spelling import DIGITS

_GROUPED = re.compile(r"\d{1,3}([.,'٬\s])\d{3}(?:\1\d{3})*")  # 1,234 and 1.234 and 1 234: a counter has no fractions
_WHOLE = re.compile(r"(\d+)(?:[.,٫]0+)?")  # a column with holes is written as 3.0
_SHORT = re.compile(r"(\d+)(?:[.,٫](\d+))?\s?([KMBkmb])")
_TIMES = {"K": 10**3, "M": 10**6, "B": 10**9}
_EPOCH = re.compile(r"\d{9,13}(?:\.\d+)?")
_MILLISECONDS = 10**11  # of seconds that would be the year 5138
_OLD_X = "%a %b %d %H:%M:%S %z %Y"
_FIRST_YEAR = 2000  # 1970 is what a program writes for a date that it does not have
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Hours that the zones which tools write behind a time are ahead of UTC."""

_NAMED = re.compile(r"(.+\d)\s?([A-Z]{1,4})")
_BREAKS = re.compile(r"[,;|\s]+")


def number(cell: str) -> tuple[Count, int]:
    """Return a counter and the width of its rounding: `1,234` is (1234, 1), `1.2K` is (1200, 100)."""
    if cell.isdecimal():  # nearly all
        return count(int(cell)), 1
    written = cell.strip().translate(DIGITS)
    if written.isdecimal():
        return count(int(written)), 1
    if _GROUPED.fullmatch(written):
        return count(int(re.sub(r"\D", "", written))), 1
    if whole := _WHOLE.fullmatch(written):
        return count(int(whole[1])), 1
    if short := _SHORT.fullmatch(written):
        decimals = short[2] or ""
        step = _TIMES[short[3].upper()] // 10 ** len(decimals) or 1
        return count(int(short[1] + decimals) * step), step
    return None, 1


def time(cell: str, formats: Sequence[str] = (), zone: tzinfo = UTC) -> datetime | None:
    """Return a moment in UTC; one that is written without a zone is of `zone`."""
    written = cell.strip().translate(DIGITS)
    for form in formats:
        if found := _parsed(written, form):
            return _in_utc(found, zone)
    if _EPOCH.fullmatch(written):
        seconds = float(written)
        return _in_utc(datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC), zone)
    if (named := _NAMED.fullmatch(written)) and named[2] in _ZONES:
        written, zone = named[1], timezone(timedelta(hours=_ZONES[named[2]]))
    try:
        return _in_utc(datetime.fromisoformat(written), zone)
    except ValueError:
        found = _parsed(written, _OLD_X)
        return _in_utc(found, zone) if found else None


def x_time(told: Any) -> datetime | None:
    """Return a moment as X's old API writes it: Wed Oct 10 20:19:24 +0000 2018."""
    if not isinstance(told, str):
        return None
    read = _old_day(told[:10], told[-10:])
    if read is None or len(told) != len("Wed Oct 10 20:19:24 +0000 2018"):
        return moment(told)
    try:
        return read.replace(hour=int(told[11:13]), minute=int(told[14:16]), second=min(int(told[17:19]), 59))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _old_day(day: str, end: str) -> datetime | None:
    """Return the midnight of a day; strptime takes ten microseconds, and a file holds few days."""
    found = _parsed(f"{day} 00:00:00 {end}", _OLD_X)
    return found if found and found.utcoffset() == timedelta(0) else None


def listed(cell: str) -> list[str]:
    """Return the tags of a cell, without signs: a JSON list, or written one after the other."""
    if cell.startswith("["):
        try:
            told = orjson.loads(cell)
        except orjson.JSONDecodeError:
            told = None
        if isinstance(told, list):
            words = [*(one for one in told if isinstance(one, str)), *(str(row.get("tag") or "") for row in rows(told))]
            return [tag for word in words if (tag := word.lstrip("#＃"))]
        cell = cell.strip("[]").replace("'", "").replace('"', "")
    return [tag for word in _BREAKS.split(cell) if (tag := word.lstrip("#＃"))]


def _parsed(written: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(written, form)  # noqa: DTZ007 - a zone is put on where the form has none
    except ValueError:
        return None


def _in_utc(found: datetime, zone: tzinfo) -> datetime | None:
    if found.year < _FIRST_YEAR:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
