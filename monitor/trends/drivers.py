"""What drove a spike: the parts that have clearly more of its excess than of what is usual, the most telling first.

A part's own usual is its usual share of what was expected of the whole, so a rise of everything alike has no driver.
The measures are those of Adtributor (Bhagwan et al., NSDI 2014): how much of the excess a part explains, and how
surprising its share is; docs/methods.md says where we differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.model.finding import Cause, Driver, Spike
from monitor.model.window import Window
from monitor.trends.mix import Mix, hours_of, mix

CLEAR = 3.0
"""Standard errors by which a part's share has to differ from its usual one: one in a thousand does so by chance."""

ENOUGH = 0.2
"""A driver explains at least this part of the excess, beyond its usual share of it."""

MOST = 0.5
"""The first driver is the sole one when it explains more than this; less, and no single driver is claimed."""

NEARLY = 0.7
"""Of those that explain nearly as much as the best, the most surprising comes first: it is the narrower one."""

MOST_DRIVERS = 5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """The whole by the hour, and its parts of one kind by the name they are shown by; NaN where nobody watched.

    `unit` is what one event adds: 1 for posts, a post's usual views for impressions.
    """

    cause: Cause
    hours: pd.DataFrame
    whole: pd.Series
    unit: float = 1.0


@dataclass(frozen=True)
class Suspect:
    """A driver and what it is ranked by: how much of the excess it explains, and how surprising its share is."""

    driver: Driver
    explains: float
    surprise: float


def suspects(spike: Spike, parts: Parts, zone: str) -> list[Suspect]:
    """Return the parts that drove a spike, in the order of their columns; none where they rose alike."""
    within = hours_of(spike.start, spike.end, parts.whole.index)
    whole = float(parts.whole[within].sum())
    excess = whole * (1 - spike.expected / spike.total) if spike.total > 0 else 0.0
    if not excess or parts.hours.empty:
        return []
    usual = mix(parts.hours, parts.whole, Window(spike.start, spike.end), zone, unit=parts.unit)
    if usual is None:
        return []
    brought = parts.hours[within].sum().to_numpy(dtype=np.float64)
    expected = (whole - excess) * usual.shares
    share = (brought - expected) / excess
    explains = (share - usual.shares) / (1 - usual.shares)
    surprise = _surprise(np.clip(brought / whole, 0.0, 1.0), usual.shares)
    chosen = (explains >= ENOUGH) & (_deviations(surprise, whole, usual, parts.unit) >= CLEAR)
    return [
        Suspect(
            Driver(
                cause=parts.cause,
                name=str(parts.hours.columns[int(place)]),
                value=float(brought[place]),
                expected=float(expected[place]),
                share=float(np.clip(share[place], 0.0, 1.0)),
            ),
            explains=float(explains[place]),
            surprise=float(surprise[place]),
        )
        for place in np.flatnonzero(chosen)
    ]


def ranked(found: Iterable[Suspect]) -> list[Suspect]:
    """Return the drivers, those that explain most first; of those that explain nearly as much, the narrowest."""
    left, order = list(found), []
    while left:
        best = max(one.explains for one in left)
        first = max((one for one in left if one.explains >= NEARLY * best), key=lambda one: one.surprise)
        order.append(first)
        left.remove(first)
    return order


def driven(spike: Spike, found: Iterable[Suspect], events: Sequence[Driver] = ()) -> Spike:
    """Return a spike with its drivers, events of the same hours last, and whether the first alone explains most."""
    order = ranked(found)[:MOST_DRIVERS]
    sole = bool(order) and order[0].explains > MOST
    return spike.model_copy(update={"drivers": (*(one.driver for one in order), *events), "sole": sole})


def _surprise(share: Floats, usual: Floats) -> Floats:
    """Return how surprising each share is beside the usual one, in nats an event (Kullback and Leibler)."""
    return _term(share, usual) + _term(1 - share, 1 - usual)


def _term(share: Floats, usual: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(share > 0, share * np.log(share / usual), 0.0)


def _deviations(surprise: Floats, whole: float, usual: Mix, unit: float) -> Floats:
    """Return by how many standard errors each share differs from the usual one.

    The root of Dunning's likelihood ratio (1993), which holds for rare parts, too; the usual share is itself only known
    from so many events, and strays from day to day.
    """
    known = usual.events * unit
    return np.sqrt(2 * np.maximum(surprise, 0.0) * whole * known / (whole + known) / usual.strayed)
