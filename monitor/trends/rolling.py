"""Sums over the rows before each row, of whole tables at once: what makes the detector fast."""

import numpy as np


def sums(values: np.ndarray) -> np.ndarray:
    """Return the running sums of a table (rows x series), with a row of zeros before the first."""
    total = np.zeros((len(values) + 1, *values.shape[1:]))
    np.cumsum(values, axis=0, out=total[1:])
    return total


def trailing(total: np.ndarray, rows: int, *, lag: int = 0) -> np.ndarray:
    """Return for each row the sum of `rows` rows, of which the last lies `lag` rows before it (0: itself)."""
    last = len(total) - 1
    ends = np.arange(1, last + 1) - lag
    return total[ends.clip(0)] - total[(ends - rows).clip(0)]


def around(total: np.ndarray, half: int) -> np.ndarray:
    """Return for each row the mean of it and `half` rows to each side."""
    last = len(total) - 1
    here = np.arange(last)
    return (total[(here + half + 1).clip(max=last)] - total[(here - half).clip(0)]) / (2 * half + 1)


def comb(values: np.ndarray, lag: int, times: int) -> np.ndarray:
    """Return for each row the sum of the rows that lie `lag`, 2 x `lag` ... `times` x `lag` rows before it."""
    found = np.zeros_like(values)
    for back in range(lag, min(lag * times, len(values) - 1) + 1, lag):
        found[back:] += values[:-back]
    return found
