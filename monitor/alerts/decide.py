"""One cause, one message: from what rules found and what was told before to what is told now. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import chain

from monitor.alerts.finding import FORGET, Active, Finding, Message, Muted, Silence, Sought, State
from monitor.alerts.muting import SEEING, Blind, is_hidden, muted

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Policy:
    """How often one scope may speak.

    `cool_down`: between two messages of one group. `repeat`: until what goes on is told again. `settled`: so long must
    it be gone to be over. `gather`: so long the first of a group waits for others of the same cause.
    """

    cool_down: timedelta = timedelta(minutes=30)
    repeat: timedelta = timedelta(hours=24)
    settled: timedelta = timedelta(minutes=10)
    gather: timedelta = timedelta(0)
    resolve: bool = True


@dataclass(frozen=True)
class Decision:
    """What is told now, and what is remembered."""

    messages: tuple[Message, ...]
    state: State
    ended: Message | None = None  # told to nobody: the settings do not look for it any more


def decide(
    scope: str,
    findings: Iterable[Finding],
    before: State,
    now: datetime,
    *,
    policy: Policy,
    silences: Sequence[Silence] = (),
    blind: Blind = SEEING,
    sought: Collection[Sought] | None = None,
) -> Decision:
    """Return the messages of one scope, at most one for each group; `sought`: what rules look for now, None for all."""
    before = _as_of(before, now)
    present = _most_severe(findings)
    dropped = [one for key, one in before.active.items() if key not in present and _is_dropped(one.finding, sought)]
    before = before.without(dropped)
    kept = {key: _renewed(one, before.active.get(key), now) for key, one in present.items()}
    kept |= {key: left for key, one in before.active.items() if key not in kept and (left := _left(one, blind, now))}
    silenced = {key for key, one in kept.items() if any(silence.covers(one.finding, now) for silence in silences)}
    kept = {key: _passed_over(one, now) if key in silenced else one for key, one in kept.items()}
    kept = {key: muted(one, kept, silenced, present, blind) for key, one in kept.items()}
    messages, sent = [], dict(before.sent)
    for group in sorted({one.finding.group for one in kept.values()}):
        message = None
        if now - before.sent.get(group, NEVER) >= policy.cool_down:
            message = _message(scope, group, kept.values(), now, policy)
        if message:
            messages.append(message)
            sent[group] = now
            kept = _told(kept, message, now)
    kept = {key: _told_with_its_whole(one, kept) for key, one in kept.items()}
    kept = {key: one for key, one in kept.items() if not _is_done(one, now, policy)}
    return Decision(tuple(messages), State(active=kept, sent=sent), _ended(scope, dropped, now))


def _as_of(before: State, now: datetime) -> State:
    """Return what is remembered with no moment behind `now`: a clock that was set back must keep nobody silent."""
    if not any(at > now for at in (*before.sent.values(), *(one.latest for one in before.active.values()))):
        return before
    sent = {group: min(at, now) for group, at in before.sent.items()}
    return State(active={key: one.as_of(now) for key, one in before.active.items()}, sent=sent)


def _most_severe(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Return one finding for each cause, whichever rules found it."""
    by_key: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda one: -one.weight):
        by_key.setdefault(finding.key, finding)
    return by_key


def _is_dropped(finding: Finding, sought: Collection[Sought] | None) -> bool:
    """Tell whether nobody looks for something any more: whether it is over can not be said then."""
    return sought is not None and finding.lasts and finding.sought not in sought


def _ended(scope: str, dropped: Iterable[Active], now: datetime) -> Message | None:
    """Return what was told and is looked for no more, as the history keeps it."""
    told = sorted((one for one in dropped if one.told and one.muted is not Muted.PART), key=_order)
    ended = tuple(one.finding for one in told)
    name = _identity(scope, "settings", now, ended)
    return Message(id=name, scope=scope, group="settings", at=now, ended=ended) if ended else None


def _renewed(finding: Finding, before: Active | None, now: datetime) -> Active:
    if before is None or _is_another(finding, before):
        return Active(finding=finding, since=now, seen=now)
    return before.model_copy(update={"finding": finding, "seen": now, "gone": None})


