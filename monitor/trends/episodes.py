"""Which of many surprising cells are told: one event makes one alert, and a second when it grew out of proportion."""

from enum import IntEnum

import numpy as np

from monitor.trends.grid import HOUR, Grid
from monitor.trends.rule import Rule
from monitor.trends.surprise import Surprise

LOUD = 2.0  # spreads of an hour that is a part of a surge


class Alert(IntEnum):
    """What people are told at a cell."""

    NONE = 0
    FIRST = 1
    AGAIN = 2


def surging(found: Surprise, grid: Grid, rule: Rule) -> np.ndarray:
    """Return at which cells a surge is news: far above the usual, and enough of it."""
    news: np.ndarray = _much(found, grid, rule) & (found.score >= rule.threshold)
    return news


def loud(found: Surprise, grid: Grid, rule: Rule) -> np.ndarray:
    """Return which cells are a part of a surge, if there is one."""
    seen, due = found.hour
    part: np.ndarray = (seen >= rule.times * due) & (seen - due >= LOUD * found.spreads[1])
    part |= surging(found, grid, rule)
    return part


def silent(found: Surprise, rule: Rule) -> np.ndarray:
    """Return at which cells silence is news: much was due, and next to nothing came."""
    seen, _ = found.lasting
    nothing: np.ndarray = (found.least >= rule.silent) & (seen <= rule.still * found.least)
    nothing &= found.score <= -rule.threshold
    return nothing


def still(found: Surprise, rule: Rule) -> np.ndarray:
    """Return which cells are a part of a silence, if there is one."""
    seen, due = found.hour
    return silent(found, rule) | (seen <= rule.still * due)


def alerts(firing: np.ndarray, excess: np.ndarray, grid: Grid, rule: Rule) -> np.ndarray:
    """Return what is told at each cell; `excess` is by how much it lies above the usual, or below it."""
    told = np.full(len(firing), Alert.NONE)
    cool = rule.cool.total_seconds() / grid.step
    last, size = -np.inf, np.inf
    for place in map(int, np.flatnonzero(firing)):
        if place - last >= cool:
            told[place] = Alert.FIRST
            last, size = place, float(excess[place])
        elif excess[place] >= rule.again * size:
            told[place] = Alert.AGAIN
            last, size = place, np.inf  # there is no third
    return told


def runs(places: np.ndarray, lull: int) -> list[np.ndarray]:
    """Return neighbouring places in groups; `lull` places may lie between two of a group."""
    if not len(places):
        return []
    return np.split(places, np.flatnonzero(np.diff(places) > lull + 1) + 1)


def _much(found: Surprise, grid: Grid, rule: Rule) -> np.ndarray:
    seen, due = found.hour
    return (seen >= rule.least * max(1.0, grid.step / HOUR)) & (seen >= rule.times * due)
