"""The runs at which a source began to answer, to fail or to be blind, kept long after those between them."""

from monitor.model.run import Outcome, Run
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

TURNS_KEPT = 400
"""Of each source: months of one that fails once a day, and at most 200 kB."""


def turned(before: str | None, run: Run) -> list[str]:
    """Return what is kept of a run that follows `before` (JSON; None: it is the first): both sides of a turn."""
    if before is None:
        return [run.model_dump_json()]
    last = Run.model_validate_json(before)
    return [] if _standing(last) == _standing(run) else [before, run.model_dump_json()]


@in_words
async def turns(store: Store, campaign: str, source: str) -> list[Run]:
    """Return both sides of every turn of a source that is kept, oldest first; the very first is where that began."""
    kept = await execute(store.redis, "LRANGE", store.keys.turns(campaign, source), 0, -1)
    return [Run.model_validate_json(one) for one in dict.fromkeys(kept)]


def _standing(run: Run) -> tuple[bool, bool]:
    return run.outcome.is_up, run.outcome is Outcome.BLIND
