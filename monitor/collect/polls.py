"""One look at a poll: find it or look again, store what it showed, and say how its week stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor import log
from monitor.clock import Clock
from monitor.collect.choice import Choice, absent, choose
from monitor.collect.cycle import NAMED, advanced, awaited, in_vain
from monitor.collect.looks import next_look
from monitor.errors import AccessRefused, SourceError
from monitor.model.poll import Poll, Tally
from monitor.model.poll_source import PollSource
from monitor.model.race import Cycle, Stage
from monitor.store import polls
from monitor.store.store import Store
from monitor.trends.flags import Activity
from monitor.trends.identity import recognised

_logger = log.get("polls")
_WEEK = timedelta(days=7)
_AGAIN = "the poll was taken back and posted again; the new one is followed"


@dataclass(frozen=True, slots=True)
class Followed:
    """A poll that is followed: whose it is, where it appears, how often it may be looked at, how long proofs last."""

    store: Store
    campaign: str
    poll: Poll
    source: PollSource
    clock: Clock
    quickest: timedelta = timedelta(minutes=1)
    keep: timedelta = polls.KEEP
    wanted: object = None  # what the operator wrote: the same runs on undisturbed when other settings change

    @property
    def key(self) -> str:
        return f"{self.campaign}/{self.poll.name}"


async def due(followed: Followed) -> datetime:
    """Return when the next look is due: last week's poll may still change, this week's runs, next week's will come."""
    now, poll = followed.clock.now(), followed.poll
    running = await _running(followed, now)
    coming = awaited(poll, running[-1].day + _WEEK)
    moments = (next_look(cycle, poll, now, quickest=followed.quickest) for cycle in (*running, coming))
    return min(moment for moment in moments if moment is not None)


async def look(followed: Followed, activity: Activity | None = None) -> list[Cycle]:
    """Look wherever it is due, and return the cycles as they stand then; only a failing store makes it raise."""
    now = followed.clock.now()
    looked = []
    for cycle in await _running(followed, now):
        moment = next_look(cycle, followed.poll, now, quickest=followed.quickest)
        if moment is not None and moment <= now:
            looked.append(await _look(followed, cycle, activity))
    return looked


async def current(store: Store, campaign: str, poll: Poll, now: datetime) -> Cycle:
    """Return the cycle of the coming Friday, as far as anything is known of it."""
    day = poll.named_day(now)
    return await polls.cycle(store, campaign, poll.name, day) or awaited(poll, day)


async def _running(followed: Followed, now: datetime) -> list[Cycle]:
    """Return the cycles that may still change: last week's, if it was found, and this week's."""
    poll, store = followed.poll, followed.store
    this = await current(store, followed.campaign, poll, now)
    last = await polls.cycle(store, followed.campaign, poll.name, this.day - _WEEK)
    return [last, this] if last is not None and last.place is not None else [this]


async def _look(followed: Followed, cycle: Cycle, activity: Activity | None) -> Cycle:
    store, campaign, poll = followed.store, followed.campaign, followed.poll
    known = await polls.tallies(store, campaign, poll.name, cycle.day)
    now = followed.clock.now()
    try:
        choice = await _choice(followed, cycle)
    except SourceError as error:
        return await _vain(followed, cycle, known, error)
    tally = recognised(known[-1] if known else None, choice.tally)
    after = advanced(await _kept(followed, cycle), poll, [*known, tally], now, activity)
    after = after.model_copy(update={"remark": _remark(choice, known)})
    await polls.keep(store, campaign, after, tally, kept_for=followed.keep)
    _logger.info("poll looked at", poll=followed.key, day=str(after.day), stage=after.stage.value, total=tally.total)
    return after


async def _kept(followed: Followed, cycle: Cycle) -> Cycle:
    """Return the cycle as it is kept by now: the operator may have decided while the place was asked."""
    return await polls.cycle(followed.store, followed.campaign, cycle.poll, cycle.day) or cycle


def _remark(choice: Choice, known: list[Tally]) -> str | None:
    others = f"{choice.others} more polls of this week are shown there; the newest is followed"
    is_again = any(tally.place != choice.tally.place for tally in known)
    return "; ".join([_AGAIN] * is_again + [others] * bool(choice.others)) or None


async def _choice(followed: Followed, cycle: Cycle) -> Choice:
    """Return what the poll shows now: looked at again where it was found, else found among all that are shown.

    One that was taken back may have been posted again; once a name is decided, that is another poll.
    """
    if cycle.place is None:
        return await _found(followed, cycle)
    now = followed.clock.now()
    try:
        return Choice(_fits(followed.poll, cycle, await followed.source.look(cycle.place, now), now))
    except (AccessRefused, _Another) as gone:
        if cycle.stage in NAMED:
            raise
        try:
            return await _found(followed, cycle)
        except SourceError:
            raise gone from None


async def _found(followed: Followed, cycle: Cycle) -> Choice:
    """Return the poll of the week among all that are shown, other than the one that was followed."""
    poll, now = followed.poll, followed.clock.now()
    before = await polls.cycle(followed.store, followed.campaign, poll.name, cycle.day - _WEEK)
    shown = [tally for tally in await followed.source.newest(now) if tally.place != cycle.place]
    choice = choose(poll, cycle.day, shown, before)
    if choice is None:
        raise _Another(absent(poll, shown, now))
    return choice


def _fits(poll: Poll, cycle: Cycle, tally: Tally, now: datetime) -> Tally:
    """Return the tally if it is still that poll: a page that shows the next week's, or another question, is not."""
    if choose(poll, cycle.day, [tally], cycle) is None:
        raise _Another(f"{absent(poll, [tally], now)}; the last good look stays")
    return tally


class _Another(SourceError):
    """What is shown is a poll, but not the one that was found."""


async def _vain(followed: Followed, cycle: Cycle, known: list[Tally], error: SourceError) -> Cycle:
    now = followed.clock.now()
    after = in_vain(advanced(await _kept(followed, cycle), followed.poll, known, now), error, now)
    await polls.put(followed.store, followed.campaign, after)
    level = _logger.info if after.stage is Stage.AWAITED else _logger.warning
    level("poll not seen", poll=followed.key, day=str(after.day), stage=after.stage.value, why=str(error))
    return after
