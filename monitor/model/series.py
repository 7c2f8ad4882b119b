"""A frame: many series on one regular grid, with a mask that tells what is known. Missing is not zero."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.model.window import Resolution, Window

pd.options.mode.string_storage = "python"  # the few names of a frame take longer and more memory as Arrow arrays


@dataclass(frozen=True)
class Frame:
    """Series of one campaign side by side.

    `values`: one row per cell (UTC start; local midnights for days), one column per (subject, platform, metric), float,
    zero where nothing was stored. `known`: the same rows, one boolean column per platform: whether that platform was
    watched in that cell. `gapped` joins them: NaN wherever we were blind. `kept`: which cells anybody still keeps, None
    for all of them; a cell that is not kept is not known either, and what there is of it a lower bound.
    """

    window: Window
    resolution: Resolution
    zone: str
    values: pd.DataFrame
    known: pd.DataFrame
    kept: npt.NDArray[np.bool_] | None = None

    @property
    def is_kept(self) -> npt.NDArray[np.bool_]:
        """Which cells anybody still keeps, one for each row."""
        return np.full(len(self.known), fill_value=True) if self.kept is None else self.kept

    @cached_property
    def places(self) -> dict[tuple[str, str, str], int]:
        """In which column of `numbers` a subject's metric of a platform stands."""
        columns: list[tuple[str, str, str]] = self.values.columns.to_list()  # type: ignore[assignment]
        return {column: place for place, column in enumerate(columns)}

    @cached_property
    def numbers(self) -> npt.NDArray[np.float64]:
        """The values as one array."""
        return self.values.to_numpy(dtype=float)

    @property
    def gapped(self) -> pd.DataFrame:
        """The values with a NaN in every cell whose platform was not watched."""
        platforms = self.values.columns.get_level_values("platform")
        mask = self.known.reindex(columns=platforms, fill_value=False).to_numpy()
        return self.values.where(mask)

    def within(self, window: Window) -> "Frame":
        """Return the cells that start inside `window`."""
        inside = (self.values.index >= window.start) & (self.values.index < window.end)
        kept = None if self.kept is None else self.kept[inside]
        return Frame(window, self.resolution, self.zone, self.values[inside], self.known[inside], kept)


COLUMNS = ["subject", "platform", "metric"]
