"""How one source is doing, for `monitor status`: its last run, its next one, and where we were blind. Pure."""

from datetime import datetime, timedelta

from monitor.collect.schedule import next_beat
from monitor.errors import Reason
from monitor.model.brief import Stretch
from monitor.model.gaps import gaps_of
from monitor.model.run import Outcome, Run
from monitor.model.sighting import SourceState
from monitor.model.source import SourceSettings
from monitor.model.table import Record
from monitor.model.window import Window

LOOKED_BACK = timedelta(days=7)  # gaps older than this are history


class Report(Record):
    """One source. `off` says why it is not asked; `next_run` is when a running daemon asks it next."""

    campaign: str
    source: str
    platform: str
    off: str | None = None
    outcome: Outcome | None = None
    message: str = ""
    reason: Reason | None = None
    last_run: datetime | None = None
    last_up: datetime | None = None
    next_run: datetime | None = None
    kept: int | None = None
    new: int | None = None
    skipped: int = 0  # posts left for later because a budget allowed no more
    quota_left: int | None = None
    gaps: tuple[Stretch, ...] = ()
    lost: float | None = None  # about how much the gaps hid; part of no sum

    @property
    def never_up(self) -> bool:
        """Whether it was asked and never once answered, so that nothing of it was ever watched."""
        return self.outcome is not None and not self.outcome.is_up and self.last_up is None

    @classmethod
    def of(cls, campaign: str, source: SourceSettings) -> "Report":
        """Return the report of a source of which nothing else is known yet."""
        return cls(campaign=campaign, source=source.name, platform=source.platform, off=source.off)


def told(report: Report, state: SourceState | None, *, every: timedelta, now: datetime) -> Report:
    """Return the report with all that the store knows of the source."""
    run = state.runs[0] if state and state.runs else None
    if state is None or run is None:
        return report.model_copy(update={"next_run": _next(report, None, every, now)})
    gaps = gaps_of(state, Window(max(_begun(state), now - LOOKED_BACK), now), now)
    update = {
        "outcome": run.outcome,
        "message": run.message,
        "reason": run.reason,
        "last_run": run.started_at,
        "last_up": state.last_up,
        "next_run": _next(report, run, every, now),
        "kept": run.kept,
        "new": run.new,
        "skipped": run.skipped,
        "quota_left": run.quota_left,
        "gaps": tuple(Stretch(start=gap.start, end=gap.end) for gap in gaps),
    }
    return report.model_copy(update=update)


def job_key(campaign: str, source: str) -> str:
    """Return the name of the job that asks a source; its place in the interval follows from it."""
    return f"collect/{campaign}/{source}"


def _next(report: Report, run: Run | None, every: timedelta, now: datetime) -> datetime | None:
    if report.off:
        return None
    waiting = run.retry_at if run and run.retry_at else now
    return next_beat(job_key(report.campaign, report.source), every, max(waiting, now))


def _begun(state: SourceState) -> datetime:
    """Return the first moment that a source covered; where it never did, when it was asked first."""
    covered = [window.start for walk in state.walks.values() for window in walk.covered]
    return min(covered, default=state.runs[-1].started_at)
