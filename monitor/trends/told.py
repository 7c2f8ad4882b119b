"""What people would have been told: the events of a series that was played again, and how many alerts a month."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from monitor.model.finding import Spike, Way
from monitor.trends.episodes import LOUD, runs

LULL = pd.Timedelta(hours=3)
MONTH = pd.Timedelta(days=30.44)


def events(name: str, replayed: pd.DataFrame) -> tuple[Spike, ...]:
    """Return the stretches around the alerts of `replayed` (`replay.replay`, times in UTC), in order of time.

    A second alert within a stretch is its escalation.
    """
    rows = replayed[replayed.index.notna()].sort_index(kind="stable")
    found: list[Spike] = []
    step = _step(rows)
    for way, sign in ((Way.UP, 1.0), (Way.DOWN, -1.0)):
        score = sign * rows["score"].fillna(0.0).to_numpy(float)
        news = rows["alert"].to_numpy(bool) & (score > 0)
        off = sign * (rows["value"] - rows["expected"]).to_numpy(float)
        part = news | ((score >= LOUD) & (off > 0))
        for places in runs(np.flatnonzero(part), int(LULL / step)):
            told = pd.DatetimeIndex(rows.index[places[news[places]]])
            if len(told):
                found.append(_event(name, rows.iloc[places[0] : places[-1] + 1], way, told, step))
    last = rows.index[-1] if len(rows) else None
    goes_on = [event.model_copy(update={"open": bool(last is not None and event.end > last)}) for event in found]
    return tuple(sorted(goes_on, key=lambda event: event.start))


def monthly(replayed: pd.DataFrame, zone: str) -> dict[str, int]:
    """Return how many alerts each month had, those without any included; months are those of `zone`."""
    rows = replayed[replayed.index.notna()].sort_index(kind="stable")
    months = pd.DatetimeIndex(rows.index).tz_convert(ZoneInfo(zone)).strftime("%Y-%m")
    return {str(month): int(count) for month, count in rows["alert"].groupby(np.asarray(months)).sum().items()}


def a_month(replayed: pd.DataFrame) -> float | None:
    """Return the alerts in a month on average; None where nothing could be judged."""
    judged = replayed[np.asarray(replayed.index.notna()) & replayed["score"].notna()]
    if judged.empty:
        return None
    span = judged.index.max() - judged.index.min()
    return float(judged["alert"].sum() / max(span / MONTH, 1.0))


def _step(rows: pd.DataFrame) -> pd.Timedelta:
    """Return how far apart the rows are."""
    step = pd.DatetimeIndex(rows.index).to_series().diff().median()
    return pd.Timedelta(hours=1) if pd.isna(step) or step <= pd.Timedelta(0) else step


def _event(name: str, stretch: pd.DataFrame, way: Way, told: pd.DatetimeIndex, step: pd.Timedelta) -> Spike:
    """Return a stretch as a spike; `told` are the times of its alerts."""
    values = stretch["value"].fillna(0.0).to_numpy(float)
    peak = int(np.argmax(values if way is Way.UP else -values))
    known = stretch[stretch["value"].notna() & stretch["expected"].notna()]
    return Spike(
        name=name,
        start=stretch.index[0].to_pydatetime(),
        peak=stretch.index[peak].to_pydatetime(),
        end=(stretch.index[-1] + step).to_pydatetime(),
        total=float(known["value"].sum()),
        expected=float(known["expected"].sum()),
        peak_value=float(values[peak]),
        score=float(stretch["score"].max() if way is Way.UP else stretch["score"].min()),
        way=way,
        escalated=told[1].to_pydatetime() if len(told) > 1 else None,
    )
