"""Plays Meta's Graph API: pages of rows behind a cursor, and errors in its envelope."""

from collections.abc import Sequence
from typing import Any

import httpx

TOKEN = "a-token-of-meta"


def page(rows: Sequence[Any], request: httpx.Request, size: int = 50) -> httpx.Response:
    """Return the rows behind the cursor `after`; the last page has no cursor."""
    start = int(request.url.params.get("after", "0"))
    size = min(size, int(request.url.params.get("limit", size)))
    more = {"cursors": {"before": "b", "after": str(start + size)}, "next": f"https://x.example/?access_token={TOKEN}"}
    paging = {"paging": more} if start + size < len(rows) else {}
    return httpx.Response(200, json={"data": list(rows[start : start + size]), **paging})


def error(code: int, message: str = "no", status: int = 400, **headers: str) -> httpx.Response:
    body = {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1"}}
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): told for name, told in headers.items()})
