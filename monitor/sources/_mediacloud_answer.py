"""Media Cloud's questions and answers: a campaign's words in its language, stories and counts in ours. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from monitor.errors import AccessRefused, RateLimited, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.fields import count, moment, rows, table, text
from monitor.model.mention import Article, Reported
from monitor.model.metric import Metric, index_subject
from monitor.model.spelling import visible
from monitor.sources._language import language
from monitor.sources._press import PRESS, article_id, plain

LONGEST_TITLE, LONGEST_LINK = 500, 2000  # characters; more is no headline
QUOTA_PAUSE = 6 * 3600.0  # seconds; it is renewed on Mondays, nobody says in which time zone
_DAY = 86400  # seconds


def query(words: Sequence[str], excluded: Sequence[str]) -> str:
    """Return the words as one question; every one is quoted, so that nothing in it is taken for an operator."""
    wanted, apart = (" OR ".join(dict.fromkeys(filter(None, map(_quoted, part)))) for part in (words, excluded))
    return f"({wanted}) AND NOT ({apart})" if wanted and apart else wanted


def articles(told: Mapping[str, Any], *, vouched: bool) -> tuple[list[Article], int]:
    """Return the stories of a page and how many were unreadable; UnexpectedPayload when all of them were."""
    listed = told.get("stories")
    if not isinstance(listed, list):
        raise UnexpectedPayload("Media Cloud answered without a list of stories; try again later")
    found = [article for row in rows(listed) if (article := _article(row, vouched=vouched))]
    if listed and not found:
        raise UnexpectedPayload(f"none of the {len(listed)} stories can be read: Media Cloud has changed them")
    return found, len(listed) - len(found)


def reported(told: Mapping[str, Any], days: Sequence[date], zone: str) -> list[Reported]:
    """Return matching and all stories of some days that are over; one that is not told had none that match."""
    over_time = table(told.get("count_over_time"))
    if not isinstance(over_time.get("counts"), list):
        raise UnexpectedPayload("Media Cloud answered without counts; try again later")
    if count(over_time.get("normalized_total")) == 0:
        raise AccessRefused("these collections hold no story at all: check their ids in Media Cloud's directory")
    by_day = {(text(row.get("date")) or "")[:10]: row for row in rows(over_time["counts"])}
    return [one for day in days for one in _of_day(day, by_day.get(day.isoformat()), zone)]


def refusal(answer: Answer) -> SourceError:
    """Return what an answer of 400 means, which is anything; the note beside it tells."""
    told = table(answer.json())
    note = " ".join(visible(text(told.get("note")) or "without a reason").split())[:160]
    if told.get("temporary") is True:
        return SourceUnavailable(f"Media Cloud can not answer just now ({note!r}); the next run asks again")
    if note.lower().startswith("you have used up your quota"):
        return RateLimited("Media Cloud's quota of the week is used up; it is renewed on Monday", QUOTA_PAUSE)
    return AccessRefused(f"Media Cloud does not accept the question ({note!r}): check the words and ids of this source")


def _quoted(words: str) -> str:
    bare = " ".join("".join(letter if letter.isalnum() else " " for letter in plain(words)).split())
    return f'"{bare}"' if bare else ""


def _article(row: Mapping[str, Any], *, vouched: bool) -> Article | None:
    link, indexed = text(row.get("url"), LONGEST_LINK), moment(row.get("indexed_date"))
    if link is None or indexed is None or not link.lower().startswith(("http://", "https://")):
        return None
    title = " ".join(visible(text(row.get("title")) or "").split())[:LONGEST_TITLE]
    name = text(row.get("media_name"), 60) or ""
    return Article(
        platform=PRESS,
        id=article_id(link),
        created_at=_created(indexed, row.get("publish_date")),
        outlet="".join(letter for letter in name if letter.isalnum() or letter in ".-_") or "unknown",
        language=language(row.get("language")),
        title=title or link,
        link=link,
        dated=False,
        vouched=vouched,
        raw=row,
    )


def _created(indexed: datetime, published: object) -> datetime:
    """Return when a story counts: at its indexing on the day of publication, else at noon of that day."""
    day = moment(published)
    if day is None or day.date() >= indexed.date():
        return indexed
    return day.replace(hour=12)


def _of_day(day: date, row: Mapping[str, Any] | None, zone: str) -> Iterator[Reported]:
    start = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    matching = 0 if row is None else count(row.get("count"))
    every = None if row is None else count(row.get("total_count"))
    for metric, value in ((Metric.REPORTED_ARTICLES, matching), (Metric.ALL_ARTICLES, every)):
        if value is not None:
            yield Reported(metric, index_subject("mediacloud"), start, _DAY, float(value))
