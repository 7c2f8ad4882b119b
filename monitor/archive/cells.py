"""Cells as rows of a table: how they stand in a partition, and what becomes of two versions of a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from monitor.archive.files import days_in, table_of
from monitor.model.metric import REPORTED
from monitor.store.beyond import Column, Epochs, Values

SCHEMA = pa.schema([
    ("metric", pa.dictionary(pa.int32(), pa.string())),
    ("subject", pa.dictionary(pa.int32(), pa.string())),
    ("platform", pa.dictionary(pa.int32(), pa.string())),
    ("start", pa.timestamp("ms", "UTC")),
    ("value", pa.float64()),
])  # fmt: skip
"""A row for each cell that is not zero; those of a day are sorted by metric, subject, platform and start."""

Samples = tuple[Column, Epochs, Values]
"""What one series has on one day."""

_NAMES = ("metric", "subject", "platform")
_KEYS = [*_NAMES, "start"]


def told(found: Sequence[Samples]) -> pd.DataFrame:
    """Return what was read of the store as rows, in order."""
    found = sorted(found, key=lambda one: (one[0][2], one[0][0], one[0][1]))
    lengths = [len(starts) for _, starts, _ in found]
    names = zip(*((str(metric), subject, platform) for (subject, platform, metric), _, _ in found), strict=True)
    series = list(names) or [(), (), ()]
    rows = {
        name: pd.Categorical(parts).repeat(lengths) if parts else pd.Categorical([])
        for name, parts in zip(_NAMES, series, strict=True)
    }
    starts = np.concatenate([np.empty(0, np.int64), *(starts for _, starts, _ in found)])
    values = np.concatenate([np.empty(0), *(values for _, _, values in found)])
    return pd.DataFrame({**rows, "start": pd.to_datetime(starts, unit="s", utc=True).as_unit("ms"), "value": values})


def higher(new: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Return both together: of each cell the higher value, but what others report as it was told last."""
    both = pd.concat([old, new], ignore_index=True).astype(dict.fromkeys(_NAMES, "category"))
    replaced = both["metric"].isin([str(metric) for metric in REPORTED])
    last = both[replaced].drop_duplicates(_KEYS, keep="last")
    most = both[~replaced].sort_values("value", kind="stable").drop_duplicates(_KEYS, keep="last")
    return pd.concat([most, last], ignore_index=True).sort_values(_KEYS)


def rows(path: Path, days: frozenset[date]) -> pd.DataFrame:
    """Return the cells of some days of a file."""
    frame: pd.DataFrame = table_of(path).to_pandas()
    found: pd.DataFrame = frame[frame["start"].dt.date.isin(days)]
    return found


def joined(held: Mapping[Path, frozenset[date]]) -> pa.Table:
    """Return the held days of some files below each other, each as it stood."""
    parts = [table_of(path) if days == days_in(path) else table(rows(path, days)) for path, days in held.items()]
    return pa.concat_tables(part.cast(SCHEMA) for part in parts).unify_dictionaries()


def table(frame: pd.DataFrame) -> pa.Table:
    """Return rows as they are written."""
    return pa.Table.from_pandas(frame, SCHEMA, preserve_index=False)
