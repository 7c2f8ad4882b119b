"""Plays the public previews of Telegram channels: pages of twenty, rounded views, albums, service messages, embeds."""

import base64
import html
import json
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from monitor.clock import Clock
from monitor.demo import survey
from monitor.demo.life import rounded, shown
from monitor.demo.loopback import Reply, Request
from monitor.demo.world import Message

PAGE = 20
WITHHELD = (-3600, 3 * 3600)
"""From when to when around its closing a poll's message is not shown, where that is the trouble."""

_PLACE = re.compile(r"/(s/)?(\w+)(?:/(\d+))?/?")


class Previews:
    """The web side of t.me for some channels; call it with a request."""

    def __init__(self, channels: Mapping[str, Sequence[Message]], clock: Clock, *, withholds: bool = False) -> None:
        self._channels = channels
        self._clock = clock
        self._withholds = withholds

    def __call__(self, request: Request) -> Reply:
        place = _PLACE.fullmatch(request.path)
        if place is None or place[2] not in self._channels:
            return self._elsewhere(place)
        now = self._clock.now().timestamp()
        channel = place[2]
        messages = self._channels[channel]
        messages = messages[: bisect_right(messages, now, key=lambda message: message.created)]
        if self._withholds:
            messages = [message for message in messages if not _is_withheld(message, now)]
        if place[1] is None:
            return _html(self._embed(channel, messages, int(place[3] or 0), now))
        window = _window(messages, request.last("before"), request.last("after"))
        return _html(_page(channel, messages, window, now))

    def _elsewhere(self, place: re.Match[str] | None) -> Reply:
        """Previews of what does not exist lead to the landing page, with a 302."""
        if place is not None and place[1]:
            return Reply(302, headers={"Location": f"/{place[2]}"})
        name = place[2] if place else ""
        return _html(f"<html><head><title>Telegram: Contact @{name}</title></head><body></body></html>")

    def _embed(self, channel: str, messages: Sequence[Message], number: int, now: float) -> str:
        found = [message for message in messages if message.number <= number <= message.last]
        if found:
            return f"<html><body>{_bubble(channel, found[0], now)}</body></html>"
        return '<div class="tgme_widget_message"><div class="tgme_widget_message_error">Post not found</div></div>'


def _is_withheld(message: Message, now: float) -> bool:
    poll = message.poll
    return poll is not None and poll.closes + WITHHELD[0] <= now < poll.closes + WITHHELD[1]


def shortened(views: int) -> str:
    """Return views as they are printed: 871, 1.2K, 12K, 3M; cut, never rounded up."""
    for size, letter in ((1_000_000, "M"), (1_000, "K")):
        if views >= size:
            tenths = rounded(views) * 10 // size
            return f"{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''}{letter}"
    return str(views)


def _window(messages: Sequence[Message], before: str | None, after: str | None) -> range:
    """Return which messages stand on a page; nonsense (`before=0`) gives the newest page, as it really does."""
    if after and after.isdigit():
        first = bisect_right(messages, int(after), key=lambda message: message.number)
        return range(first, min(first + PAGE, len(messages)))
    end = len(messages)
    if before and before.isdigit() and int(before) > 0:
        end = bisect_left(messages, int(before), key=lambda message: message.number)
    return range(max(end - PAGE, 0), end)


def _page(channel: str, messages: Sequence[Message], window: range, now: float) -> str:
    parts = [_bubble(channel, messages[place], now) for place in window]
    older = _more(channel, "prev", "before", messages[window[0]].number) if window and window[0] > 0 else ""
    newer = (
        _more(channel, "next", "after", messages[window[-1]].number)
        if window and window[-1] + 1 < len(messages)
        else ""
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{channel} – Telegram</title>'
        f'<link rel="canonical" href="/s/{channel}">{older}{newer}</head><body>'
        f'<div class="tgme_channel_info"><div class="tgme_channel_info_header_username">@{channel}</div>'
        '<div class="tgme_channel_info_counter"><span class="counter_value">12.4K</span> '
        '<span class="counter_type">subscribers</span></div></div>'
        '<main class="tgme_main"><section class="tgme_channel_history js-message_history">'
        f"{''.join(parts) or _NOTHING}</section></main></body></html>"
    )


