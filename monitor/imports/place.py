"""How far a file was read: kept in the store with the posts themselves, so that a broken import goes on from there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.model.campaign import Campaign

_COMPARED = 1 << 16  # bytes at either end of a file


@dataclass(frozen=True, slots=True)
class Place:
    """The part of a file that is read next, and how many of its pieces were read; what was seen until then.

    `first` and `last` are of the posts that were asked for, `newest` of all; in epoch seconds.
    """

    part: int = 0
    pieces: int = 0
    first: int | None = None
    last: int | None = None
    newest: int | None = None
    done: bool = False

    @classmethod
    def of(cls, cursor: Mapping[str, Any] | None) -> "Place":
        """Return where an import stands; a file that was read to its end is read again from its begin."""
        place = cls(**cursor) if cursor else cls()
        return cls() if place.done else place


def walk_of(path: Path, campaign: Campaign, form: str) -> str:
    """Return the name under which the place in a file is kept: another file, other hashtags or format are another."""
    size = path.stat().st_size
    with path.open("rb") as file:
        ends = file.read(_COMPARED)
        file.seek(max(size - _COMPARED, 0))
        ends += file.read(_COMPARED)
    told = "\0".join([str(size), form, *sorted(fold for family in campaign.families for fold in family.folds)])
    return "file/" + hashlib.blake2b(ends + told.encode(), digest_size=8).hexdigest()


def moment(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
