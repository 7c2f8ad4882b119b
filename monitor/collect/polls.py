"""One look at a poll: find it or look again, store what it showed, and say how its week stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor import log
from monitor.clock import Clock
from monitor.collect.cycle import Choice, advanced, awaited, choose, in_vain, next_look
from monitor.errors import SourceError
from monitor.model.poll import Poll, Tally
from monitor.model.poll_source import PollSource
from monitor.model.race import Cycle, Stage
from monitor.store import polls
from monitor.store.store import Store
from monitor.trends.flags import Activity
from monitor.trends.identity import recognised

_logger = log.get("polls")
_WEEK = timedelta(days=7)
_NONE = "no poll with this question is shown there yet"


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
        return await _vain(followed, cycle, known, str(error))
    if choice is None:
        return await _vain(followed, cycle, known, _NONE)
    tally = recognised(known[-1] if known else None, choice.tally)
    after = advanced(await _kept(followed, cycle), poll, [*known, tally], now, activity)
    if choice.others:
        remark = f"{choice.others} more polls of this week are shown there; the newest is followed"
        after = after.model_copy(update={"remark": remark})
    await polls.keep(store, campaign, after, tally, kept_for=followed.keep)
    _logger.info("poll looked at", poll=followed.key, day=str(after.day), stage=after.stage.value, total=tally.total)
    return after


async def _kept(followed: Followed, cycle: Cycle) -> Cycle:
    """Return the cycle as it is kept by now: the operator may have decided while the place was asked."""
    return await polls.cycle(followed.store, followed.campaign, cycle.poll, cycle.day) or cycle


async def _choice(followed: Followed, cycle: Cycle) -> Choice | None:
    """Return what the poll shows now: looked at again where it was found, else found among all that are shown."""
    now = followed.clock.now()
    if cycle.place is not None:
        return Choice(_fits(followed.poll, cycle, await followed.source.look(cycle.place, now)))
    before = await polls.cycle(followed.store, followed.campaign, followed.poll.name, cycle.day - _WEEK)
    return choose(followed.poll, cycle.day, await followed.source.newest(now), before)


def _fits(poll: Poll, cycle: Cycle, tally: Tally) -> Tally:
    """Return the tally if it is still that poll: a page that shows the next week's, or another question, is not."""
    if choose(poll, cycle.day, [tally], cycle) is None:
        raise _Another("the place shows another poll by now; the last good look stays")
    return tally


class _Another(SourceError):
    """What is shown is a poll, but not the one that was found."""


async def _vain(followed: Followed, cycle: Cycle, known: list[Tally], why: str) -> Cycle:
    now = followed.clock.now()
    after = in_vain(advanced(await _kept(followed, cycle), followed.poll, known, now), why, now)
    await polls.put(followed.store, followed.campaign, after)
    level = _logger.info if after.stage is Stage.AWAITED else _logger.warning
    level("poll not seen", poll=followed.key, day=str(after.day), stage=after.stage.value, why=why)
    return after
