"""Writes the Bluesky posts of a world: some with tags outside the text, some from clocks that go wrong, and noise."""

from random import Random

from monitor.demo.cast import LINES, STRANGERS, TYPED, said
from monitor.demo.life import Curve
from monitor.demo.plan import Plan, Trouble
from monitor.demo.rhythm import moments
from monitor.demo.stirs import stirred
from monitor.demo.toots import drawn, totals
from monitor.demo.world import Author, Skeet, Tagged

PER_HOUR = 3.0
ABOUT = 0.6  # of all posts: the others are somebody else's
OLDER = 40  # posts from before the world begins, on other matters
_HOUR = 3600.0
_TWO_TAGS, _HIDDEN, _NAMED, _DELETED = 0.15, 0.08, 0.1, 0.03  # of those it can happen to
_AHEAD = 0.01  # of all authors' clocks are wrong
_FALLING = 0.5  # of all, when they are asked to


def skeets(plan: Plan) -> list[Skeet]:
    """Return every Bluesky post of the world, in the order in which the network hears of them."""
    chance = Random(f"{plan.seed} skeets")
    authors = [
        Author(number, "bsky.example", min(int(chance.paretovariate(0.9) * 20), 90_000)) for number in range(1, 301)
    ]
    begin = int(plan.start.timestamp())
    before = (begin - chance.randrange(3600, 40 * 86400) for _ in range(OLDER))
    made = [
        _skeet(plan, chance, number, created, chance.choice(authors))
        for number, created in enumerate((*before, *moments(plan, chance, PER_HOUR)), start=1)
    ]

    def write(dice: Random, number: int, created: int) -> Skeet:
        return _skeet(plan, dice, number, created, dice.choice(authors))

    return sorted(stirred(plan, "bluesky", made, write), key=lambda skeet: skeet.heard)


def _skeet(plan: Plan, chance: Random, number: int, moment: int, author: Author) -> Skeet:
    about = chance.random() < ABOUT and moment >= plan.start.timestamp()
    tags = _tagged(chance) if about else Tagged(tuple(chance.sample(STRANGERS, chance.choice((0, 1, 2)))), ())
    heard, created = _heard(plan, chance, moment), moment
    if chance.random() < _AHEAD:
        created = int(heard + chance.uniform(2, 30) * _HOUR)
    falls = heard + 132 * _HOUR if Trouble.FALLING in plan.troubles and chance.random() < _FALLING else None
    return Skeet(
        number=number,
        created=created,
        heard=heard,
        author=author,
        tagged=tags,
        text=said(chance.choice(LINES), number),
        curve=Curve(min(created, int(heard)), chance.uniform(1, 14) * _HOUR, falls),
        totals=totals(chance),
        hidden=len(tags.at(heard)) if about and chance.random() < _HIDDEN else 0,
        named="" if about or chance.random() >= _NAMED else TYPED[0].text,
        gone=heard + chance.uniform(144, 200) * _HOUR if chance.random() < _DELETED else None,
    )


def _tagged(chance: Random) -> Tagged:
    """Return the tags of a post about the campaign; whoever listens to everything finds those nobody asks for, too."""
    first = tuple(chance.sample(STRANGERS, chance.choice((0, 0, 1, 2))))
    wanted = [drawn(chance, TYPED)]
    if chance.random() < _TWO_TAGS:
        wanted.append(drawn(chance, tuple(typed for typed in TYPED if typed is not wanted[0])))
    return Tagged(first, tuple(wanted))


def _heard(plan: Plan, chance: Random, created: int) -> float:
    """Return when the network has a post: within two seconds, or hours later (a bridge, a phone without a net)."""
    rare, longest = (0.08, 20) if Trouble.LATE in plan.troubles else (0.02, 10)
    late = chance.random() < rare
    return min(created + (chance.uniform(0.5, longest) * _HOUR if late else chance.uniform(0.2, 2)), _last(plan))


def _last(plan: Plan) -> float:
    return plan.end.timestamp() - 1
