"""Writes the statuses of a Mastodon server of the world as JSON: all fields that a client may rely on."""

import html
import json
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

from monitor.demo.life import shown
from monitor.demo.world import Copy, Toot


class Statuses:
    """The toots as one server tells them; only a `quoting` one (4.5 and later) tells of quotes."""

    def __init__(self, name: str, *, quoting: bool) -> None:
        self._name, self._quotes = name, quoting
        self._written: dict[tuple[int, bool], str] = {}

    def told(self, toot: Toot, now: float) -> str:
        """Return a status as JSON: what does not change is written once, its counters at every moment anew."""
        edited = toot.tagged.edited is not None and toot.tagged.edited <= now
        fixed = self._written.get((toot.number, edited))
        if fixed is None:
            fixed = json.dumps(self._fixed_part(toot, now), ensure_ascii=False)[:-1]
            self._written[toot.number, edited] = fixed
        counters = _counters(toot, toot.copies[self._name], now)
        if not self._quotes:
            del counters["quotes_count"]
        return f"{fixed}, {json.dumps(counters)[1:]}"

    def _fixed_part(self, toot: Toot, now: float) -> dict[str, Any]:
        edited = toot.tagged.edited
        return {
            "id": str(toot.copies[self._name].id),
            "uri": toot.uri,
            "url": f"https://{toot.author.home}/@{toot.author.number}/{toot.number}",
            "created_at": iso(toot.created),
            "edited_at": iso(edited) if edited is not None and edited <= now else None,
            "in_reply_to_id": None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "language": toot.text[0],
            "content": _content(toot, now),
            "reblog": None,
            "account": self._account(toot),
            "media_attachments": [],
            "mentions": [],
            "tags": [
                {"name": key, "url": f"https://{self._name}/tags/{quote(key)}"} for key in sorted(tag_keys(toot, now))
            ],
            "poll": None,
        }

    def _account(self, toot: Toot) -> dict[str, Any]:
        author = toot.author
        name = f"user{author.number}"
        return {
            "id": str(author.number),
            "username": name,
            "acct": name if author.home == self._name else f"{name}@{author.home}",
            "uri": f"https://{author.home}/users/{author.number}",
            "url": f"https://{author.home}/@{author.number}",
            "bot": False,
            "followers_count": author.followers,
        }


@cache
def tag_key(tag: str) -> str:
    """Return a tag as the server compares it: compatibility forms and case folded, tatweel and harakat kept."""
    return unicodedata.normalize("NFKC", tag.lstrip("#")).lower()


def _counters(toot: Toot, copy: Copy, now: float) -> dict[str, int | None]:
    share = toot.curve.share(now) * copy.hears
    return {
        "replies_count": shown(toot.totals.replies, share),
        "reblogs_count": shown(toot.totals.reposts, share),
        "favourites_count": shown(toot.totals.likes, share),
        "quotes_count": shown(toot.totals.quotes, share),
    }


def tag_keys(toot: Toot, now: float) -> frozenset[str]:
    """Return the tags that stand in a toot at a moment, as the server compares them."""
    return frozenset(map(tag_key, toot.tagged.at(now)))


def _content(toot: Toot, now: float) -> str:
    tags = (
        f'<a href="https://{toot.author.home}/tags/{quote(tag)}" class="mention hashtag">#<span>{tag}</span></a>'
        for tag in toot.tagged.at(now)
    )
    return f"<p>{html.escape(toot.text[1])} {' '.join(tags)}</p>"


def iso(moment: float, precision: str = "milliseconds") -> str:
    """Return a moment as Mastodon writes it."""
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)
    return when.isoformat(timespec=precision).replace("+00:00", "Z")