def _is_another(finding: Finding, before: Active) -> bool:
    """Tell whether something began after the last of its kind was seen, of which nobody saw the end."""
    return before.muted is Muted.BLIND and finding.at > before.seen


def _left(one: Active, blind: Blind, now: datetime) -> Active | None:
    """Return what becomes of something that is not found now; None when nobody was told of it."""
    if not one.finding.lasts:
        return one  # it happened
    if is_hidden(one.finding, blind):
        return one.model_copy(update={"gone": None})  # nobody can see whether it is over
    if one.told is None:
        return None
    return one.model_copy(update={"gone": one.gone or now})


def _passed_over(one: Active, now: datetime) -> Active:
    """Return something silenced; what only happened once is no news any more when the silence ends."""
    return one if one.finding.lasts or one.told else one.model_copy(update={"told": now})


def _message(scope: str, group: str, kept: Iterable[Active], now: datetime, policy: Policy) -> Message | None:
    """Return what one group has to tell; None while it has nothing, or must wait for others of the same cause."""
    speaking = [one for one in kept if one.finding.group == group and one.muted is None]
    new = [one for one in speaking if _is_new(one)]
    over = [one for one in speaking if policy.resolve and _is_over(one, now, policy)]
    again = [one for one in speaking if not _is_new(one) and _is_due_again(one, now, policy)]
    waits = all(now - one.since < policy.gather for one in new) and not (over or again)
    if waits or not (new or over or again):
        return None
    told = [tuple(one.finding for one in sorted(part, key=_order)) for part in (new, again, over)]
    name = _identity(scope, group, now, chain.from_iterable(told))
    return Message(id=name, scope=scope, group=group, at=now, new=told[0], again=told[1], over=told[2])


def _identity(scope: str, group: str, now: datetime, told: Iterable[Finding]) -> str:
    keys = "/".join(finding.key for finding in told)
    return blake2b(f"{scope}/{group}/{now.isoformat()}/{keys}".encode(), digest_size=16).hexdigest()


def _order(one: Active) -> tuple[int, datetime, str]:
    return -one.finding.weight, one.finding.at, one.finding.key


def _is_new(one: Active) -> bool:
    """Tell whether it was never told, or has become worse since."""
    if one.gone is not None:
        return False
    if one.told is None:
        return True
    spike = one.finding.spike
    grew = spike is not None and spike.escalated is not None and spike.escalated > one.told
    worse = one.told_as is not None and one.finding.weight > one.finding.rank(one.told_as)
    return one.finding.lasts and (grew or worse)


def _is_over(one: Active, now: datetime, policy: Policy) -> bool:
    return one.gone is not None and now - one.gone >= policy.settled and one.finding.tells_end


def _is_due_again(one: Active, now: datetime, policy: Policy) -> bool:
    lasts = one.finding.lasts and one.finding.tells_end and one.gone is None
    return lasts and one.told is not None and now - one.told >= policy.repeat


def _told(kept: Mapping[str, Active], message: Message, now: datetime) -> dict[str, Active]:
    """Remember what was told; what is over is forgotten."""
    told = {finding.key for finding in (*message.new, *message.again)}
    over = {finding.key for finding in message.over}
    left = {}
    for key, one in kept.items():
        news = {"told": now, "told_as": one.finding.severity} if key in told else {}
        if key not in over:
            left[key] = one.model_copy(update=news)
    return left


def _told_with_its_whole(one: Active, kept: Mapping[str, Active]) -> Active:
    """Return a part as told when its whole was, even if it came later: it is no news when it outlasts that."""
    wholes = [whole for key in one.finding.part_of if (whole := kept.get(key)) and whole.gone is None]
    told = max((whole.told for whole in wholes if whole.told), default=None)
    if one.muted is not Muted.PART or told is None:
        return one
    return one.model_copy(update={"told": told, "told_as": one.finding.severity})


def _is_done(one: Active, now: datetime, policy: Policy) -> bool:
    """Tell whether something may be forgotten: it is long past, or over and nobody is to be told."""
    if not one.finding.lasts:
        return now - one.seen > FORGET
    untold = one.muted is not None or not policy.resolve or not one.finding.tells_end
    return one.gone is not None and now - one.gone >= policy.settled and (untold or now - one.gone > FORGET)
