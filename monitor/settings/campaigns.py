"""From a campaign's file to the campaign: what TOML can not check about hashtags, spellings and words."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from monitor.model.campaign import Campaign, Family
from monitor.model.spelling import fold, spelled
from monitor.model.words import Phrase, tokens
from monitor.settings.files import File
from monitor.settings.findings import Findings
from monitor.settings.schema import CampaignFile

LONGEST_HASHTAG = 100  # characters; Mastodon takes no longer ones
_IN_TAG = {"L", "M", "N"}  # categories of Unicode: letters, marks, numbers
_ALSO_IN_TAG = "_\u00b7\u200c"


def campaign(rows: CampaignFile, slug: str, file: File) -> Campaign:
    """Return the campaign that a checked file describes, or raise every problem of its hashtags and words."""
    found = Findings()
    families = _families(rows, file, found)
    for key in ("words", "exclude"):
        for index, word in enumerate(getattr(rows, key)):
            found.add(file, (key, index), None if tokens(word) else "write a word with letters or digits in it")
    if not (rows.hashtags or rows.words):
        found.add(file, (), 'names nothing to watch; write hashtags = ["#…"], or words = ["…"] for the press')
    found.raise_any()
    return Campaign(
        slug=slug,
        title=rows.title,
        zone=rows.timezone,
        families=families,
        phrases=tuple(map(Phrase, rows.words)),
        excluded=tuple(map(Phrase, rows.exclude)),
        since=_midnight(rows.since, rows.timezone) if rows.since else None,
        titles=dict[str, str](rows.titles.items()),
    )


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
    return f"is too long; write at most {LONGEST_HASHTAG} characters" if len(tag) > LONGEST_HASHTAG else None


def slug_of(text: str) -> str:
    """Return a slug made from a title or a file's name; empty when it has no Latin letters or digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def _may_stand_in(letter: str) -> bool:
    return unicodedata.category(letter)[0] in _IN_TAG or letter in _ALSO_IN_TAG


def _families(rows: CampaignFile, file: File, found: Findings) -> tuple[Family, ...]:
    owners: dict[str, str] = {}  # the key of every spelling so far, and the hashtag it belongs to
    listed = _listed(rows, file, found)
    families = []
    for index, hashtag in enumerate(rows.hashtags):
        found.add(file, ("hashtags", index), fault(hashtag) or _belongs(hashtag, owners.get(fold(hashtag))))
        owners.setdefault(fold(hashtag), hashtag)
    for hashtag in rows.hashtags:
        spellings = listed.get(spelled(hashtag), ())
        for place, spelling in spellings:
            owner = owners.setdefault(fold(spelling), hashtag)
            found.add(file, place, fault(spelling) or _belongs(spelling, None if owner == hashtag else owner))
        every = (spelled(hashtag), *(spelled(spelling) for _, spelling in spellings))
        families.append(Family(hashtag.strip().lstrip("#"), tuple(dict.fromkeys(every))))
    return tuple(families)


def _belongs(spelling: str, owner: str | None) -> str | None:
    if owner is None:
        return None
    if owner == spelling:
        return f'"{spelling}" is listed twice; leave one out'
    return f'"{spelling}" is a spelling of "{owner}"; list it there only: [spellings] "{owner}" = ["{spelling}"]'


Listed = Mapping[str, tuple[tuple[tuple[str | int, ...], str], ...]]


def _listed(rows: CampaignFile, file: File, found: Findings) -> Listed:
    """Return the listed spellings with their places, by the hashtag they are listed under."""
    mains = {spelled(hashtag): hashtag for hashtag in rows.hashtags}
    for main in rows.spellings:
        if spelled(main) not in mains:
            near = get_close_matches(main, rows.hashtags, n=1, cutoff=0.5)
            hint = f'did you mean "{near[0]}"?' if near else "add it there"
            found.add(file, ("spellings", main), f'"{main}" is not listed in hashtags; {hint}')
    return {
        spelled(main): tuple((("spellings", main, index), text) for index, text in enumerate(spellings))
        for main, spellings in rows.spellings.items()
    }


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
