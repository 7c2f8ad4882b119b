"""A status of Mastodon in our words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.fetch.fields import count, moment, rows, table, text
from monitor.model.mention import Counts, Post
from monitor.sources._language import language
from monitor.sources._mastodon_tags import plain

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")  # what any server makes; another could be no mark of the store
_ACTOR = re.compile(r"(https?://[^?#]+)/statuses/[^/?#]+$")  # addresses of posts of Mastodon and GoToSocial
_SHOWN = ("public", "unlisted")
_UNCOMPOSED = str.maketrans("øđðħıłŧŋĸ", "oddhiltnk")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads statuses; `typed` leads from a tag as the server writes it (é is e) to the spelling that was asked for."""

    host: str
    typed: Mapping[str, str]

    @classmethod
    def of(cls, host: str, spellings: Iterable[str]) -> "Reader":
        """Return the reader for one server; of two spellings that it writes alike, the one written so comes first."""
        plain_last = sorted(spellings, key=lambda spelling: _ascii(spelling) == spelling)
        return cls(host, {_ascii(spelling): spelling for spelling in plain_last})

    def posts(self, statuses: Iterable[Any]) -> tuple[list[Post], int]:
        """Return the posts everybody may see, and how many could not be read; one bad status harms no other."""
        shown = [status for status in statuses if not _is_hidden(status)]
        posts = [post for status in shown if (post := self._post(status)) is not None]
        return posts, len(shown) - len(posts)

    def _post(self, status: Any) -> Post | None:
        told = table(status)
        uri, created, account = text(told.get("uri")), moment(told.get("created_at")), table(told.get("account"))
        again = mark(told.get("id"))
        if uri is None or created is None or again is None:
            return None
        return Post(
            platform="mastodon",
            id=uri,
            created_at=created,
            tags=self._tags(told.get("tags")),
            counts=Counts(
                likes=count(told.get("favourites_count")),
                reposts=count(told.get("reblogs_count")),
                replies=count(told.get("replies_count")),
                quotes=count(told.get("quotes_count", table(told.get("pleroma")).get("quotes_count"))),
            ),
            author=self._author(account, uri),
            followers=count(account.get("followers_count")),
            language=language(told.get("language")),
            again=again,
            link=text(told.get("url")),
            text=plain(text(told.get("content")) or ""),
            raw=told,
        )

    def _tags(self, told: Any) -> tuple[str, ...]:
        names = [name for tag in rows(told) if (name := text(tag.get("name")))]
        return tuple(self.typed.get(name, name) for name in names)

    def _author(self, account: Mapping[str, Any], post: str) -> str | None:
        """Return an id that is the same on every server: the account's address, or what of it stands in the post's.

        GoToSocial tells neither of posts of Pleroma; `acct` is left, which names the server of others' people only.
        """
        told, acct = account.get("uri") or table(account.get("pleroma")).get("ap_id"), text(account.get("acct"))
        if text(told) or not acct:
            return text(told)
        if actor := _ACTOR.match(post):
            return actor[1]
        return acct if "@" in acct else f"{acct}@{self.host}"


def mark(told: Any) -> str | None:
    """Return a server's own id of a status; None for what can be none, such as a number, or one with a line end."""
    return told if isinstance(told, str) and _ID.fullmatch(told) else None


def _is_hidden(status: Any) -> bool:
    """Boosts, and what was never meant for the public."""
    told = table(status)
    return told.get("visibility", "public") not in _SHOWN or bool(told.get("reblog"))


def _ascii(spelling: str) -> str:
    """Return a spelling as Mastodon writes it: accented Latin letters lose their marks, all other letters keep them."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFC", spelling):
        base = unicodedata.normalize("NFD", letter)[0]
        letters.append(base if base.isascii() else letter)
    return "".join(letters).translate(_UNCOMPOSED)
