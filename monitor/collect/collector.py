"""One run of one source: what it did is stored, logged and returned, and ends as one outcome."""

from typing import Protocol

from monitor import log
from monitor.clock import Clock
from monitor.collect import page
from monitor.collect.canary import Canary
from monitor.collect.ear import Heard
from monitor.collect.errand import Errand, Limits
from monitor.collect.witness import Witness
from monitor.fetch.pocket import Pocket
from monitor.model.account import Account
from monitor.model.campaign import Campaign
from monitor.model.run import Run
from monitor.model.source import Source
from monitor.store import runs
from monitor.store.store import Store

__all__ = ["Limits", "collect"]

_logger = log.get("collect")
_USUAL = Limits()


class Meter(Protocol):
    """What counts the calls of one source and holds its account: its `fetch` client."""

    @property
    def calls(self) -> int: ...

    @property
    def quota_left(self) -> int | None: ...

    @property
    def account(self) -> Account: ...


async def collect(
    store: Store,
    source: Source,
    campaign: Campaign,
    clock: Clock,
    *,
    limits: Limits = _USUAL,
    meter: Meter | None = None,
    heard: Heard | None = None,
    witness: Witness | None = None,
) -> Run:
    """Ask one source for everything new, store it and how it went; only a failing store makes it raise.

    `heard` is what a hub heard of the source since its last run; `witness` is told of everything that is read.
    """
    calls = meter.calls if meter else 0
    canary = Canary(source, meter.account if meter else Pocket(clock))
    errand = Errand(page.Assignment(store, source, campaign, clock, witness), limits, canary, heard)
    await errand.run()
    run = errand.result(calls=meter.calls - calls if meter else 0, quota_left=meter.quota_left if meter else None)
    if witness is not None:
        await witness.ran(run, [walk.name for walk in source.walks(campaign)])
        run = run.model_copy(update={"message": "; ".join(filter(None, (run.message, witness.trouble)))})
    await runs.add(store, run)
    facts = run.model_dump(mode="json", exclude_defaults=True, exclude={"started_at"})
    (_logger.info if run.outcome.is_up else _logger.warning)("collected", **facts)
    return run
