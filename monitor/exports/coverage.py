"""When each platform of a campaign was watched, cell by cell, and why not where it was not."""

from datetime import datetime

import numpy as np
import pandas as pd

from monitor.digest.gather import Reader
from monitor.exports.series import Gap, gaps_in
from monitor.model.brief import Stretch
from monitor.model.campaign import Campaign
from monitor.model.table import Record
from monitor.model.window import Resolution, Window
from monitor.store import runs
from monitor.store.series import platforms
from monitor.store.store import Store
from monitor.trends.coverage import usable


class Watched(Record):
    """One platform: whether each cell was watched, None for what lies ahead; `share` of what has passed, 0 to 1."""

    platform: str
    cells: tuple[bool | None, ...]
    share: float | None


class Coverage(Record):
    """When a campaign was watched. `at` are the starts of the cells; `gaps` tell of each source when not, and why."""

    campaign: str
    resolution: Resolution
    window: Stretch
    zone: str
    at: tuple[datetime, ...]
    platforms: tuple[Watched, ...]
    gaps: tuple[Gap, ...]


async def read(store: Store, campaign: Campaign, window: Window, resolution: Resolution, now: datetime) -> Coverage:
    """Return when a campaign was watched in a window."""
    known = await platforms(store, campaign.slug)
    frame = await Reader(store, campaign, now).frame([], known, [], window, resolution)
    states = await runs.states(store, campaign.slug)
    cells = usable(frame, states, now)
    starts = pd.DatetimeIndex(cells.index)
    passed = np.asarray(starts < pd.Timestamp(now))
    return Coverage(
        campaign=campaign.slug,
        resolution=resolution,
        window=Stretch(start=window.start, end=window.end),
        zone=campaign.zone,
        at=tuple(starts.to_pydatetime()),
        platforms=tuple(_watched(str(name), np.asarray(cells[name]), passed) for name in cells),
        gaps=gaps_in(frame, states, now),
    )


def _watched(platform: str, cells: np.ndarray, passed: np.ndarray) -> Watched:
    told = tuple(bool(seen) if is_over else None for seen, is_over in zip(cells, passed, strict=True))
    share = float(cells[passed].mean()) if passed.any() else None
    return Watched(platform=platform, cells=told, share=share)
