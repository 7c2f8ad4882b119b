"""When something is a spike: one value with every number that decides it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self


@dataclass(frozen=True)
class Rule:
    """When a number is so far from what is usual that people should be told.

    `threshold`: the score that is needed. `least`: fewer events in an hour are no news, however quiet it was before.
    `times`: less than half as much again is no news either, however steady it was. `posts`: impressions of fewer
    posts than this are one post's luck, or the moment at which it was asked again. `lull`: a calm as long as this
    does not end a spike. `cool`: after an alert there is no second one for so long, unless the excess over the usual
    grows to `again` times what it was then. Silence is news when `silent` events were due in three hours, and
    not more than `still` of them came.
    """

    threshold: float = 4.5
    least: int = 10
    times: float = 1.5
    posts: int = 3
    lull: timedelta = timedelta(hours=3)
    cool: timedelta = timedelta(hours=24)
    again: float = 8.0
    silent: int = 60
    still: float = 0.1

    @classmethod
    def of(cls, sensitivity: str) -> Self:
        """Return the rule of a sensitivity, one of SENSITIVITIES."""
        return replace(cls(), threshold=SENSITIVITIES[sensitivity])


SENSITIVITIES = {"low": 6.5, "medium": Rule.threshold, "high": 3.6}
"""The score that is needed (docs/methods.md: how many alerts a month that makes)."""

RULE = Rule()