def _more(channel: str, rel: str, way: str, number: int) -> str:
    return f'<link rel="{rel}" href="/s/{channel}?{way}={number}">'


_NOTHING = (
    '<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message_centered">'
    '<div class="tme_no_messages_found">No posts found</div></div></div>'
)


def throttled(channel: str) -> bytes:
    """Return the page that a client gets who asked too often: it looks like a channel without messages."""
    return _page(channel, (), range(0), 0).encode()


def _bubble(channel: str, message: Message, now: float) -> str:
    stamp = datetime.fromtimestamp(message.created, UTC)
    view = {"c": -zlib.crc32(channel.encode()), "p": message.number, "t": int(now), "h": "0"}
    seen = base64.urlsafe_b64encode(json.dumps(view).encode()).decode().rstrip("=")
    service = " service_message" if message.service else ""
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap js-widget_message{service}" '
        f'data-post="{channel}/{message.number}" data-view="{seen}"><div class="tgme_widget_message_bubble">'
        '<div class="tgme_widget_message_author accent_color">'
        f'<a class="tgme_widget_message_owner_name" href="https://t.me/{channel}">{channel}</a></div>'
        f"{_origin(message)}{_album(channel, message)}{_text(message, now)}{_reactions(message, now)}"
        '<div class="tgme_widget_message_footer compact js-message_footer">'
        f'<div class="tgme_widget_message_info short js-message_info">{_views(message, now)}'
        f'<span class="tgme_widget_message_meta">{_edited(message, now)}'
        f'<a class="tgme_widget_message_date" href="https://t.me/{channel}/{message.number}">'
        f'<time datetime="{stamp.isoformat()}" class="time">{stamp:%H:%M}</time></a></span>'
        "</div></div></div></div></div>"
    )


def _text(message: Message, now: float) -> str:
    if message.poll is not None:
        return survey.bubble(message.poll, now)
    if message.service:
        return '<div class="tgme_widget_message_text js-message_text" dir="auto">Channel photo updated</div>'
    tags = " ".join(f'<a href="?q=%23{quote(tag)}">#{tag}</a>' for tag in message.tagged.at(now))
    words = html.escape(message.text[1])
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}<br/>{tags}</div>'


def _album(channel: str, message: Message) -> str:
    """Return the photos of an album: the ids after the first are seen here only, never as messages of their own."""
    numbers = range(message.number, message.last + 1) if message.last > message.number else ()
    photos = (
        f'<a class="tgme_widget_message_photo_wrap grouped_media_wrap" href="https://t.me/{channel}/{number}?single"></a>'
        for number in numbers
    )
    wrapped = "".join(photos)
    return f'<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap">{wrapped}</div>' if wrapped else ""


def _views(message: Message, now: float) -> str:
    views = shown(message.views, message.curve.share(now))
    if views is None:
        return ""
    return f'<span class="tgme_widget_message_views">{shortened(views)}</span><span class="copyonly"> views</span>'


def _origin(message: Message) -> str:
    if not message.forwarded:
        return ""
    name = '<span class="tgme_widget_message_forwarded_from_name">Somebody</span>'
    return f'<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from {name}</div>'


def _reactions(message: Message, now: float) -> str:
    share = message.curve.share(now)
    counts = [shown(count, share) or 0 for count in message.reactions]
    told = "".join(
        f'<span class="tgme_reaction"><i class="emoji"><b>{emoji}</b></i>{shortened(count)}</span>'
        for emoji, count in zip("❤🕊", counts, strict=True)
        if count
    )
    return f'<div class="tgme_widget_message_reactions js-message_reactions">{told}</div>' if told else ""


def _edited(message: Message, now: float) -> str:
    return "edited &nbsp;" if message.tagged.edited is not None and message.tagged.edited <= now else ""


def _html(body: str) -> Reply:
    return Reply(200, body.encode(), {"Content-Type": "text/html; charset=utf-8"})
