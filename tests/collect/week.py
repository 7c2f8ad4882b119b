"""A week's poll, looks at it, and where its cycle stands after them."""

from datetime import date, datetime, timedelta
from typing import Any

from monitor.collect.cycle import advanced, awaited
from monitor.model.poll import Poll, State, Tally, Weekly
from monitor.model.race import Cycle
from monitor.model.words import Phrase
from tests.trends.polls import CLOSES, tally

DAY = date(2012, 4, 13)
POLL = Poll("friday", "Asia/Damascus", opens=Weekly(1, 18), closes=Weekly(2, 24), questions=(Phrase("اسم الجمعة"),))
QUESTION = "ما اسم الجمعة القادمة؟"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def seen(hours: float, a: int = 30, b: int = 20, **fields: Any) -> Tally:
    return tally(hours, {"الغضب": a, "الصمود": b}, **{"closes_at": CLOSES, "state": State.OPEN, **fields})


def stood(*tallies: Tally, now: datetime | None = None, cycle: Cycle | None = None) -> Cycle:
    return advanced(cycle or awaited(POLL, DAY), POLL, tallies, now or tallies[-1].at)


def stood_empty(now: datetime) -> Cycle:
    return advanced(awaited(POLL, DAY), POLL, [], now)
