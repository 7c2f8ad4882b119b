"""Writes the videos of a world: hashtags in titles and descriptions, likes and comments that some owners hide."""

from random import Random

from monitor.demo.cast import LINES, STRANGERS, TYPED, said
from monitor.demo.life import Curve, Totals
from monitor.demo.plan import Plan, Trouble
from monitor.demo.rhythm import moments
from monitor.demo.toots import drawn
from monitor.demo.world import Author, Tagged, Video

PER_HOUR = 0.3
_HOUR = 3600.0
_ABOUT = 0.6  # of all videos; search shows the others, too
_LIKES_HIDDEN, _COMMENTS_OFF, _DELETED = 0.15, 0.1, 0.03  # of all
_FALLING = 0.5  # of all, when they are asked to


def videos(plan: Plan) -> list[Video]:
    """Return every video of the world, in the order of publication."""
    chance = Random(f"{plan.seed} videos")
    channels = [Author(number, "youtube", chance.randrange(100, 90_000)) for number in range(1, 41)]
    return [
        _video(plan, chance, number, created, chance.choice(channels))
        for number, created in enumerate(moments(plan, chance, PER_HOUR), start=1)
    ]


def _video(plan: Plan, chance: Random, number: int, created: int, channel: Author) -> Video:
    about = chance.random() < _ABOUT
    wanted = (drawn(chance, tuple(typed for typed in TYPED if typed.findable)),) if about else ()
    late = chance.random() < (0.3 if Trouble.LATE in plan.troubles else 0.1)
    since = min(created + (chance.uniform(1, 12) if late else chance.uniform(0.05, 0.5)) * _HOUR, plan.end.timestamp())
    falls = since + 132 * _HOUR if Trouble.FALLING in plan.troubles and chance.random() < _FALLING else None
    return Video(
        number=number,
        created=created,
        since=since,
        author=channel,
        tagged=Tagged(tuple(chance.sample(STRANGERS, chance.choice((0, 1, 2)))), wanted),
        text=said(chance.choice(LINES), number),
        curve=Curve(created, chance.uniform(4, 20) * _HOUR, falls),
        totals=_totals(chance),
        gone=since + 150 * _HOUR if chance.random() < _DELETED else None,
    )


def _totals(chance: Random) -> Totals:
    views = int(chance.lognormvariate(8.5, 1.2)) + 50
    told = Totals(impressions=views, likes=views // 30, replies=views // 200)
    told = told if chance.random() >= _LIKES_HIDDEN else told._replace(likes=None)
    return told if chance.random() >= _COMMENTS_OFF else told._replace(replies=None)
