"""Messages of Telegram, as Telethon hands them over, in our words. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from telethon.tl import types

from monitor.errors import UnexpectedPayload
from monitor.fetch.fields import count
from monitor.model.mention import Count, Counts, Post
from monitor.sources._illegible import SEVERAL


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as Telegram wants it named: its number, and the key to it that this account was given."""

    number: int
    key: int
    followers: Count = None

    @property
    def peer(self) -> types.InputPeerChannel:
        return types.InputPeerChannel(self.number, self.key)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some messages: posts in order of their numbers, and what else must be known to go on."""

    posts: Sequence[Post] = ()
    top: int = 0  # the highest number of all messages
    newest: datetime | None = None
    refused: int = 0
    further: Mapping[str, Any] | None = None  # where a search goes on


def listed(told: Any) -> Sequence[Any]:
    """Return the messages of an answer that have a number; numbers without a message are those of deleted ones."""
    messages = getattr(told, "messages", None)
    if not isinstance(messages, list):
        raise UnexpectedPayload("Telegram answered with something else than messages; look for a newer version")
    known = (types.Message, types.MessageService)
    return [message for message in messages if isinstance(message, known) and type(message.id) is int]


def chats(told: Any) -> Iterator[types.Channel]:
    yield from (chat for chat in getattr(told, "chats", None) or () if isinstance(chat, types.Channel))


def whole(messages: Sequence[Any]) -> Sequence[Any]:
    """Return messages without the album at their end, which may go on in the next answer, unless it is all there is."""
    group = _group(messages[-1])
    return [message for message in messages if group is None or _group(message) != group] or messages


def _group(message: Any) -> int | None:
    """Return the number of the album a message is in; service messages are in none."""
    return getattr(message, "grouped_id", None)


def further_of(told: Any, messages: Sequence[Any], channels: Mapping[int, Channel]) -> Mapping[str, Any] | None:
    """Return where a search goes on: by the rate it names, else by the time of its last message."""
    if not messages or not isinstance(told, types.messages.MessagesSlice | types.messages.ChannelMessages):
        return None
    last = messages[-1]
    channel = channels.get(getattr(last.peer_id, "channel_id", 0))
    rate = getattr(told, "next_rate", None) or int(last.date.timestamp())
    return {"rate": rate, "number": last.id, "channel": [channel.number, channel.key] if channel else None}


def sheet(messages: Iterable[Any], channels: Mapping[int, Channel], further: Mapping[str, Any] | None = None) -> Sheet:
    """Return what the messages say; UnexpectedPayload when several are there and none can be read."""
    told = sorted(messages, key=_place)
    albums = [list(parts) for _, parts in groupby(told, key=lambda one: (_place(one)[0], _group(one) or one.id))]
    shown = [parts for parts in albums if isinstance(parts[0], types.Message)]
    posts = [post for parts in shown if (post := _post(parts, channels))]
    refused = len(shown) - len(posts)
    if refused >= SEVERAL and not posts:
        raise UnexpectedPayload(
            "none of Telegram's messages can be read: they have changed; update telethon and the monitor"
        )
    dates = [date for message in told if (date := _date(message.date))]
    top = max((message.id for message in told), default=0)
    return Sheet(posts, top, max(dates, default=None), refused, further)


def _place(message: Any) -> tuple[int, int]:
    channel = getattr(message.peer_id, "channel_id", 0)
    return channel if type(channel) is int else 0, message.id


def _post(parts: Sequence[Any], channels: Mapping[int, Channel]) -> Post | None:
    """Translate a message, or the parts of an album, whose first stands for all of them as in the preview."""
    first, last = parts[0], parts[-1]
    created_at, channel = _date(first.date), channels.get(_place(first)[0])
    if created_at is None or channel is None:
        return None
    is_forwarded = first.fwd_from is not None
    return Post(
        platform="telegram",
        id=f"{channel.number}/{first.id}",
        created_at=created_at,
        tags=tuple(dict.fromkeys(tag for part in parts for tag in hashtags(part.message, part.entities))),
        counts=Counts(
            impressions=None if is_forwarded else count(first.views),  # those are of the original
            likes=_reactions(first.reactions),
            reposts=None if is_forwarded else count(first.forwards),
            replies=count(getattr(first.replies, "replies", None)),
        ),
        author=str(channel.number),
        followers=channel.followers,
        again=str(first.id) if first is last else f"{first.id}-{last.id}",
        text=None if is_forwarded else "\n".join(part.message or "" for part in parts),
        raw={"messages": [part.message for part in parts]},
    )


def hashtags(text: Any, entities: Any) -> Iterator[str]:
    """Yield the hashtags that Telegram itself has marked; their places are counted in units of UTF-16."""
    units = text.encode("utf-16-le", "surrogatepass") if isinstance(text, str) else b""
    for entity in entities or ():
        if isinstance(entity, types.MessageEntityHashtag):
            tag = units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "replace")
            yield tag.lstrip("#＃").partition("@")[0]


def _reactions(told: Any) -> Count:
    counts = [count(reaction.count) for reaction in getattr(told, "results", None) or ()]
    known = [number for number in counts if number is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _date(told: Any) -> datetime | None:
    return told.astimezone(UTC) if isinstance(told, datetime) and told.tzinfo else None
