"""Writes the articles of the two outlets of a world."""

from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from monitor.demo.cast import ELSEWHERE, HEADLINES
from monitor.demo.plan import ZONE, Plan, Trouble
from monitor.demo.rhythm import surge
from monitor.demo.world import Story

_HOUR = 3600.0
_MORNING = 6  # o'clock: newsrooms sleep, too
_CORRECTED = 0.1  # of all headlines


def stories(plan: Plan, language: str) -> list[Story]:
    """Return every article of the outlet that writes in `language`, in the order in which the feed takes them up."""
    chance = Random(f"{plan.seed} stories {language}")
    made: list[Story] = []
    for hour in range(plan.days * 24):
        begin = plan.start + timedelta(hours=hour)
        likely = 0.25 if begin.astimezone(ZoneInfo(ZONE)).hour < _MORNING else 1.1
        about = 0.8 if surge(plan, hour) > 1 else 0.15
        count = int(likely) + (chance.random() < likely % 1)
        for published in sorted(int(begin.timestamp()) + chance.randrange(3600) for _ in range(count)):
            made.append(_story(plan, chance, len(made) + 1, published, (language, chance.random() < about)))
    return sorted(made, key=lambda story: story.since)


def _story(plan: Plan, chance: Random, number: int, published: int, about: tuple[str, bool]) -> Story:
    language, names = about
    late = chance.random() < (0.2 if Trouble.LATE in plan.troubles else 0.05)
    since = published + (chance.uniform(0.5, 5) if late else chance.uniform(0, 0.1)) * _HOUR
    since = min(since, plan.end.timestamp())
    return Story(
        number=number,
        published=published,
        since=since,
        title=chance.choice((HEADLINES if names else ELSEWHERE)[language]),
        language=language,
        about=names,
        corrected=since + chance.uniform(0.5, 6) * _HOUR if chance.random() < _CORRECTED else None,
    )
