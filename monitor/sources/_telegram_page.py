"""Reading a page of Telegram's web preview: HTML in, posts in our words out. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import unquote

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import read_json
from monitor.model.mention import Count, Counts, Post
from monitor.sources._telegram_markup import Element, Step, steps

_MESSAGE = "tgme_widget_message"
_TEXT, _REPLIED_TO = "tgme_widget_message_text", "js-message_reply_text"
_ALBUM = "tgme_widget_message_grouped_wrap"
_DATES = ("tgme_widget_message_date", "tgme_widget_message_meta")  # a video's length stands in a <time>, too
_VIEWS, _REACTION = "tgme_widget_message_views", "tgme_reaction"
_FORWARDED = "tgme_widget_message_forwarded_from"
_COUNTER = ("counter_value", "counter_type")
_REGIONS = frozenset({_TEXT, _REPLIED_TO, _ALBUM, *_DATES, _VIEWS, *_COUNTER})
_HASHTAG = "?q=%23"
_MOST_MESSAGES = 100  # five times what a page holds
_MOST_TAGS = 50_000  # twenty messages of nothing but emoji have half of them
_SEVERAL = 2  # messages that cannot be read, and none that can: a single broken one alone proves nothing
_MOST_OF_AN_ALBUM = 10  # photos and videos; only the first has a message of its own, the others' numbers are taken
_NUMBER = re.compile(r"/(\d{1,15})(?:\?single)?$", re.ASCII)
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

    @property
    def is_empty(self) -> bool:
        """Telegram showed no message: there is none, or it withholds them from us; it looks the same."""
        return self.top == 0


def read(body: bytes) -> Sheet:
    """Return what a preview page holds; UnexpectedPayload when it is none, or none we can read."""
    if body.count(b"<") > _MOST_TAGS:
        raise UnexpectedPayload("Telegram's preview is many times as long as any page of theirs; nothing was read")
    page = _Page()
    for step in steps(body.decode("utf-8", "replace"), _REGIONS):
        page.take(step)
    if len(page.messages) > _MOST_MESSAGES:
        raise UnexpectedPayload(f"Telegram's preview shows {len(page.messages)} messages at once instead of twenty")
    if not page.messages:
        _check_preview(page)
        return Sheet()
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


@dataclass(slots=True)
class _Message:
    """What a message shows, as it is written; None for what it does not show."""

    element: Element
    date: str | None = None
    views: str | None = None
    is_forwarded: bool = False
    hashtags: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)  # of an album, by their links
    reactions: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        return self.element.told("data-post") or ""

    @property
    def number(self) -> int | None:
        return _number(self.place)

    @property
    def is_service(self) -> bool:
        return "service_message" in self.element.classes

    def meet(self, step: Step, element: Element) -> None:
        """Note an element inside the message."""
        inside, link = step.inside, element.told("href") if element.name == "a" else None
        if link is not None and link.startswith(_HASHTAG) and inside[_TEXT] and not inside[_REPLIED_TO]:
            self.hashtags.append(link.removeprefix(_HASHTAG))
        elif link is not None and "?single" in link and inside[_ALBUM]:
            self.parts.append(link)
        elif element.name == "time" and self.date is None and any(inside[name] for name in _DATES):
            self.date = element.told("datetime")
        elif _VIEWS in element.classes:
            self.views = self.views or ""
        elif _REACTION in element.classes:
            self.reactions.append("")
        elif _FORWARDED in element.classes:
            self.is_forwarded = True

    def hear(self, step: Step) -> None:
        """Note a text inside the message."""
        if step.inside[_VIEWS] and self.views is not None:
            self.views += step.text
        elif _REACTION in step.parent.classes and self.reactions:
            self.reactions[-1] += step.text


@dataclass(slots=True)
class _Page:
    """What stands on a page: its messages, the counters of the channel, and what leads elsewhere."""

    messages: list[_Message] = field(default_factory=list)
    counters: list[str] = field(default_factory=list)  # value, kind, value, kind
    goes_back: bool = False
    says_empty: bool = False

    def take(self, step: Step) -> None:
        if step.element is not None:
            self._meet(step, step.element)
        elif any(step.inside[name] for name in _COUNTER):
            self.counters.append(step.text.strip())
        elif self.messages:
            self.messages[-1].hear(step)

    def _meet(self, step: Step, element: Element) -> None:
        if _MESSAGE in element.classes and element.told("data-post") is not None:
            self.messages.append(_Message(element))
        elif element.name == "link":
            self.goes_back |= element.told("rel") == "prev"
        elif "tme_messages_more" in element.classes:
            self.goes_back |= element.told("data-before") is not None
        elif "tme_no_messages_found" in element.classes:
            self.says_empty = True
        elif self.messages:
            self.messages[-1].meet(step, element)


def _check_preview(page: _Page) -> None:
    if not page.says_empty:
        raise UnexpectedPayload(
            "this is no preview of a Telegram channel; probably a page that asks whether we are human: ask less often",
        )


def _sheet(page: _Page) -> Sheet:
    numbers = [number for message in page.messages for number in _numbers(message)]
    dates = [date for message in page.messages if (date := _date(message))]
    followers = _subscribers(page.counters)
    posts = [post for message in page.messages if (post := _post(message, followers))]
    unread = sum(not message.is_service for message in page.messages) - len(posts)
    if not numbers or (unread >= _SEVERAL and not posts):
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


def _post(message: _Message, followers: Count) -> Post | None:
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
    )


def _number(place: str) -> int | None:
    match = _NUMBER.search(place)
    return int(match[1]) if match and int(match[1]) else None


def _numbers(message: _Message) -> Iterator[int]:
    """Yield the number of a message, and those that the other parts of its album have taken."""
    own = message.number
    if own is None:
        return
    yield own
    for part in message.parts:
        number = _number(part)
        if number and own < number < own + _MOST_OF_AN_ALBUM:
            yield number


def _channel(message: _Message) -> str:
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


def _date(message: _Message) -> datetime | None:
    try:
        date = datetime.fromisoformat(message.date or "")
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _views(message: _Message) -> tuple[Count, int]:
    """Return views and rounding step; a forwarded message shows the views of its original, which are not its own."""
    if message.views is None or message.is_forwarded:
        return None, 1
    return abbreviated(message.views) or (None, 1)


def _reactions(message: _Message) -> Count:
    """Return the sum of all reactions, as rounded as shown; None where none are shown or one cannot be read."""
    shown = [abbreviated(reaction) for reaction in message.reactions]
    told = [number[0] for number in shown if number]
    return sum(told) if told and len(told) == len(shown) else None


def _subscribers(counters: Sequence[str]) -> Count:
    for value, kind in pairwise(counters):
        if kind.startswith("subscriber"):
            return (abbreviated(value) or (None,))[0]
    return None
