"""X's API version 2: JSON lines as twarc writes them, pages or flattened; and as 4CAT keeps them."""

from collections.abc import Mapping
from typing import Any

from monitor.fetch.fields import moment, rows, table
from monitor.imports.found import Read, flawed
from monitor.sources import _x_post
from monitor.sources._x_post import own_id

_TELLING = frozenset(
    {"author_id", "public_metrics", "conversation_id", "edit_history_tweet_ids", "edit_history_post_ids"}
)
_PAGE = frozenset({"data", "includes", "meta", "errors"})


def fits(row: Mapping[str, Any]) -> bool:
    """Tell whether a value looks like a page or a post of version 2."""
    if "id" in row:
        return own_id(row["id"]) is not None and "text" in row and bool(row.keys() & _TELLING)
    return bool(row.keys() & {"includes", "__twarc"} or _is_counts(row) or any(map(fits, _posts(row))))


def read(row: Any) -> Read:
    """Translate one line."""
    if not isinstance(row, dict):
        return flawed("neither a page nor a post")
    if not row.keys() & _PAGE or "id" in row:
        told = _x_post.flattened(row)
    elif _is_counts(row):
        return flawed("counts per hour or day, no posts; import the file of the posts")
    else:
        told = _x_post.told(row)
    read_at = moment(table(row.get("__twarc")).get("retrieved_at"))
    return Read(told.posts, told.beside, told.flaws, read_at)


def _posts(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = page.get("data")
    return [found] if isinstance(found, dict) else list(rows(found))


def _is_counts(page: Mapping[str, Any]) -> bool:
    return any("start" in row and "id" not in row for row in _posts(page)[:1])
