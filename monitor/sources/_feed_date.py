"""Dates as outlets write them: of mails, of ISO, of Atom, and in Arabic words; in UTC, or not told. Pure."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

from monitor.model.spelling import fold_letters

_FIRST_YEAR, _LAST_YEAR = 2000, 2100  # a seconds count gives 1763, the Hijri calendar 1447: both are left alone
_NOON = 12
_ZONED = re.compile(r"(?:Z|UTC?|GMT|[+-]\d\d:?\d\d)$", re.IGNORECASE)
_MAIL_DATE = re.compile(r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s[A-Za-z]{3}\s\d{4}\s\d\d?:\d\d", re.ASCII)

_MONTHS = {  # as the Levant, Egypt and the Gulf, Algeria and Tunisia, and Morocco call them; letters folded
    name: number
    for number, names in enumerate(
        (
            "كانون الثاني|يناير|جانفي", "شباط|فبراير|فيفري", "اذار|مارس", "نيسان|ابريل|افريل", "ايار|مايو|ماي|ماية",
            "حزيران|يونيو|يونية|جوان", "تموز|يوليو|يولية|جويلية|يوليوز", "اب|اغسطس|اوت|غشت", "ايلول|سبتمبر|شتنبر",
            "تشرين الاول|اكتوبر", "تشرين الثاني|نوفمبر|نونبر", "كانون الاول|ديسمبر|دجنبر",
        ),
        start=1,
    )
    for name in map(fold_letters, names.split("|"))
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_MONTH_YEAR = re.compile(rf"(?<!\d)(\d{{1,2}})\s+({_MONTH})(?:\s*[/(]\s*(?:{_MONTH})\)?)?[\s,،]+(\d{{4}})(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d))?\s*(ص|م|[ap]m)?(?!\d)", re.IGNORECASE)
_AFTERNOON = frozenset({"م", "pm"})
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)$")
_GREENWICH = re.compile(r"[غج]رينتش|gmt|utc", re.IGNORECASE)


def moment(written: str, parsed: Sequence[int] | None, zone: str | None) -> datetime | None:
    """Return a date in UTC: as feedparser reads it, but by the outlet's zone where it names none, or AST and its like.

    feedparser takes AST for the Atlantic (in an Arab outlet it is Riyadh's), and refuses a date of mails without zone,
    or one in Arabic words.
    """
    here = ZoneInfo(zone or "UTC")
    if _MAIL_DATE.match(written) and (parsed is None or (zone and not _ZONED.search(written))):
        mailed = parsedate_tz(written)
        return _utc(mailed[:6], here) if mailed else None
    if parsed is None or _CLOCK.match(written):  # of a time alone feedparser makes one of today
        return _in_arabic(fold_letters(written), here)
    if written.isdigit():
        return None
    return _utc(parsed[:6], UTC if _ZONED.search(written) else here)


def _in_arabic(written: str, here: tzinfo) -> datetime | None:
    """Return a date such as 14 تشرين الثاني 2025 - 9:30 م; midnight where no time of the day is told."""
    date = _DAY_MONTH_YEAR.search(written)
    if date is None:
        return None
    clock = _CLOCK.search(f"{written[: date.start()]} {written[date.end() :]}")
    wall = (int(date[3]), _MONTHS[date[2]], int(date[1]), *(_time(clock) if clock else (0, 0, 0)))
    return _utc(wall, UTC if _GREENWICH.search(written) else _offset(written) or here)


def _time(clock: re.Match[str]) -> tuple[int, int, int]:
    hour, half = int(clock[1]), (clock[4] or "").lower()
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half in _AFTERNOON else 0)
    return hour, int(clock[2]), int(clock[3] or 0)


def _offset(written: str) -> tzinfo | None:
    """Return how far the clocks are from Greenwich, where a date ends with it: +03:00."""
    found = _OFFSET.search(written)
    if found is None:
        return None
    away = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-away if found[1] == "-" else away) if away < timedelta(days=1) else None


def _utc(wall: Sequence[int], where: tzinfo) -> datetime | None:
    """Return the moment when clocks at a place show `wall`."""
    try:
        year, month, day, hour, minute, second = wall
        found = datetime(year, month, day, hour, minute, second, tzinfo=where).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if _FIRST_YEAR <= found.year < _LAST_YEAR else None
