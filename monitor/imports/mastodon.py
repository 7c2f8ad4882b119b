"""Mastodon and its family: statuses as their API gives them, one on a line, in lists, or in answers of the search."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from monitor.fetch.fields import rows, table, text
from monitor.imports.found import Flaw, Read, Reader, flawed
from monitor.model.campaign import Campaign
from monitor.sources import _mastodon_status

Row = Mapping[str, Any]
_HOSTS = 4096
_EVENTS = ("update", "status.update")


def fits(row: Row) -> bool:
    """Tell whether a value looks like a status, or something with statuses in it."""
    if isinstance(row.get("payload"), str) and "event" in row:
        return True
    if "statuses" in row:
        return any(map(fits, rows(row["statuses"])))
    return "account" in row and "created_at" in row and bool(row.keys() & {"uri", "favourites_count"})


def reader(campaign: Campaign) -> Reader:
    """Return what translates statuses, with the campaign's spellings for tags that a server writes without accents."""

    @lru_cache(maxsize=_HOSTS)
    def of(host: str) -> _mastodon_status.Reader:
        return _mastodon_status.Reader.of(host, campaign.spellings)

    def read(row: Any) -> Read:
        if not isinstance(row, dict):
            return flawed("no status")
        if isinstance(row.get("payload"), str):
            return _event(row, of)
        found = Read()
        for status in rows(row["statuses"]) if "statuses" in row else (row,):
            _add(found, status, of)
        return found

    return read


def _event(row: Row, of: Callable[[str], _mastodon_status.Reader]) -> Read:
    """Translate what a server streams: an event with a status as text in it."""
    found = Read()
    if row.get("event") not in _EVENTS:
        return Read(passed=1)
    try:
        status = json.loads(row["payload"])
    except (ValueError, RecursionError):
        return flawed("an event whose payload is no JSON")
    _add(found, table(status), of)
    return found


def _add(found: Read, status: Row, of: Callable[[str], _mastodon_status.Reader]) -> None:
    """Add a status; of a boost, what it repeats, which somebody else wrote."""
    inner = table(status.get("reblog"))
    told = inner or status
    host = (text(told.get("uri")) or "").partition("://")[2].partition("/")[0]
    posts, refused = of(host).posts([told])
    (found.beside if inner else found.posts).extend(posts)
    if refused:
        found.flaws.append(Flaw("no status: no uri, no id, or no time", str(told.get("uri"))[:100]))
    elif not posts:
        found.hidden += 1
