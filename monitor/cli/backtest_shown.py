"""How a series that was played again is printed, told in JSON, and written row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.errors import MonitorError
from monitor.model.finding import Spike, Way
from monitor.model.spelling import visible
from monitor.trends.replay import replay
from monitor.trends.rows import oddities
from monitor.trends.rule import Rule
from monitor.trends.told import a_month, events, monthly

MOST = 40  # events that are printed; JSON has all
COLUMNS = ["timestamp", "value", "expected", "score", "alert"]


@dataclass(frozen=True)
class Played:
    """One series played again: rows (UTC) with their times as they were `written`, events, what is odd about it."""

    name: str
    zone: str
    rows: pd.DataFrame
    written: Sequence[str]
    events: tuple[Spike, ...]
    doubts: tuple[str, ...]

    @classmethod
    def of(
        cls,
        name: str,
        series: pd.Series,
        zone: str,
        rule: Rule,
        *,
        written: Sequence[str] | None = None,
        doubts: Sequence[str] = (),
    ) -> "Played":
        rows = replay(series, zone, rule)
        odd = (*doubts, *oddities(series))
        judged = [] if rows["score"].notna().any() or odd else ["There is too little history to judge any row."]
        times = written if written is not None else [at.isoformat() for at in rows.index]
        return cls(name, zone, rows, times, events(name, rows), (*odd, *judged))


def shown(played: Played, judged_by: str) -> RenderableType:
    """Return what was found, and how it was judged, in words and as a table; times are on the clock of its zone."""
    lines = [Text(visible(f"{played.name}, {judged_by}"), style="bold"), Text(_rate(played))]
    lines += [Text(visible(doubt), style="yellow") for doubt in played.doubts]
    if not played.events:
        return Group(*lines, Text())
    left = len(played.events) - MOST
    more = [Text(f"and {left} more; --json has all", style="dim")] if left > 0 else []
    return Group(*lines, _table(played), *more, Text())


def told(played: Played) -> dict[str, Any]:
    """Return the same for scripts; an event has the fields of a spike in docs/brief.schema.json."""
    return {
        "name": played.name,
        "zone": played.zone,
        "rows": len(played.rows),
        "judged": int(played.rows["score"].notna().sum()),
        "alerts": int(played.rows["alert"].sum()),
        "alerts_per_month": a_month(played.rows),
        "months": monthly(played.rows, played.zone),
        "events": [event.model_dump(mode="json", exclude={"drivers", "sole", "crowd"}) for event in played.events],
        "doubts": list(played.doubts),
    }


def write(path: Path, played: Sequence[Played]) -> None:
    """Write one row for each row of the one series that was played, in its order."""
    if len(played) != 1:
        raise MonitorError(f"--scores writes one series, and {len(played)} were played; name one campaign")
    rows = played[0].rows.assign(timestamp=list(played[0].written), alert=played[0].rows["alert"].astype(int))
    try:
        rows.to_csv(path, columns=COLUMNS, index=False, float_format="%.10g")
    except OSError as error:
        raise MonitorError(f"{path} can not be written: {error.strerror or error}") from error


def _rate(played: Played) -> str:
    rate = a_month(played.rows)
    if rate is None:
        return "No row could be judged."
    alerts = int(played.rows["alert"].sum())
    busy = [f"{count} in {month}" for month, count in monthly(played.rows, played.zone).items() if count]
    return f"{rate:.1f} alerts a month: {', '.join(busy)}." if alerts else "No alerts."


def _table(played: Played) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("start", "peak", "end", "came", "expected", "size", ""):
        table.add_column(head, justify="right" if head in {"came", "expected", "size"} else "left", no_wrap=bool(head))
    for event in played.events[:MOST]:
        start, peak, end = (at.astimezone(ZoneInfo(played.zone)) for at in (event.start, event.peak, event.end))
        times = (f"{start:%Y-%m-%d %H:%M}", f"{peak:%m-%d %H:%M}", f"{end:%m-%d %H:%M}")
        table.add_row(*times, f"{event.total:,.0f}", f"{event.expected:,.0f}", _size(event), _remarks(event))
    return table


def _size(event: Spike) -> str:
    """Return how large an event was against what was expected."""
    return f"{event.total / event.expected:,.1f} times" if event.expected >= 1 else "from nothing"


def _remarks(event: Spike) -> str:
    told = ["silence"] if event.way is Way.DOWN else []
    told += ["told twice"] if event.escalated else []
    told += ["may go on"] if event.open else []
    return ", ".join(told)
