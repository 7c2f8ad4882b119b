"""Writes the messages of the Telegram channels of a world, most of them about other things."""

from random import Random

from monitor.demo.cast import LINES, STRANGERS, TYPED, said
from monitor.demo.life import Curve
from monitor.demo.plan import Plan, Trouble
from monitor.demo.rhythm import moments
from monitor.demo.toots import drawn
from monitor.demo.world import Message, Tagged

CHANNELS = {"window_of_the_north": (0.5, 0.6), "saha_news": (0.5, 0.25)}
"""By channel: messages in an average hour, and which part of them is about the campaign."""

MOST_READ = "window_of_the_north"
OLDER = 45  # messages before the world begins, on other matters
_HOUR = 3600.0
_SERVICE, _UNCOUNTED, _FORWARDED, _ALBUM = 0.02, 0.03, 0.05, 0.1  # which part of the messages is of this kind
_TWO_TAGS, _EDITED = 0.2, 0.05  # of those about the campaign
_SHY = 0.3  # get no reactions
_FALLING = 0.5  # of all, when they are asked to


def messages(plan: Plan, channel: str) -> list[Message]:
    """Return every message of a channel, oldest first; ids rise with holes, as they do."""
    chance = Random(f"{plan.seed} {channel}")
    per_hour, about = CHANNELS[channel]
    begin = int(plan.start.timestamp())
    before = sorted(begin - chance.randrange(3600, 40 * 86400) for _ in range(OLDER))
    made: list[Message] = []
    for created in (*before, *moments(plan, chance, per_hour)):
        number = (made[-1].last if made else 100) + chance.choice((1, 1, 1, 1, 2, 5))
        made.append(_message(plan, chance, number, created, about if created >= begin else 0.0))
    return made


def _message(plan: Plan, chance: Random, number: int, created: int, about: float) -> Message:
    service = chance.random() < _SERVICE
    kind = chance.random()
    tags = _tagged(plan, chance, created, 0.0 if service else about)
    views = None if service or kind < _UNCOUNTED else int(chance.lognormvariate(9.0, 0.8))
    falls = created + 132 * _HOUR if Trouble.FALLING in plan.troubles and chance.random() < _FALLING else None
    return Message(
        number=number,
        created=created,
        tagged=tags,
        text=said(chance.choice(LINES), number),
        curve=Curve(created, chance.uniform(4, 20) * _HOUR, falls),
        views=views,
        last=number + (chance.randrange(1, 6) if not service and kind > 1 - _ALBUM else 0),
        service=service,
        forwarded=_UNCOUNTED <= kind < _UNCOUNTED + _FORWARDED,
        reactions=(0, 0) if views is None or chance.random() < _SHY else (views // 60, views // 200),
    )


def _tagged(plan: Plan, chance: Random, created: int, about: float) -> Tagged:
    first = tuple(chance.sample(STRANGERS, chance.choice((0, 0, 1, 2))))
    if chance.random() >= about:
        return Tagged(first, ())
    wanted = [drawn(chance, TYPED)]
    if chance.random() < _TWO_TAGS:
        wanted.append(drawn(chance, tuple(typed for typed in TYPED if typed is not wanted[0])))
    edited = created + chance.uniform(0.3, 2) * _HOUR if chance.random() < _EDITED else None
    if edited is not None and edited > plan.end.timestamp():
        edited = None
    return Tagged(first, tuple(wanted), edited)
