"""Which of many surprising cells are told: one event makes one alert, and a second when it grew out of proportion."""

import numpy as np

from monitor.trends.grid import Grid
from monitor.trends.rule import Rule
from monitor.trends.surprise import Surprise


def fired(found: Surprise, grid: Grid, rule: Rule, unit: float = 1.0) -> np.ndarray:
    """Return at which cells there is something to tell: far above the usual, and enough of it."""
    hours = max(1.0, grid.step / 3600)
    enough = found.hour_seen >= rule.least * unit * hours
    much = enough & (found.hour_seen >= rule.times * found.hour_expected)
    return much & (found.score >= rule.threshold)


def alerts(firing: np.ndarray, excess: np.ndarray, grid: Grid, rule: Rule) -> np.ndarray:
    """Return the cells that make an alert; `excess` is by how much each lies above the usual."""
    cool = rule.cool.total_seconds() / grid.step
    told = np.zeros(len(firing), bool)
    last, size, escalated = -np.inf, 0.0, False
    for place in np.flatnonzero(firing):
        grown = not escalated and excess[place] >= rule.again * size
        if place - last < cool and not grown:
            continue
        escalated = place - last < cool
        told[place] = True
        last, size = place, excess[place]
    return told


def runs(places: np.ndarray, lull: int) -> list[np.ndarray]:
    """Return neighbouring places in groups; `lull` places may lie between two of a group."""
    if not len(places):
        return []
    return np.split(places, np.flatnonzero(np.diff(places) > lull + 1) + 1)
