"""When something is a spike: one value with every number that decides it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

SENSITIVITIES = ("low", "medium", "high")


@dataclass(frozen=True)
class Rule:
    """When a number is so far from what is usual that people should be told.

    `threshold`: the score that is needed. `least`: fewer events in an hour are no news, however quiet it was before.
    `times`: less than half as much again is no news either, however steady it was. `posts`: impressions of fewer
    posts than this are one post's luck, or the moment at which it was asked again. `lull`: a calm as long as this
    does not end a spike. `cool`: after an alert there is no second one for so long, unless the excess over the usual
    grows to `again` times what it was then. `silent`: so many events must have been due for silence to be news.
    """

    threshold: float = 3.5
    least: int = 10
    times: float = 1.5
    posts: int = 3
    lull: timedelta = timedelta(hours=3)
    cool: timedelta = timedelta(hours=24)
    again: float = 4.0
    silent: int = 60

    @classmethod
    def of(cls, sensitivity: str) -> Self:
        """Return the rule of a sensitivity: low, medium or high."""
        return replace(cls(), threshold=_THRESHOLDS[sensitivity])


_THRESHOLDS = {"low": 5.0, "medium": 3.5, "high": 2.5}

RULE = Rule()
