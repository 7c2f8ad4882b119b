"""Whether the daemon is well, and why not: the facts it hands over, and what follows from them. Pure."""

from datetime import datetime, timedelta

from monitor.model.table import Record

PATIENCE = timedelta(minutes=10)  # added to three intervals of a source before its silence is called unwell


class Due(Record):
    """One source, how often it is asked, and when its last run ended or, before the first, since when it is watched."""

    campaign: str
    source: str
    every: timedelta
    last: datetime


class Facts(Record):
    """What the daemon knows of itself. `leading` is None while it cannot tell whether it holds the lease."""

    now: datetime
    store: str | None = None  # what keeps the store from answering
    leading: bool | None = None
    sources: tuple[Due, ...] = ()
    notes: tuple[str, ...] = ()


class Health(Record):
    """What /healthz answers: well without reasons; notes are worth reading but nothing to restart for."""

    well: bool
    role: str
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def health(facts: Facts) -> Health:
    """Judge the facts."""
    reasons = []
    if facts.store is not None:
        reasons.append(f"the store does not answer: {facts.store}")
    if facts.leading is None:
        reasons.append("it is not known which daemon collects: the lease could not be read")
    if facts.leading:
        reasons += [
            f"no run of {due.campaign}/{due.source} since {due.last:%Y-%m-%d %H:%M} UTC" for due in _late(facts)
        ]
    role = {True: "collecting", False: "standing by", None: "unknown"}[facts.leading]
    return Health(well=not reasons, role=role, reasons=tuple(reasons), notes=facts.notes)


def _late(facts: Facts) -> list[Due]:
    return [due for due in facts.sources if facts.now - due.last > 3 * due.every + PATIENCE]
