"""One week's naming poll as a brief tells it."""

from datetime import datetime

from monitor.model.friday import FridayReport
from monitor.model.race import Cycle
from monitor.model.table import Record


class Course(Record):
    """One option's share (0 to 1) of all votes at each look; None where it was not told."""

    key: str
    label: str
    points: tuple[tuple[datetime, float | None], ...]


class PollWeek(Record):
    """How a week's poll stands at its last look, and how it came there.

    The cycle holds every flag, and the other events of the brief's window. `opens_at` is when it usually opens;
    `friday` tells what became of the name that won.
    """

    cycle: Cycle
    opens_at: datetime
    courses: tuple[Course, ...] = ()
    friday: FridayReport | None = None

    @property
    def picture(self) -> str:
        """What its chart is called."""
        return f"poll-{self.cycle.poll}"
