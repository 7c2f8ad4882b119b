"""Writes the messages of the channel in which people vote: a naming poll a week, one about something else, and talk."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from monitor.demo.cast import LINES
from monitor.demo.contests import CHANNEL
from monitor.demo.life import Curve
from monitor.demo.plan import Plan
from monitor.demo.world import Contest, Message, Tagged

_HOUR, _DAY = 3600, 86_400
_SIDE_QUESTION, _SIDE_ANSWERS = "هل عادت الكهرباء إلى حيّكم؟", ("نعم", "لا")
_TALK = timedelta(hours=9)  # between two messages


def notices(plan: Plan, contests: Sequence[Contest]) -> list[Message]:
    """Return every message of the channel, oldest first."""
    chance = Random(f"{plan.seed} {CHANNEL}")
    talk: list[tuple[int, Contest | None]] = [(moment, None) for moment in _talk(plan)]
    polls = [*contests, *(_beside(chance, contest) for contest in contests)]
    said = sorted([*talk, *((poll.opens, poll) for poll in polls)], key=lambda one: one[0])
    return [_message(chance, 2 * place + 11 + place % 2, *one) for place, one in enumerate(said)]


def _talk(plan: Plan) -> Iterator[int]:
    moment = plan.start
    while moment < plan.end:
        yield int(moment.timestamp()) + 77
        moment += _TALK


def _beside(chance: Random, contest: Contest) -> Contest:
    """Return a poll of the same evening with another question: whoever follows the names must not take it for one."""
    opens, closes = contest.opens + 2 * _HOUR, contest.opens + _DAY
    cast = (sorted(chance.randrange(opens, closes) for _ in range(count)) for count in (130, 410))
    return Contest(None, opens, closes, _SIDE_QUESTION, _SIDE_ANSWERS, tuple(map(tuple, cast)))


def _message(chance: Random, number: int, created: int, poll: Contest | None) -> Message:
    return Message(
        number=number,
        created=created,
        tagged=Tagged((), ()),
        text=chance.choice(LINES),
        curve=Curve(created, chance.uniform(4, 20) * _HOUR),
        views=int(chance.lognormvariate(9.0, 0.8)),
        last=number,
        poll=poll,
    )
