"""What the store holds of a number by the hour, with its gaps."""

from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from monitor import app, sources
from monitor.errors import MonitorError
from monitor.model.campaign import Campaign
from monitor.model.metric import WHOLE, family_subject, spelling_subject, stored
from monitor.model.spelling import fold, spelled
from monitor.model.window import Resolution, Window
from monitor.store import runs, series
from monitor.trends.breaks import since
from monitor.trends.coverage import usable
from monitor.trends.frame import block, sure, tellers, together


@dataclass(frozen=True)
class History:
    """Whole hours, one column per platform, NaN where it was not watched.

    `doubts` tell in words from when on it can be compared with itself.
    """

    cells: pd.DataFrame
    asked: frozenset[str]
    doubts: tuple[str, ...] = ()

    @property
    def series(self) -> pd.Series:
        """All platforms together; NaN where one that counts was not watched."""
        return together(self.cells, self.asked)


async def history(monitor: app.Monitor, campaign: Campaign, number: str, subject: str, days: int) -> History:
    """Return what the store holds of a subject's number over the last days."""
    now, store = monitor.clock.now(), monitor.store
    end = now.replace(minute=0, second=0, microsecond=0)
    known = await series.platforms(store, campaign.slug)
    chosen = [name for name in known if sources.is_press(name) == (number == "articles")]
    frame = await series.frame(
        store,
        campaign.slug,
        subjects=[subject],
        platforms=chosen,
        metrics=stored(number),
        window=Window(end - timedelta(days=days), end),
        resolution=Resolution.HOUR,
        zone=campaign.zone,
        now=now,
    )
    frame = since(frame, campaign.breaks)
    states = await runs.states(store, campaign.slug)
    watched = usable(frame, states, now)
    first, *others = (sure(block(frame, metric, chosen, subject), watched) for metric in stored(number))
    cells = sum(others, first)
    if number != "posts" and not tellers(cells):
        cells = cells.mask(cells == 0)  # where nobody ever told a number, its zeros are no counts
    doubts = tuple(
        f"{one.platform} counts {number} otherwise from {one.at:%Y-%m-%d %H:%M %Z} on ({one.what}); "
        "what came before is left out."
        for one in campaign.breaks
        if one.number == number and one.platform in chosen and frame.window.start < one.at < end
    )
    return History(cells, frozenset(state.platform for state in states), doubts)


def subject_of(campaign: Campaign, written: str | None) -> str:
    """Return the subject of one of the campaign's spellings, of the whole family of a hashtag, or of everything."""
    if written is None:
        return WHOLE
    asked = spelled(written.lstrip("#"))
    for family in campaign.families:
        if asked in family.spellings:
            return spelling_subject(family.key, asked)
        if fold(written) == family.key:
            return family_subject(family.key)
    told = ", ".join(f"#{one}" for family in campaign.families for one in family.spellings)
    raise MonitorError(f"{campaign.slug} does not list {written}; it lists {told}")
