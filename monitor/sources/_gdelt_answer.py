"""GDELT's answers: JSON with articles or a timeline, or an error that is plain text and came with status 200. Pure."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from monitor.errors import AccessRefused, RateLimited, SourceUnavailable, UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.fields import count, rows, table, text
from monitor.model.mention import Article, Reported
from monitor.model.metric import Metric
from monitor.model.spelling import visible
from monitor.sources import _gdelt_places as places
from monitor.sources._press import PRESS, article_id

STAMP = "%Y%m%d%H%M%S"
HOUR = 3600  # seconds
_WIDTHS = {"15m": 900, "hour": HOUR}  # of a cell; longer timelines, by days of UTC, are not asked for
UNRIPE = timedelta(minutes=45)
"""How long the last cells of a timeline go on growing."""

LONGEST_TITLE, LONGEST_LINK = 500, 2000  # characters; more is no headline
_ESCAPE = re.compile(rb'\\(["\\/bfnrtu]?)')
_LIMIT = ("limit requests", "rate limit", "too many requests")
_FAULTS = (
    "too short", "too long", "too common", "terms must be surrounded", "parenthes", "illegal character",
    "invalid", "must specify", "timespan is",
)  # fmt: skip


def table_of(answer: Answer) -> Mapping[str, Any]:
    """Return the JSON of an answer, whatever its header says; RateLimited, AccessRefused or another error in words."""
    body = answer.text().lstrip("\ufeff \t\r\n")
    if body.startswith("{"):
        return table(_read(answer))
    said = " ".join(visible(body[:300]).split())
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or any(words in said.lower() for words in _LIMIT):
        raise RateLimited("GDELT says that it was asked too often; it is left alone for some minutes")
    if not said or said.startswith("<"):
        raise SourceUnavailable(
            f"GDELT answered with {'a page' if said else 'nothing'} instead of numbers: it is overloaded, the next "
            "run asks again"
        )
    if any(words in said.lower() for words in _FAULTS):
        raise AccessRefused(f"GDELT does not accept the question ({said[:120]!r}): write other `words` for this source")
    raise UnexpectedPayload(f"GDELT answered with neither numbers nor an error that is known: {said[:120]!r}")


def articles(told: Mapping[str, Any], *, vouched: bool) -> tuple[list[Article], int]:
    """Return the articles of a list and how many were unreadable; UnexpectedPayload when all of them were."""
    listed = told.get("articles")
    found = [_article(row, vouched=vouched) for row in rows(listed)]
    kept = [article for article in found if article]
    refused = (len(listed) if isinstance(listed, list) else 0) - len(kept)
    if refused and not kept:
        raise UnexpectedPayload(f"none of the {refused} articles can be read: GDELT has changed its answers")
    return kept, refused


def is_empty(told: Mapping[str, Any]) -> bool:
    """Tell whether an answer holds nothing, which may mean no match, or that GDELT does not look there just now."""
    return not told.get("articles") and not told.get("timeline")


def reported(told: Mapping[str, Any], subject: str, now: datetime) -> Sequence[Reported]:
    """Return matching and all articles for each whole hour that is ripe; an hour that lacks a cell stays unknown."""
    series = next((row for row in rows(told.get("timeline")) if row.get("series") == "Article Count"), {})
    cells = [cell for row in rows(series.get("data")) if (cell := _cell(row))]
    width = _WIDTHS.get(text(table(told.get("query_details")).get("date_resolution")) or "", 0)
    hours: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, matching, monitored in cells:
        hours[start - start % HOUR].append((matching, monitored))
    last = int((now - UNRIPE).timestamp())
    whole = {
        hour: parts for hour, parts in hours.items() if width and len(parts) * width == HOUR and hour + HOUR <= last
    }
    return [
        Reported(metric, subject, datetime.fromtimestamp(hour, UTC), HOUR, float(sum(part[place] for part in parts)))
        for hour, parts in sorted(whole.items())
        for place, metric in enumerate((Metric.REPORTED_ARTICLES, Metric.ALL_ARTICLES))
    ]


def _read(answer: Answer) -> Any:
    """Return the JSON of an answer; a backslash that stands for itself in a headline does not lose the others."""
    try:
        return answer.json()
    except UnexpectedPayload:
        mended = _ESCAPE.sub(lambda found: found[0] if found[1] else rb"\\", answer.body)
        return replace(answer, body=mended).json()


def _article(row: Mapping[str, Any], *, vouched: bool) -> Article | None:
    link, seen = text(row.get("url"), LONGEST_LINK), _moment(row.get("seendate"))
    if link is None or seen is None or not link.lower().startswith(("http://", "https://")):
        return None
    title = " ".join(visible(text(row.get("title")) or "").split())[:LONGEST_TITLE]
    return Article(
        platform=PRESS,
        id=article_id(link),
        created_at=seen,
        outlet=_outlet(row.get("domain")) or "unknown",
        language=places.language(row.get("language")),
        title=title or link,
        link=link,
        dated=False,
        country=places.country(row.get("sourcecountry")),
        vouched=vouched,
        raw=row,
    )


def _outlet(domain: object) -> str:
    name = text(domain, 60) or ""
    return "".join(letter for letter in name.lower() if letter.isalnum() or letter in ".-_").removeprefix("www.")


def _cell(row: Mapping[str, Any]) -> tuple[int, int, int] | None:
    start, matching, monitored = _moment(row.get("date")), count(row.get("value")), count(row.get("norm"))
    if start is None or matching is None or monitored is None:
        return None
    return int(start.timestamp()), matching, monitored


def _moment(told: object) -> datetime | None:
    """Return a moment such as 20251114T103000Z."""
    if not isinstance(told, str):
        return None
    try:
        moment = datetime.strptime(told, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if moment.year >= 2000 else None  # noqa: PLR2004 - nothing on the web is older
