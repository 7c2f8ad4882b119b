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


def alerts(firing: np.ndarray, part: np.ndarray, excess: np.ndarray, grid: Grid, rule: Rule) -> np.ndarray:
    """Return what is told at each cell; `part` are the cells of events, `excess` by how much each is off the usual.

    However long an event lasts it is told once, and again only when it grew; not while its first hour fills up.
    """
    told = np.full(len(firing), Alert.NONE)
    cool = rule.cool.total_seconds() / grid.step
    events = _numbered(firing | part, round(rule.lull.total_seconds() / grid.step))
    last, size, known = -np.inf, np.inf, 0
    for place in map(int, np.flatnonzero(firing)):
        if place - last >= cool and events[place] != known:
            told[place] = Alert.FIRST
            last, size, known = place, float(excess[place]), events[place]
        elif place - last < grid.rows(HOUR):
            size = max(size, float(excess[place]))
        elif excess[place] >= rule.again * size:
            told[place] = Alert.AGAIN
            last, size, known = place, np.inf, events[place]  # there is no third
    return told


def _numbered(part: np.ndarray, lull: int) -> np.ndarray:
    """Return at each cell of an event its number, from 1; elsewhere 0."""
    numbers = np.zeros(len(part), int)
    for number, places in enumerate(runs(np.flatnonzero(part), lull), 1):
        numbers[places] = number
    return numbers


def runs(places: np.ndarray, lull: int) -> list[np.ndarray]:
    """Return neighbouring places in groups; `lull` places may lie between two of a group."""
    if not len(places):
        return []
    return np.split(places, np.flatnonzero(np.diff(places) > lull + 1) + 1)


def _much(found: Surprise, grid: Grid, rule: Rule) -> np.ndarray:
    seen, due = found.hour
    return (seen >= rule.least * max(1.0, grid.step / HOUR)) & (seen >= rule.times * due)
