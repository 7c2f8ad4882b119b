"""Writes what GDELT comes upon in a world: hours later what the two outlets wrote, and the articles of others."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random

from monitor.demo.cast import ELSEWHERE, HEADLINES, OUTLETS, SOAP
from monitor.demo.plan import Plan
from monitor.demo.rhythm import surge
from monitor.demo.world import Clipping, Story

OTHERS = (
    ("ar", "minaa.example", "Jordan"),
    ("en", "northern-post.example", "Canada"),
    ("en", "isles.example", "Ireland"),
)
"""Outlets that nobody reads but GDELT: language, host, country."""

QUARTER = 900  # seconds
LANGUAGES = {"ar": "Arabic", "en": "English"}
_HOMES = {"ar": "Egypt", "en": "United Kingdom"}
_HOUR = 3600.0
_AFTER_THE_FEED = (5.0, 9.0)  # hours: whoever reads the feed has the article first
_PASSING = 0.1  # of the articles on other matters


def clippings(plan: Plan, stories: Mapping[str, Sequence[Story]]) -> list[Clipping]:
    """Return everything that GDELT lists, in the order in which it came upon it."""
    chance = Random(f"{plan.seed} clippings")
    found = [_found(chance, story) for written in stories.values() for story in written]
    found += (_written(chance, *one) for one in _others(plan, chance))
    return sorted(found, key=lambda clipping: clipping.seen)


def _found(chance: Random, story: Story) -> Clipping:
    host = OUTLETS[story.language][1]
    link = f"https://{host}.example/articles/{story.number}"
    return _clipping(chance, link, story.since + chance.uniform(*_AFTER_THE_FEED) * _HOUR, story)


def _written(chance: Random, number: int, moment: int, outlet: tuple[str, str, str]) -> Clipping:
    language, host, _ = outlet
    about = moment % 2 == 0
    title = chance.choice((HEADLINES if about else ELSEWHERE)[language])
    story = Story(number, moment, moment, title, language, about)
    return _clipping(chance, f"https://{host}/{number}.html", moment, story)


def _clipping(chance: Random, link: str, seen: float, story: Story) -> Clipping:
    host = link.split("/")[2]
    return Clipping(
        link=link,
        seen=int(seen),
        listed=seen + chance.uniform(5, 40) * 60,
        title=story.title,
        language=LANGUAGES[story.language],
        country={host: country for _, host, country in OTHERS}.get(host, _HOMES[story.language]),
        about=story.about,
        passing=not story.about and SOAP not in story.title and chance.random() < _PASSING,
    )


def _others(plan: Plan, chance: Random) -> Iterator[tuple[int, int, tuple[str, str, str]]]:
    """Yield a number, a moment and an outlet for each article of the others."""
    for hour in range(plan.days * 24):
        begin = int((plan.start + timedelta(hours=hour)).timestamp())
        for place, outlet in enumerate(OTHERS):
            if chance.random() < (0.8 if surge(plan, hour) > 1 else 0.15):
                yield hour * len(OTHERS) + place, begin + chance.randrange(3600), outlet


def monitored(start: float, end: float) -> int:
    """Return how many articles GDELT looks through from a quarter of an hour on: another number for each quarter."""
    return sum(200 + cell // QUARTER * 7919 % 1800 for cell in range(int(start), int(end), QUARTER))
