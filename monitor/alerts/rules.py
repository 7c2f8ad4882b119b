"""The rules of alerts as the operator writes them: one table for each thing that can be watched."""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Literal

from pydantic import Field, model_validator

from monitor.model.finding import Way
from monitor.model.metric import Metric
from monitor.model.table import Record, Table
from monitor.trends.poll_alerts import Topic

Severity = Literal["info", "warning", "critical"]
Sensitivity = Literal["low", "medium", "high"]
Told = Literal["lead-change", "close-race", "closing", "closed", "decided", "changed", "flag"]
Counted = Literal["posts", "impressions", "articles"]

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
"""From what can wait to what can not."""

HOUSE = "*"
"""The scope of what belongs to no single campaign: sources and budgets, which campaigns share."""


class _Rule(Table):
    """What every rule has; `name` is what silences and the history call it, else its kind."""

    name: str | None = Field(default=None, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    severity: Severity = "warning"
    on: str

    @property
    def called(self) -> str:
        return self.name or self.on

    @property
    def condition(self) -> str:
        """A fingerprint of what it looks for: under another name, or more severe, it is still the same."""
        written = self.model_dump_json(exclude={"name", "severity"})
        return blake2b(written.encode(), digest_size=4).hexdigest()


class _Number(_Rule):
    metric: Counted = "posts"
    hashtag: str | None = Field(default=None, max_length=300)  # one of the campaign's or a spelling; none: all of it

    @property
    def what(self) -> Metric:
        return Metric(self.metric)


class Spike(_Number):
    """A number far above what is usual at this hour."""

    on: Literal["spike"]
    sensitivity: Sensitivity = "medium"


class Drop(_Number):
    """A number that falls silent where much is usual. Impressions are booked when they are told: they have none."""

    on: Literal["drop"]
    metric: Literal["posts", "articles"] = "posts"
    sensitivity: Sensitivity = "low"


class Threshold(_Number):
    """A number of the last `hours` that is `above` one limit or `below` another, whatever was usual."""

    on: Literal["threshold"]
    hours: int = Field(default=24, ge=1, le=168)
    above: float | None = Field(default=None, gt=0)
    below: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _has_a_limit(self) -> "Threshold":
        if (self.above is None) == (self.below is None):
            raise ValueError("needs one limit: write above = 1000, or below = 10")
        return self


class Poll(_Rule):
    """What happens in a naming poll."""

    on: Literal["poll"]
    severity: Severity = "info"
    topics: tuple[Told, ...] = ("lead-change", "close-race", "closing", "closed", "decided", "flag")
    margin_votes: int = Field(default=0, ge=0)  # a race is close while the lead is smaller
    margin_points: float = Field(default=1.0, ge=0.0, le=100.0)  # the same in points of percent

    def wants(self, topic: Topic) -> bool:
        return topic.value in self.topics


class FirstOutlet(_Rule):
    """The first article on a campaign, of any outlet or of one part of the world."""

    on: Literal["first-outlet"]
    severity: Severity = "info"
    region: Literal["any", "arab", "western"] = "any"


class Source(_Rule):
    """A source that is blind, or gives no answer for so long."""

    on: Literal["source"]
    silent_hours: float = Field(default=6.0, ge=0.25, le=720.0)


class Budget(_Rule):
    """An allowance of a platform that runs out before it is renewed."""

    on: Literal["budget"]
    hours_before: float = Field(default=24.0, ge=0.0, le=720.0)  # how early it is told


Number = Spike | Drop | Threshold
Rule = Annotated[Number | Poll | FirstOutlet | Source | Budget, Field(discriminator="on")]


class Stretch(Record):
    """A time in which a rule of numbers held: what was counted in it, and what it is measured by."""

    start: datetime
    end: datetime
    way: Way
    value: float
    against: float
