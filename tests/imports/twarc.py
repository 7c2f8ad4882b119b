"""Files as twarc writes them, made of what a test cares about."""

import gzip
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.people import NOON

LATER = NOON + timedelta(days=2500)  # a Friday in 2023, when X counted impressions


def id_of(number: int) -> str:
    """Return the id that X would have given: it tells the millisecond."""
    written = LATER + timedelta(minutes=number)
    return str((int(written.timestamp() * 1000) - 1_288_834_974_657) << 22)


def tweet(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a post of the API's version 2; `metrics` by their names without `_count`, `tags` as X found them."""
    metrics = {f"{name}_count": value for name, value in fields.pop("metrics", {"like": 3, "impression": 500}).items()}
    tags = [{"start": 0, "end": 9, "tag": tag} for tag in fields.pop("tags", ["SaveAleppo"])]
    minute = LATER + timedelta(minutes=number)
    told = {
        "id": id_of(number),
        "created_at": minute.isoformat().replace("+00:00", ".000Z"),
        "author_id": "42",
        "text": "words",
        "lang": "ar",
        "public_metrics": metrics,
        "entities": {"hashtags": tags},
    }
    return {name: value for name, value in {**told, **fields}.items() if value is not None}


def page(*tweets: Any, read: datetime | None = LATER + timedelta(days=1), **includes: Any) -> dict[str, Any]:
    """Return a page as it lies on one line; `read` is when it was retrieved."""
    stamp = {"__twarc": {"url": "", "version": "2.14.1", "retrieved_at": read.isoformat()}} if read else {}
    return {"data": list(tweets), "includes": includes, "meta": {"result_count": len(tweets)}, **stamp}


def file(folder: Path, lines: Iterable[Any], name: str = "tweets.jsonl") -> Path:
    """Write lines: values as JSON, bytes as they are; a name that ends with .gz is packed."""
    written = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines) + b"\n"
    path = folder / name
    path.write_bytes(gzip.compress(written) if name.endswith(".gz") else written)
    return path
