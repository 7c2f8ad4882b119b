"""From a poll to the street: from its Friday on people post the name that won as a hashtag, a few a name that lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from monitor.demo.contests import PAGE
from monitor.demo.plan import ZONE, Plan
from monitor.demo.world import Contest, Message, Named, Skeet, Story, Tagged, Toot, Tweet

Post = TypeVar("Post", Toot, Skeet, Tweet, Message)

_DAY = 86_400
_FOR = 4 * _DAY
_ON_FRIDAY = 0.5  # of all posts carry the name then; it halves every day
_ALONE = 0.6  # of those carry no other tag of the campaign
_LOSERS = 0.03
_WAYS = (5, 3, 2)  # how often a name is typed in each of its ways
_NOON = 12 * 3600


@dataclass(frozen=True, slots=True)
class Friday:
    """A day that has a name: its midnight, the name that won, and those that lost."""

    begins: float
    winner: str
    losers: tuple[str, ...]


def fridays(contests: Mapping[str, Sequence[Contest]]) -> list[Friday]:
    """Return the Fridays that the polls of a world name; the same name wins at every place."""
    polls = contests.get(PAGE, ())
    return [_friday(contest.day, contest) for contest in polls if contest.day is not None]


def _friday(day: date, contest: Contest) -> Friday:
    midnight = datetime.combine(day, time(), ZoneInfo(ZONE))
    losers = tuple(name for name in contest.names if name != contest.winner)
    return Friday(midnight.timestamp(), contest.winner, losers)


def ways(name: str) -> tuple[str, str, str]:
    """Return how people type a name: with its day, without it, and with heh for teh marbuta."""
    whole = f"جمعة {name}".replace(" ", "_")
    return whole, name.replace(" ", "_"), whole.replace("ة", "ه")


def named(
    plan: Plan, named_days: Sequence[Friday], posts: Sequence[Post], moment: Callable[[Post], float]
) -> list[Post]:
    """Return the posts as they are once Fridays have names; `moment` is when one counts as posted."""
    chance = Random(f"{plan.seed} street {len(posts)}")
    return [_named(chance, _day_of(named_days, moment(post)), post, moment(post)) for post in posts]


def headlined(named_days: Sequence[Friday], stories: Sequence[Story]) -> list[Story]:
    """Return an outlet's articles; the first one on the afternoon of a day that has a name prints it."""
    told = list(stories)
    for day in named_days:
        noon = day.begins + _NOON
        found = [place for place, story in enumerate(told) if 0 <= story.published - noon < _DAY]
        if found:
            first = min(found, key=lambda place: told[place].published)
            told[first] = replace(told[first], title=f"الآلاف في ساحات حلب في «جمعة {day.winner}»", about=True)
    return told


def _day_of(named_days: Sequence[Friday], moment: float) -> Friday | None:
    return next((day for day in named_days if 0 <= moment - day.begins < _FOR), None)


def _named(chance: Random, day: Friday | None, post: Post, moment: float) -> Post:
    likely = 0.0 if day is None else _ON_FRIDAY * 0.5 ** ((moment - day.begins) / _DAY)
    drawn = chance.random()
    if day is None or getattr(post, "service", False) or getattr(post, "original", None):
        return post
    tagged = post.tagged
    if drawn < likely:
        text = chance.choices(ways(day.winner), _WAYS)[0]
        typed = () if chance.random() < _ALONE else tagged.typed
        return replace(post, tagged=_with(replace(tagged, typed=typed), text, day.winner, won=True))
    if drawn > 1 - _LOSERS and tagged.typed:
        loser = chance.choice(day.losers)
        return replace(post, tagged=_with(tagged, ways(loser)[0], loser, won=False))
    return post


def _with(tagged: Tagged, text: str, name: str, *, won: bool) -> Tagged:
    return replace(tagged, names=(Named(text, name, won),))
