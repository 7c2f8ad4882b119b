"""One line of the table at the end of a demo."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A number of the world, and the same number of the store at the three resolutions; None: nothing is stored.

    A `detail` is one of many of its kind: a spelling's posts, or how many cells hold what they should. Those and what
    others count have one value. Of what a place tells within `bounds` only, the two are stored.
    """

    metric: str
    true: int
    stored: tuple[int | None, ...]
    detail: bool = False
    bounds: bool = False

    @property
    def equal(self) -> bool:
        if not self.bounds:
            return all(value == self.true for value in self.stored)
        low, high = self.stored
        return low is not None and high is not None and low <= self.true <= high
