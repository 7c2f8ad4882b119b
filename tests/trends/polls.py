"""Makes looks at a poll out of what a test cares about: hours since it opened, and votes by name."""

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.model.poll import Option, Tally, Votes
from monitor.trends.identity import recognised

OPENED = datetime(2012, 4, 10, 15, tzinfo=UTC)
CLOSES = OPENED + timedelta(hours=30)


def tally(hours: float, votes: dict[str, int | tuple[int, int] | None], **fields: Any) -> Tally:
    """Return what was seen `hours` after the beginning; a pair of votes is a lower and an upper bound."""
    exact = [told for told in votes.values() if isinstance(told, int)]
    total = fields.pop("total", sum(exact) if len(exact) == len(votes) else None)
    told = [_votes(one, total) for one in votes.values()]
    details = {"place": "poll/1", "question": "ما اسم الجمعة القادمة؟", "raw": str((hours, votes)).encode(), **fields}
    return Tally(
        at=OPENED + timedelta(hours=hours),
        options=tuple(map(Option.of, votes)),
        votes=tuple(told),
        total=total,
        **details,
    )


def followed(*tallies: Tally) -> list[Tally]:
    """Return the tallies with the identities of their options, as the store keeps them."""
    kept: list[Tally] = []
    for one in tallies:
        kept.append(recognised(kept[-1] if kept else None, one))
    return kept


def _votes(told: int | tuple[int, int] | None, total: int | None) -> Votes:
    return Votes(low=told[0], high=told[1]) if isinstance(told, tuple) else Votes.exactly(told, total)
