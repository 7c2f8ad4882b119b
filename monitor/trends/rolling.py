"""Sums over the rows before each row, of whole tables at once: what makes the detector fast."""

import numpy as np


def sums(values: np.ndarray) -> np.ndarray:
    """Return the running sums of a table (rows x series), with a row of zeros before the first."""
    total = np.zeros((len(values) + 1, *values.shape[1:]))
    np.cumsum(values, axis=0, out=total[1:])
    return total


def trailing(total: np.ndarray, rows: int, *, lag: int = 0) -> np.ndarray:
    """Return for each row the sum of `rows` rows, of which the last lies `lag` rows before it (0: itself)."""
    count = len(total) - 1
    found = np.zeros((count, *total.shape[1:]))
    if lag <= count:
        found[max(lag - 1, 0) :] = total[max(1 - lag, 0) : count + 1 - lag]
    if lag + rows <= count:
        found[lag + rows :] -= total[1 : count + 1 - lag - rows]
    return found


def around(total: np.ndarray, half: int) -> np.ndarray:
    """Return for each row the mean of it and `half` rows to each side."""
    last = len(total) - 1
    here = np.arange(last)
    near: np.ndarray = total[(here + half + 1).clip(max=last)] - total[(here - half).clip(0)]
    return near / (2 * half + 1)


def comb(values: np.ndarray, lag: int, times: int) -> np.ndarray:
    """Return for each row the sum of the rows that lie `lag`, 2 x `lag` ... `times` x `lag` rows before it."""
    turns = -(-len(values) // lag)
    padded = np.zeros((turns * lag, *values.shape[1:]))
    padded[: len(values)] = values
    total = sums(padded.reshape(turns, lag, *values.shape[1:]))
    here = np.arange(turns)
    found: np.ndarray = total[here] - total[(here - times).clip(0)]
    return found.reshape(padded.shape)[: len(values)]
