"""From a campaign's file to the campaign: families of spellings, each hashtag in one of them only."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from monitor.errors import SettingsError, instead
from monitor.model.campaign import Campaign, Family
from monitor.model.spelling import fold, spelled
from monitor.model.words import Phrase
from monitor.settings.files import File
from monitor.settings.findings import Findings
from monitor.settings.schema import CampaignFile


def campaign(rows: CampaignFile, slug: str, listed: tuple[Family, ...], file: File) -> Campaign:
    """Return the campaign that a checked file describes, or raise that it watches nothing."""
    if not (rows.hashtags or rows.words):
        advice = 'names nothing to watch; write hashtags = ["#…"], or words = ["…"] for the press'
        raise SettingsError([file.problem((), advice)])
    return Campaign(
        slug=slug,
        title=rows.title,
        zone=rows.timezone,
        families=listed,
        phrases=tuple(map(Phrase, rows.words)),
        excluded=tuple(map(Phrase, rows.exclude)),
        since=_midnight(rows.since, rows.timezone) if rows.since else None,
        titles=dict[str, str](rows.titles.items()),
        is_public=rows.public,
        evidence=rows.evidence,
    )


def slug_of(text: str) -> str:
    """Return a slug made from a title or a file's name; empty when it has no Latin letters or digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def families(file: File, found: Findings) -> tuple[Family, ...]:
    """Return the families of a file, checked or not: what is no hashtag is told elsewhere."""
    hashtags = [text for _, text in _texts(file.content.get("hashtags"))]
    owners: dict[str, str] = {}  # of every key so far, the hashtag it belongs to
    spellings: dict[str, list[str]] = {}  # of every hashtag
    for index, hashtag in _texts(file.content.get("hashtags")):
        found.add(file, ("hashtags", index), _belongs(hashtag, owners.get(fold(hashtag))))
        owners.setdefault(fold(hashtag), hashtag)
        spellings[spelled(hashtag)] = [spelled(hashtag)]
    rows = file.content.get("spellings")
    for main, listed in rows.items() if isinstance(rows, Mapping) else ():
        if spelled(main) not in spellings:
            found.add(file, ("spellings", main), _unlisted(main, hashtags))
            continue
        for index, spelling in _texts(listed):
            owner = owners.setdefault(fold(spelling), main)
            advice = None if spelled(owner) == spelled(main) else _belongs(spelling, owner)
            found.add(file, ("spellings", main, index), advice)
            spellings[spelled(main)].append(spelled(spelling))
    return tuple(Family(tag.strip().lstrip("#"), tuple(dict.fromkeys(spellings[spelled(tag)]))) for tag in hashtags)


def _texts(written: object) -> list[tuple[int, str]]:
    """Return the hashtags of a list with their places."""
    listed = enumerate(written) if isinstance(written, list) else ()
    return [(index, text) for index, text in listed if isinstance(text, str) and fold(text)]


def _belongs(spelling: str, owner: str | None) -> str | None:
    if owner is None:
        return None
    if owner == spelling:
        return f'"{spelling}" is listed twice; leave one out'
    return f'"{spelling}" is a spelling of "{owner}"; list it there only: [spellings] "{owner}" = ["{spelling}"]'


def _unlisted(main: str, hashtags: Sequence[str]) -> str:
    return f'"{main}" is not listed in hashtags; {instead(main, hashtags, "add it there")}'


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
