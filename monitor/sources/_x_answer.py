"""What an answer of X holds, and whether it can be believed."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitor.errors import UnexpectedPayload
from monitor.fetch.fields import count, rows, table, text
from monitor.model.mention import Post
from monitor.sources import _x_post
from monitor.sources._illegible import SEVERAL, illegible


def whole(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an answer of search; UnexpectedPayload when it does not say how much it found, or keeps it back."""
    found = count(table(answer.get("meta")).get("result_count"))
    if found is None or (found and "data" not in answer):
        said = next((text(error.get("title"), 60) for error in rows(answer.get("errors"))), None)
        raise UnexpectedPayload(f"X found posts but sent none ({said or 'it does not say why'!r}); try again later")
    return answer


def legible(answer: Mapping[str, Any]) -> tuple[Sequence[Post], int]:
    """Return the posts of an answer, and how many could not be read; retweets, that nobody asked for, are left out."""
    posts, wanted = _x_post.told(answer).posts, answer.get("data")
    refused = max(0, len(wanted) - len(posts)) if isinstance(wanted, list) else 0
    if refused >= SEVERAL and not posts:
        raise illegible(f"the {refused} posts that X sent")
    retweets = {row.get("id") for row in rows(wanted) if _is_retweet(row)}
    return [post for post in posts if post.again not in retweets], refused


def asked(answer: Mapping[str, Any], marks: Sequence[str]) -> dict[str | None, str]:
    """Return by which mark each post was asked for: an edited one may come under the id of its last version."""
    wanted, found = set(marks), dict[str | None, str]()
    for row in rows(answer.get("data")):
        own, history = row.get("id"), row.get("edit_history_post_ids") or row.get("edit_history_tweet_ids")
        versions = [own, *(history if isinstance(history, list) else ())]
        mark = next((version for version in versions if isinstance(version, str) and version in wanted), None)
        if isinstance(own, str) and mark:
            found[own] = mark
    return found


def following(answer: Mapping[str, Any]) -> str | None:
    """Return what leads to the next page; None on the last one."""
    return text(table(answer.get("meta")).get("next_token"))


def _is_retweet(row: Mapping[str, Any]) -> bool:
    references = rows(row.get("referenced_posts") or row.get("referenced_tweets"))
    return any(reference.get("type") == "retweeted" for reference in references)
