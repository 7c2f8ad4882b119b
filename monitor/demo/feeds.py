"""Plays the feed of a news outlet: a sliding window of items, conditional GET, and the guid habits of real outlets.

The Arabic outlet marks its guids `#0`, `#1` with every correction of a headline and hangs tracking parameters on its
links; the English one uses the address as guid and tells no ETag.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from monitor.clock import Clock
from monitor.demo.cast import OUTLETS
from monitor.demo.loopback import Reply, Request
from monitor.demo.world import Story

WINDOW = 30  # items: more than a day, even of the surge
_CORRECTED = {"ar": " (تصحيح)", "en": " – corrected"}


class Feed:
    """One outlet's feed; call it with a request."""

    def __init__(self, stories: Sequence[Story], language: str, clock: Clock) -> None:
        self._stories = stories
        self._language = language
        self._clock = clock

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now().timestamp()
        shown = [story for story in self._stories if story.since <= now][-WINDOW:][::-1]
        body = self._rss(shown, now).encode()
        headers = {"Content-Type": "application/rss+xml; charset=utf-8", **self._validators(shown, body, now)}
        if _unchanged(request, headers):
            return Reply(304, headers=headers)
        return Reply(200, body, headers)

    def _validators(self, shown: Sequence[Story], body: bytes, now: float) -> dict[str, str]:
        if self._language == "ar":
            return {"ETag": f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'}
        changes = [moment for story in shown for moment in (story.since, story.corrected or 0.0) if moment <= now]
        changed = max((int(moment) for moment in changes), default=0) + 1  # seconds are whole: not before the change
        return {"Last-Modified": format_datetime(datetime.fromtimestamp(changed, UTC), usegmt=True)}

    def _rss(self, shown: Sequence[Story], now: float) -> str:
        outlet, host = OUTLETS[self._language]
        items = "".join(self._item(story, host, now) for story in shown)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>{outlet}</title><link>https://{host}.example/</link><language>{self._language}</language>"
            f"<ttl>15</ttl>{items}</channel></rss>"
        )

    def _item(self, story: Story, host: str, now: float) -> str:
        corrected = story.corrected is not None and story.corrected <= now
        title = story.title + (_CORRECTED[self._language] if corrected else "")
        link = f"https://{host}.example/articles/{story.number}"
        stamp = format_datetime(datetime.fromtimestamp(story.published, UTC), usegmt=True)
        if self._language == "ar":
            guid = f'<guid isPermaLink="false">{link}#{int(corrected)}</guid>'
            link += "?at_medium=RSS&amp;at_campaign=rss"
            title = f"<![CDATA[{title}]]>"
        else:
            guid = f"<guid>{link}</guid>"
            title = escape(title)
        return f"<item><title>{title}</title><link>{link}</link>{guid}<pubDate>{stamp}</pubDate></item>"


def _unchanged(request: Request, headers: dict[str, str]) -> bool:
    """Tell whether the client has this version; an ETag, where there is one, decides alone."""
    if "ETag" in headers:
        return request.headers.get("if-none-match") == headers["ETag"]
    return request.headers.get("if-modified-since") == headers.get("Last-Modified")
