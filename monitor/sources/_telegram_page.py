"""Reading a page of Telegram's web preview: HTML in, posts in our words out. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import unquote

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import read_json
from monitor.model.mention import Count, Counts, Post
from monitor.sources._illegible import SEVERAL
from monitor.sources._telegram_markup import steps
from monitor.sources._telegram_shown import REGIONS, Message, Preview, number_of

_MOST_MESSAGES = 100  # five times what a page holds
_MOST_TAGS = 50_000  # twenty messages of nothing but emoji have half of them
_MOST_OF_AN_ALBUM = 10  # photos and videos; only the first has a message of its own, the others' numbers are taken
_ABBREVIATED = re.compile(r"(\d{1,15})(?:\.(\d{1,3}))?([KMB]?)", re.IGNORECASE | re.ASCII)
_TIMES = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its posts, newest first; the numbers and the first and last moment of all its messages."""

    posts: tuple[Post, ...] = ()
    low: int = 0
    top: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    goes_back: bool = False  # the page offers an older one
    unread: int = 0  # messages without a number or a date
    exists: bool = True  # False where Telegram shows its page about a channel, or about nobody, instead

    @property
    def is_empty(self) -> bool:
        """Telegram showed no message: there is none, or it withholds them from us; it looks the same."""
        return self.top == 0


def read(body: bytes) -> Sheet:
    """Return what a preview page holds; UnexpectedPayload when it is none, or none we can read."""
    if body.count(b"<") > _MOST_TAGS:
        raise UnexpectedPayload("Telegram's preview is many times as long as any page of theirs; nothing was read")
    page = Preview()
    for step in steps(body.decode("utf-8", "replace"), REGIONS):
        page.take(step)
    if len(page.messages) > _MOST_MESSAGES:
        raise UnexpectedPayload(f"Telegram's preview shows {len(page.messages)} messages at once instead of twenty")
    if not page.messages:
        _check_preview(page)
        return Sheet(exists=page.says_empty)
    return _sheet(page)


def abbreviated(text: str) -> tuple[int, int] | None:
    """Return a number as Telegram shows it and the width of its rounding: `1.2K` is (1200, 100), `871` is (871, 1)."""
    match = _ABBREVIATED.fullmatch(re.sub(r"[\s,]", "", text))
    if match is None:
        return None
    whole, decimals, times = match[1], match[2] or "", _TIMES[match[3].upper()]
    if len(decimals) > 0 and times == 1:
        return None
    step = times // 10 ** len(decimals)
    return int(whole + decimals) * step, step


def _check_preview(page: Preview) -> None:
    if not page.says_empty and not page.is_landing:
        raise UnexpectedPayload(
            "this is no preview of a Telegram channel; probably a page that asks whether we are human: ask less often",
        )


def _sheet(page: Preview) -> Sheet:
    numbers = [number for message in page.messages for number in _numbers(message)]
    dates = [date for message in page.messages if (date := _date(message))]
    followers = _subscribers(page.counters)
    posts = [post for message in page.messages if (post := _post(message, followers))]
    unread = sum(not message.is_service for message in page.messages) - len(posts)
    if not numbers or (unread >= SEVERAL and not posts):
        raise UnexpectedPayload("Telegram's preview shows messages that cannot be read: its pages have changed")
    return Sheet(
        posts=tuple(reversed(posts)),
        low=min(numbers),
        top=max(numbers),
        oldest=min(dates, default=None),
        newest=max(dates, default=None),
        goes_back=page.goes_back,
        unread=unread,
    )


def _post(message: Message, followers: Count) -> Post | None:
    """Translate one message; None for a service message, and where number or date are missing."""
    number, created_at = message.number, _date(message)
    if number is None or created_at is None or message.is_service:
        return None
    views, step = _views(message)
    channel = _channel(message)
    return Post(
        platform="telegram",
        id=f"{channel}/{number}",
        created_at=created_at,
        tags=tuple(unquote(hashtag).partition("@")[0] for hashtag in message.hashtags),  # #tag@channel: one of theirs
        counts=Counts(impressions=views, likes=_reactions(message)),
        author=channel,
        followers=followers,
        again=str(number),
        step=step,
        link=f"https://t.me/{message.place}",
        text=None if message.is_forwarded else " ".join(message.written),
    )


def _numbers(message: Message) -> Iterator[int]:
    """Yield the number of a message, and those that the other parts of its album have taken."""
    own = message.number
    if own is None:
        return
    yield own
    for part in message.parts:
        number = number_of(part)
        if number and own < number < own + _MOST_OF_AN_ALBUM:
            yield number


def _channel(message: Message) -> str:
    """Return the channel's own number: its name differs in case from link to link, and can be changed."""
    packed = message.element.told("data-view") or ""
    try:
        seen = read_json(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        seen = None
    number = seen.get("c") if isinstance(seen, dict) else None
    if isinstance(number, int):
        return str(abs(number))
    return message.place.rpartition("/")[0].lower()


def _date(message: Message) -> datetime | None:
    try:
        date = datetime.fromisoformat(message.date or "")
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _views(message: Message) -> tuple[Count, int]:
    """Return views and rounding step; a forwarded message shows the views of its original, which are not its own."""
    if message.views is None or message.is_forwarded:
        return None, 1
    return abbreviated(message.views) or (None, 1)


def _reactions(message: Message) -> Count:
    """Return the sum of all reactions, as rounded as shown; None where none are shown or one cannot be read."""
    shown = [abbreviated(reaction) for reaction in message.reactions]
    told = [number[0] for number in shown if number]
    return sum(told) if told and len(told) == len(shown) else None


def _subscribers(counters: Sequence[str]) -> Count:
    for value, kind in pairwise(counters):
        if kind.startswith("subscriber"):
            return (abbreviated(value) or (None,))[0]
    return None
