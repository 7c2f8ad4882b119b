"""From a campaign's file to the campaign: families of spellings, each hashtag in one of them only."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from monitor.model.campaign import Campaign, Family
from monitor.model.spelling import fold, spelled
from monitor.model.words import Phrase
from monitor.settings.files import File
from monitor.settings.findings import Findings
from monitor.settings.schema import CampaignFile


def campaign(rows: CampaignFile, slug: str, file: File) -> Campaign:
    """Return the campaign that a checked file describes, or raise every problem of its hashtags and words."""
    found = Findings()
    families = _families(rows, file, found)
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


def slug_of(text: str) -> str:
    """Return a slug made from a title or a file's name; empty when it has no Latin letters or digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def _families(rows: CampaignFile, file: File, found: Findings) -> tuple[Family, ...]:
    owners: dict[str, str] = {}  # of every key so far, the hashtag it belongs to
    spellings: dict[str, list[str]] = {}  # of every hashtag
    for index, hashtag in enumerate(rows.hashtags):
        found.add(file, ("hashtags", index), _belongs(hashtag, owners.get(fold(hashtag))))
        owners.setdefault(fold(hashtag), hashtag)
        spellings[spelled(hashtag)] = [spelled(hashtag)]
    for main, listed in rows.spellings.items():
        if spelled(main) not in spellings:
            found.add(file, ("spellings", main), _unlisted(main, rows.hashtags))
            continue
        for index, spelling in enumerate(listed):
            owner = owners.setdefault(fold(spelling), main)
            advice = None if spelled(owner) == spelled(main) else _belongs(spelling, owner)
            found.add(file, ("spellings", main, index), advice)
            spellings[spelled(main)].append(spelled(spelling))
    return tuple(
        Family(tag.strip().lstrip("#"), tuple(dict.fromkeys(spellings[spelled(tag)]))) for tag in rows.hashtags
    )


def _belongs(spelling: str, owner: str | None) -> str | None:
    if owner is None:
        return None
    if owner == spelling:
        return f'"{spelling}" is listed twice; leave one out'
    return f'"{spelling}" is a spelling of "{owner}"; list it there only: [spellings] "{owner}" = ["{spelling}"]'


def _unlisted(main: str, hashtags: Sequence[str]) -> str:
    near = get_close_matches(main, hashtags, n=1, cutoff=0.5)
    hint = f'did you mean "{near[0]}"?' if near else "add it there"
    return f'"{main}" is not listed in hashtags; {hint}'


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
