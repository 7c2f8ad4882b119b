"""How the sources of a campaign did at any moment that the store remembers, and what rules find in that."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.alerts import found
from monitor.alerts.finding import Finding
from monitor.alerts.past.replay import Look, Past
from monitor.alerts.rounds import Watched
from monitor.alerts.rules import Source
from monitor.model.gaps import is_imported
from monitor.model.run import Outcome, Run
from monitor.model.sighting import SourceState
from monitor.model.window import Window
from monitor.store import runs
from monitor.store.runs import RUNS_KEPT
from monitor.store.store import Store
from monitor.store.turns import turns

LATE = timedelta(hours=1)  # later than the first source: worth a word


@dataclass(frozen=True)
class Asked:
    """One source and what is kept of its runs, oldest first; from `whole` on every run is, before that only turns."""

    state: SourceState
    runs: Sequence[Run]

    @property
    def whole(self) -> datetime:
        return self.state.runs[-1].started_at

    def at(self, moment: datetime) -> SourceState:
        """Return what was known of it at a moment; without runs where that is not kept."""
        count = bisect_right(self.runs, moment, key=ended)
        told = self.runs[max(0, count - RUNS_KEPT) : count]
        up = next((run.started_at for run in reversed(self.runs[:count]) if run.outcome.is_up), None)
        if up is not None and told[-1].outcome.is_up and moment < self.whole:
            up = moment  # between two turns it went on answering
        return replace(self.state, runs=tuple(reversed(told)), last_up=up)

    def moments(self, patience: Sequence[timedelta]) -> Iterator[datetime]:
        """Yield when anything a rule looks at may have changed: at every turn, and when patience ended."""
        yield ended(self.runs[0])
        for before, after in pairwise(self.runs):
            if (before.outcome.is_up, before.outcome is Outcome.BLIND) != (
                after.outcome.is_up,
                after.outcome is Outcome.BLIND,
            ):
                yield ended(after)
        heard = [run for run in self.runs if run.outcome.is_up] or self.runs[:1]
        yield from (max(run.started_at + wait, ended(run)) for run in heard for wait in patience)


@dataclass(frozen=True)
class Sources:
    """The sources of a campaign that are configured now, and the rules that look at them."""

    campaign: str
    asked: Sequence[Asked] = ()
    rules: Sequence[Source] = ()

    def at(self, moment: datetime) -> list[SourceState]:
        return [one.at(moment) for one in self.asked]

    def found(self, moment: datetime) -> Iterator[Finding]:
        """Yield what the rules would have found at a moment."""
        states = self.at(moment)
        for rule in self.rules:
            yield from found.sources(self.campaign, states, rule, moment)

    def moments(self) -> Iterator[datetime]:
        """Yield when they may have found something else than before."""
        patience = [timedelta(hours=rule.silent_hours) for rule in self.rules]
        for one in self.asked:
            yield from one.moments(patience)


async def past(store: Store, watched: Sequence[Watched], window: Window) -> Past:
    """Return what the rules of all campaigns would have found in their sources."""
    rules = {one.campaign.slug: [rule for rule in one.rules if isinstance(rule, Source)] for one in watched}
    all_of = [await sources(store, slug, own) for slug, own in rules.items() if own]
    begun = [ended(one.runs[0]) for each in all_of for one in each.asked]
    if not begun:
        return Past(None, doubts=("No source was asked yet: nothing is known of any.",))
    known = Window(max(min(begun), window.start), window.end)
    inside = {at for each in all_of for at in each.moments() if at in known}
    looks = [Look(at, [one for each in all_of for one in each.found(at)]) for at in sorted({known.start, *inside})]
    return Past(known, looks, tuple(_late(all_of, known)))


def _late(all_of: Iterable[Sources], known: Window) -> Iterator[str]:
    """Yield from when on each source is known, where that is later than the first of them."""
    for each in all_of:
        for one in each.asked:
            begun = ended(one.runs[0])
            if begun - known.start > LATE:
                yield f"What {each.campaign} / {one.state.name} did before {begun:%Y-%m-%d %H:%M} UTC is not kept."


async def sources(store: Store, campaign: str, rules: Sequence[Source] = ()) -> Sources:
    """Read what is kept of the runs of a campaign's sources."""
    states = [one for one in await runs.states(store, campaign) if one.runs and not is_imported(one)]
    return Sources(campaign, [Asked(one, await _runs(store, campaign, one)) for one in states], rules)


async def _runs(store: Store, campaign: str, state: SourceState) -> list[Run]:
    kept = {one.started_at: one for one in (*await turns(store, campaign, state.name), *state.runs)}
    return sorted(kept.values(), key=ended)


def ended(run: Run) -> datetime:
    """Return when a run was over, and looked at."""
    return run.started_at + timedelta(seconds=run.seconds)
