"""What looks odd about a race, with the two looks that show it side by side, and what changed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.digest import race
from monitor.model.poll import Tally, Votes
from monitor.model.race import Cycle, Event, Look
from monitor.words.voice import Voice

UNTOLD = Votes()


@dataclass(frozen=True)
class Change:
    """One option before and after; `by` is empty where nobody can say by how much."""

    label: str
    before: str
    after: str
    by: str
    is_changed: bool


@dataclass(frozen=True)
class Proof:
    """A flag in words, its two looks, and what changed between them; no rows where the looks are no longer kept."""

    text: str
    note: str
    looks: tuple[Look, ...]
    changes: tuple[Change, ...]


def proofs(cycle: Cycle, looks: Sequence[Tally], voice: Voice) -> list[Proof]:
    """Return every flag of a week, the newest first."""
    known = {(tally.digest, tally.at): tally for tally in looks}
    found = [_proof(flag, known, voice) for flag in race.flags(cycle)]
    return found[::-1]


def _proof(flag: Event, known: Mapping[tuple[str, datetime], Tally], voice: Voice) -> Proof:
    looks = tuple(dict.fromkeys(look for look in (flag.before, flag.after) if look))
    tallies = [known[look.digest, look.at] for look in looks if (look.digest, look.at) in known]
    rows = tuple(_changes(tallies[0], tallies[-1], voice)) if tallies else ()
    return Proof(race.event(flag, voice), race.looks(flag, voice), looks, rows)


def _changes(before: Tally, after: Tally, voice: Voice) -> Iterator[Change]:
    """Yield the options of both, those of the later look first, and the totals."""
    labels = {option.key: option.label for tally in (before, after) for option in tally.options}
    order = dict.fromkeys([*after.by_key, *before.by_key])
    for key in order:
        yield _change(voice.foreign(labels[key]), before.by_key.get(key), after.by_key.get(key), voice)
    totals = [Votes.exactly(tally.total) for tally in (before, after)]
    yield _change(voice.say("All votes"), totals[0], totals[1], voice)


def _change(label: str, before: Votes | None, after: Votes | None, voice: Voice) -> Change:
    return Change(
        label=label,
        before=_told(before, voice),
        after=_told(after, voice),
        by="" if before is None or after is None else _by(before, after, voice),
        is_changed=before != after,
    )


def _told(votes: Votes | None, voice: Voice) -> str:
    """Return the votes of an option; one that did not stand there has a dash."""
    return "–" if votes is None else race.votes(votes, voice)


def _by(before: Votes, after: Votes, voice: Voice) -> str:
    """Return by how much votes rose: exactly, or between bounds; nothing where nobody knows."""
    if before.low is None or before.high is None or after.low is None or after.high is None:
        return ""
    low, high = after.low - before.high, after.high - before.low
    told = [voice.foreign(f"{'+' if by > 0 else ''}{voice.number(by)}") for by in (low, high)]
    return told[0] if low == high else voice.say("{low} to {high}", low=told[0], high=told[1])
