"""Reading a page of Telegram's web preview: HTML in, posts in our words out. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import read_json
from monitor.model.mention import Count, Counts, Post

_MESSAGE = "div.tgme_widget_message[data-post]"
_HASHTAGS = '.tgme_widget_message_text:not(.js-message_reply_text) a[href^="?q=%23"]'
_ALBUM = '.tgme_widget_message_grouped_wrap a[href*="?single"]'
_DATES = (
    "a.tgme_widget_message_date time[datetime], .tgme_widget_message_meta time[datetime]"  # videos have a <time> too
)
_MOST_MESSAGES = 100  # five times what a page holds
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
    tree = LexborHTMLParser(body)
    messages = tree.css(_MESSAGE)
    if not messages:
        _check_preview(tree)
        return Sheet()
    if len(messages) > _MOST_MESSAGES:
        raise UnexpectedPayload(f"Telegram's preview shows {len(messages)} messages at once instead of twenty")
    numbers = [number for message in messages for number in _numbers(message)]
    dates = [date for message in messages if (date := _date(message))]
    followers = _subscribers(tree)
    posts = [post for message in messages if (post := _post(message, followers))]
    unread = len(messages) - len(posts) - sum(map(_is_service, messages))
    if not numbers or (unread and not posts):
        raise UnexpectedPayload("Telegram's preview shows messages that cannot be read: its pages have changed")
    return Sheet(
        posts=tuple(reversed(posts)),
        low=min(numbers),
        top=max(numbers),
        oldest=min(dates, default=None),
        newest=max(dates, default=None),
        goes_back=tree.css_first('link[rel="prev"], a.tme_messages_more[data-before]') is not None,
        unread=unread,
    )


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


def _check_preview(tree: LexborHTMLParser) -> None:
    if tree.css_first(".tme_no_messages_found") is None:
        raise UnexpectedPayload(
            "this is no preview of a Telegram channel; probably a page that asks whether we are human: ask less often",
        )


def _post(message: LexborNode, followers: Count) -> Post | None:
    """Translate one message; None for a service message, and where number or date are missing."""
    number, created_at = _number(message.attributes.get("data-post")), _date(message)
    if number is None or created_at is None or _is_service(message):
        return None
    views, step = _views(message)
    channel = _channel(message)
    return Post(
        platform="telegram",
        id=f"{channel}/{number}",
        created_at=created_at,
        tags=tuple(_tags(message)),
        counts=Counts(impressions=views, likes=_reactions(message)),
        author=channel,
        followers=followers,
        again=str(number),
        step=step,
    )


def _number(place: str | None) -> int | None:
    match = _NUMBER.search(place or "")
    return int(match[1]) if match and int(match[1]) else None


def _numbers(message: LexborNode) -> Iterator[int]:
    """Yield the number of a message, and those that the other parts of its album have taken."""
    own = _number(message.attributes.get("data-post"))
    if own is None:
        return
    yield own
    for part in message.css(_ALBUM):
        number = _number(part.attributes.get("href"))
        if number and own < number < own + _MOST_OF_AN_ALBUM:
            yield number


def _is_service(message: LexborNode) -> bool:
    return "service_message" in (message.attributes.get("class") or "").split()


def _channel(message: LexborNode) -> str:
    """Return the channel's own number: its name differs in case from link to link, and can be changed."""
    packed = message.attributes.get("data-view") or ""
    try:
        seen = read_json(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        seen = None
    number = seen.get("c") if isinstance(seen, dict) else None
    if isinstance(number, int):
        return str(abs(number))
    return (message.attributes.get("data-post") or "").rpartition("/")[0].lower()


def _date(message: LexborNode) -> datetime | None:
    shown = message.css_first(_DATES)
    try:
        date = datetime.fromisoformat((shown.attributes.get("datetime") or "") if shown else "")
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _views(message: LexborNode) -> tuple[Count, int]:
    """Return views and rounding step; a forwarded message shows the views of its original, which are not its own."""
    shown = message.css_first(".tgme_widget_message_views")
    if shown is None or message.css_first(".tgme_widget_message_forwarded_from") is not None:
        return None, 1
    return abbreviated(shown.text()) or (None, 1)


def _reactions(message: LexborNode) -> Count:
    """Return the sum of all reactions, as rounded as shown; None where none are shown or one cannot be read."""
    shown = [abbreviated(reaction.text(deep=False)) for reaction in message.css(".tgme_reaction")]
    told = [number[0] for number in shown if number]
    return sum(told) if told and len(told) == len(shown) else None


def _tags(message: LexborNode) -> Iterator[str]:
    """Yield the hashtags that Telegram itself has linked; `#tag@channel` is a search inside one channel."""
    for link in message.css(_HASHTAGS):
        yield unquote((link.attributes.get("href") or "").removeprefix("?q=%23")).partition("@")[0]


def _subscribers(tree: LexborHTMLParser) -> Count:
    for counter in tree.css(".tgme_channel_info_counter"):
        kind, value = counter.css_first(".counter_type"), counter.css_first(".counter_value")
        if kind and value and kind.text().strip().startswith("subscriber"):
            return (abbreviated(value.text()) or (None,))[0]
    return None
