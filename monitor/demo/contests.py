"""Writes the naming polls of a world: every week eight names, voted on in a channel and on a page, with every vote.

A poll opens on Tuesday evening and closes on Wednesday at midnight. In the first week, and every other one after it,
the name that leads is overtaken by day; in the weeks between, the last two hours decide.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from monitor.demo.plan import ZONE, Plan
from monitor.demo.rhythm import FRIDAY, level
from monitor.demo.world import Contest

CHANNEL, PAGE = "friday_names", "ballot"
"""Where people vote: a channel that shows whole percents, and a page that shows every vote."""

VOTES: Final = {CHANNEL: 9_400, PAGE: 5_400}
OPTIONS: Final = 8
QUESTION: Final = "ما اسم الجمعة القادمة؟"

NAMES: Final = (
    "كسر القيود",
    "نور الساحات",
    "جدار الصبر",
    "فجر المدن",
    "عهد الشوارع",
    "صوت النوافذ",
    "خبز الكرامة",
    "ماء الحارات",
    "ورد الجسور",
    "سقف البيت",
    "نبض الحقول",
    "طريق العودة",
    "شموع الليل",
    "مفاتيح البيوت",
    "حق النوم",
    "غيم وقمح",
    "ظل الزيتون",
    "درب الياسمين",
    "حبر الدفاتر",
    "موج الصباح",
)
"""All invented; one that has won is not put to the vote again."""

Weight = Callable[[float], float]
"""How much of a name's votes comes in an hour of the poll, beside what is usual at that time of day."""

_OPENS = timedelta(days=-3, hours=18)  # before midnight of the Friday: Tuesday at six in the evening
_CLOSES = timedelta(days=-1)  # Wednesday's midnight
_FIRST, _SECOND, _OTHERS = 0.29, 0.23, (0.11, 0.09, 0.08, 0.08, 0.07, 0.05)  # of all votes: who wins, who led, the rest
_FRIENDS = 60  # votes that whoever leads at first has before others hear of the poll
_HEARD = 600  # seconds until they do
_NIGHT, _LATE = 12.0, 28.0  # hours of the poll: when the first night is over, when the late surge begins


def contests(plan: Plan) -> Mapping[str, Sequence[Contest]]:
    """Return the naming polls of each place that open within a world, oldest first."""
    chance = Random(f"{plan.seed} contests")
    found: dict[str, list[Contest]] = {place: [] for place in VOTES}
    won = set[str]()
    for number, friday in enumerate(_fridays(plan)):
        names = chance.sample([name for name in NAMES if name not in won], OPTIONS)
        won.add(names[0])
        week = _Week(number, friday, tuple(names), tuple(chance.sample(names, OPTIONS)))
        for place, polls in found.items():
            polls.append(_contest(plan, place, week))
    return found


@dataclass(frozen=True, slots=True)
class _Week:
    """A Friday and the names for it: the winner, then who leads first, then the others; `shown` is their order."""

    number: int
    friday: datetime
    names: tuple[str, ...]
    shown: tuple[str, ...]


def over(plan: Plan) -> datetime:
    """Return when all polls of a world have been over for more than a day: whoever looks at them is done."""
    return max((friday + _CLOSES + timedelta(hours=25) for friday in _fridays(plan)), default=plan.start)


def _fridays(plan: Plan) -> Iterator[datetime]:
    """Yield midnight of each Friday whose poll opens within the world."""
    day = plan.start.astimezone(ZoneInfo(ZONE)).date()
    day += timedelta(days=(FRIDAY - day.weekday()) % 7)
    while (midnight := datetime.combine(day, time(), ZoneInfo(ZONE))) + _OPENS < plan.end:
        if midnight + _OPENS >= plan.start:
            yield midnight
        day += timedelta(days=7)


def _contest(plan: Plan, place: str, week: _Week) -> Contest:
    chance = Random(f"{plan.seed} votes {place} {week.number}")
    opens, closes = ((week.friday + moment).timestamp() for moment in (_OPENS, _CLOSES))
    usual = _usual(plan, opens, closes)
    kind = week.number % len(_WEEKS)
    weights = (*_WEEKS[kind], *[_evenly] * len(_OTHERS))
    cast: dict[str, tuple[int, ...]] = {}
    for name, share, weight in zip(week.names, (_FIRST, _SECOND, *_OTHERS), weights, strict=True):
        count = round(VOTES[place] * share * chance.uniform(0.99, 1.01))
        votes = _votes(chance, usual, weight, count)
        friends = (chance.uniform(30, _HEARD) for _ in range(_FRIENDS if name == week.names[1] else 0))
        cast[name] = tuple(sorted(int(opens + since) for since in (*friends, *votes)))
    shown = tuple(cast[name] for name in week.shown)
    return Contest(week.friday.date(), int(opens), int(closes), QUESTION, week.shown, shown)


def _usual(plan: Plan, opens: float, closes: float) -> list[float]:
    """Return how much is said in each hour of a poll: people vote when they are awake."""
    begin = int((opens - plan.start.timestamp()) // 3600)
    return [level(plan, begin + hour) for hour in range(int((closes - opens) // 3600))]


def _votes(chance: Random, usual: Sequence[float], weight: Weight, count: int) -> Iterator[float]:
    """Yield when so many votes are cast, in seconds since the opening; nobody has heard of it in its first minutes."""
    bounds = list(accumulate(much * weight(hour) for hour, much in enumerate(usual)))
    for hour in chance.choices(range(len(usual)), cum_weights=bounds, k=count):
        begin = _HEARD if hour == 0 else 0
        yield hour * 3600 + chance.uniform(begin, 3600)


def _evenly(_hour: float) -> float:
    return 1.0


def _by_night(hour: float) -> float:
    return 4.0 if hour < _NIGHT else 0.6


def _by_day(hour: float) -> float:
    return 0.3 if hour < _NIGHT else 1.5


def _at_last(hour: float) -> float:
    return 14.0 if hour >= _LATE else 1.0


_WEEKS: Sequence[tuple[Weight, Weight]] = ((_by_day, _by_night), (_at_last, _evenly))
"""When the winner and whom it overtakes get their votes, week by week in turn."""
