"""Writes the posts of X as its API tells them: what was asked for, in the old vocabulary (tweet) or the new (post)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from monitor.demo.life import shown
from monitor.demo.statuses import iso
from monitor.demo.world import Tweet

SHORT = 140  # characters of a repost's own text


class Rows:
    """Posts in one vocabulary; without a question for fields come the id, the text and the ids of the versions."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._reposts = "repost_count" if word == "post" else "retweet_count"
        self.fields = frozenset(
            "id text created_at author_id lang public_metrics entities conversation_id attachments edit_controls "
            f"possibly_sensitive edit_history_{word}_ids note_{word} referenced_{word}s".split()
        )

    def told(self, tweet: Tweet, fields: Collection[str], now: float) -> dict[str, Any]:
        """Return a post as it stands now; a field without anything in it is left out."""
        always = {"id", "text", f"edit_history_{self._word}_ids"}
        row = self._row(tweet, now)
        return {name: value for name, value in row.items() if name in always | set(fields) and value}

    def _row(self, tweet: Tweet, now: float) -> dict[str, Any]:
        ids = [str(id_) for id_ in tweet.ids(now)]
        tags = tweet.tagged.at(now)
        text = " ".join((tweet.text[1], *(f"#{tag}" for tag in tags)))
        original = tweet.original
        return {
            "id": ids[-1],
            "text": text if original is None else f"RT @user{original.author.number}: {text}"[:SHORT],
            "created_at": iso(max(made for made in tweet.versions if made <= now)),
            "author_id": str(tweet.author.number),
            "lang": tweet.text[0],
            "conversation_id": ids[0],
            "entities": {"hashtags": list(_entities(text, tags))} if tags and original is None else None,
            "public_metrics": self._metrics(tweet, now),
            f"edit_history_{self._word}_ids": ids,
            "edit_controls": {"edits_remaining": 5 - len(ids) + 1, "is_edit_eligible": original is None},
            f"referenced_{self._word}s": [_reference(original, now)] if original else None,
        }

    def _metrics(self, tweet: Tweet, now: float) -> dict[str, int | None]:
        share, totals = tweet.curve.share(now), tweet.totals
        return {
            self._reposts: shown(totals.reposts, share),
            "reply_count": shown(totals.replies, share),
            "like_count": shown(totals.likes, share),
            "quote_count": shown(totals.quotes, share),
            "bookmark_count": 0,
            "impression_count": shown(totals.impressions, share),
        }


def user(tweet: Tweet) -> Mapping[str, Any]:
    """Return who wrote a post."""
    author = tweet.author
    metrics = {"followers_count": author.followers, "following_count": 10, "tweet_count": 100, "listed_count": 0}
    name = f"user{author.number}"
    return {"id": str(author.number), "name": name, "username": name, "public_metrics": metrics}


def _entities(text: str, tags: Iterable[str]) -> Iterable[Mapping[str, Any]]:
    for tag in tags:
        start = text.index(f"#{tag}")
        yield {"start": start, "end": start + len(tag) + 1, "tag": tag}


def _reference(original: Tweet, now: float) -> Mapping[str, str]:
    return {"type": "retweeted", "id": str(original.ids(now)[-1])}
