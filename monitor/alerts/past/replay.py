"""From what rules found at moments that are over to the messages that would have been sent. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from monitor.alerts.channels import Channel
from monitor.alerts.decide import Policy, decide
from monitor.alerts.finding import Finding, Message, State
from monitor.alerts.muting import SEEING, Blind
from monitor.alerts.rounds import parcels
from monitor.model.window import Window


@dataclass(frozen=True)
class Look:
    """What rules found at a moment, which holds until the next look, and which platforms were not seen."""

    at: datetime
    findings: Sequence[Finding] = ()
    blind: Blind = SEEING


@dataclass(frozen=True)
class Past:
    """What rules would have found, and over which stretch that is known; None where nothing can be.

    `doubts` say in words what the store does not tell.
    """

    known: Window | None
    looks: Sequence[Look] = ()
    doubts: tuple[str, ...] = ()


def messages(scope: str, past: Past, policy: Policy) -> Iterator[Message]:
    """Yield what would have been told, by the rules of the rounds: nothing was told before the first look."""
    if past.known is None or not past.looks:
        return
    state, last = State(), Look(past.known.end)
    for look, following in pairwise([*past.looks, last]):
        moment: datetime | None = look.at
        while moment is not None and moment < following.at:
            decision = decide(scope, look.findings, state, moment, policy=policy, blind=look.blind)
            yield from decision.messages
            state = decision.state
            moment = _wakes(state, moment, policy)


def sent(told: Iterable[Message], channels: Sequence[Channel]) -> dict[str, int]:
    """Return how many messages would have gone to each channel; those held in quiet hours go as one."""
    made = list(told)
    return {
        channel.name: len(
            {parcel.not_before or parcel.id for one in made for parcel in parcels(one, [channel], one.at)}
        )
        for channel in channels
    }


def _wakes(state: State, moment: datetime, policy: Policy) -> datetime | None:
    """Return when waiting ends next, with nothing new to see: a cool-down, a repeat, what gathers and what settles."""
    ends = [sent_at + policy.cool_down for sent_at in state.sent.values()]
    for one in state.active.values():
        ends.append(one.since + policy.gather)
        ends += [one.gone + policy.settled] if one.gone else []
        ends += [one.told + policy.repeat] if one.told else []
    return min((end for end in ends if end > moment), default=None)
