"""Frames and facts made of what a test cares about: hourly counts by name, blind hours, and the rest quiet."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from monitor.model.campaign import Campaign
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome, Run
from monitor.model.series import COLUMNS, Frame
from monitor.model.sighting import SourceState
from monitor.model.window import Resolution, Window, cells
from monitor.trends.compare import windows
from monitor.trends.facts import Facts
from tests.people import ALEPPO

FRIDAY = datetime(2016, 4, 28, 21, tzinfo=UTC)  # midnight in Damascus: the day of people.NOON
WEEKS = 7
HISTORY = Window(FRIDAY - timedelta(weeks=WEEKS - 1), FRIDAY + timedelta(weeks=1))

Hourly = float | Iterable[float]
Column = tuple[str, str, Metric]


def day(number: int = 0, days: int = 1) -> Window:
    """Return `days` days from midnight in Damascus, `number` days after FRIDAY (no clock change near)."""
    start = FRIDAY + timedelta(days=number)
    return Window(start, start + timedelta(days=days))


def hourly(values: Hourly, window: Window = HISTORY) -> pd.Series:
    """Return an hourly series over `window`; a number stands for all hours."""
    index = _index(window, Resolution.HOUR)
    return pd.Series(values if isinstance(values, float | int) else list(values), index=index, dtype=float)


def frame(
    columns: Mapping[Column, Any],
    *,
    window: Window = HISTORY,
    resolution: Resolution = Resolution.HOUR,
    blind: Mapping[str, Iterable[Window]] | None = None,
    platforms: Iterable[str] = ("mastodon",),
) -> Frame:
    """Return a frame of these columns; `blind` tells when a platform was not watched."""
    index = _index(window, resolution)
    labels = pd.MultiIndex.from_tuples(list(columns), names=COLUMNS) if columns else _NONE
    values = pd.DataFrame(dict(enumerate(columns.values())), index=index, dtype=float)
    values.columns = labels
    known = pd.DataFrame(np.ones((len(index), len(list(platforms))), dtype=bool), index=index, columns=list(platforms))
    for name, stretches in (blind or {}).items():
        for stretch in stretches:
            known.loc[(index >= stretch.start) & (index < stretch.end), name] = False
    unwatched = ~known.reindex(columns=values.columns.get_level_values("platform"), fill_value=True).to_numpy(
        dtype=bool
    )
    values = values.mask(unwatched, 0.0)  # nothing is stored of what nobody watched
    return Frame(window, resolution, ALEPPO.zone, values, known)


def facts(
    metrics: Mapping[tuple[str, Metric] | Metric, Any],
    *,
    window: Window | None = None,
    now: datetime | None = None,
    campaign: Campaign = ALEPPO,
    spellings: Mapping[Column, Any] | None = None,
    outlets: Mapping[Column, Any] | None = None,
    days: Mapping[Column, Any] | None = None,
    **more: Any,
) -> Facts:
    """Return facts of one window (Friday): hourly columns of the whole campaign, of mastodon unless named."""
    named = {(*_named(key),): value for key, value in metrics.items()}
    blind, platforms = more.pop("blind", None), more.pop("platforms", ("mastodon",))
    window = window or day()

    def made(columns: Mapping[Column, Any] | None, resolution: Resolution = Resolution.HOUR) -> Frame:
        return frame(columns or {}, resolution=resolution, blind=blind, platforms=platforms)

    whole = made(named)
    more.setdefault("sources", watched_sources(*platforms))
    told = Facts(
        campaign=campaign,
        windows=windows(window, campaign.zone),
        now=now or window.end,
        cells=whole,
        hours=whole,
        days=made(days, Resolution.DAY),
        spellings=made(spellings),
        outlets=made(outlets),
    )
    return replace(told, **more)


def watched_sources(*platforms: str) -> list[SourceState]:
    """Return a source of each platform, configured and asked once."""
    return [SourceState(name, name, (asked(name),), {}, FRIDAY) for name in platforms]


def asked(name: str, outcome: Outcome = Outcome.OK, message: str = "", *, at: datetime = FRIDAY) -> Run:
    """Return one run of a source."""
    return Run(
        campaign=ALEPPO.slug,
        source=name,
        platform=name,
        started_at=at,
        seconds=1,
        outcome=outcome,
        message=message,
    )


def _index(window: Window, resolution: Resolution) -> pd.DatetimeIndex:
    return pd.to_datetime(cells(window, resolution, ALEPPO.zone), utc=True)


def _named(key: tuple[str, Metric] | Metric) -> Column:
    return (WHOLE, "mastodon", key) if isinstance(key, Metric) else (WHOLE, *key)


_NONE = pd.MultiIndex.from_tuples([], names=COLUMNS)
