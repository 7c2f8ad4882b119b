"""What a number means can change: the moment from which on a platform counts otherwise."""

from typing import Literal

from pydantic import AwareDatetime, Field

from monitor.model.metric import Metric, stored
from monitor.model.table import Table


class Break(Table):
    """From `at` on a platform counts a number in another way, in short `what`: nothing is compared across it."""

    platform: str = Field(min_length=1)
    number: Literal["posts", "impressions", "engagement", "potential_reach", "articles"]
    at: AwareDatetime
    what: str = Field(min_length=1, max_length=200)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The stored series that it parts."""
        return _STORED.get(self.number) or stored(self.number)


_STORED = {
    "impressions": (Metric.IMPRESSIONS, Metric.MEASURED_POSTS, Metric.ROUNDING),
    "potential_reach": (Metric.POTENTIAL_LOW, Metric.POTENTIAL_HIGH),
}
