"""Simulated naming polls: from Tuesday 18:00 to Wednesday midnight, eight names, 2,000 to 30,000 votes, made by seed.

Each race is looked at as the monitor does: every 30 minutes, every 5 in the last two hours, every minute in the last
quarter. `fraud` plants one manipulation of known size into a clean race.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from monitor.model.poll import Option, State, Tally, Votes

Numbers = npt.NDArray[np.float64]

OPENS = datetime(2012, 4, 10, 15, tzinfo=UTC)
CLOSES = datetime(2012, 4, 11, 21, tzinfo=UTC)
MINUTES = int((CLOSES - OPENS).total_seconds() // 60)
NAMES = ("الغضب", "الصمود", "الأمل", "الكرامة", "الوفاء", "النصر", "أنقذوا حلب", "أطفال الحرية")
KINDS = ("steady", "late surge", "last-minute campaign", "two horses")


@dataclass(frozen=True)
class Simulated:
    """One race, minute by minute: votes gained per option, and posts of each option's hashtag."""

    gains: Numbers
    posts: Numbers

    @property
    def final(self) -> Numbers:
        """The share of each option at the end."""
        return np.asarray(self.gains.sum(axis=0) / self.gains.sum())


def race(kind: str, seed: int) -> Simulated:
    """Draw a race; `kind` is one of KINDS."""
    dice = np.random.default_rng((KINDS.index(kind), seed))
    total = np.exp(dice.uniform(np.log(2_000), np.log(30_000)))
    clock = (18 + np.arange(MINUTES) / 60) % 24
    awake = 0.25 + 0.75 * np.clip(np.sin((clock - 8) / 16 * np.pi), 0, None) ** 0.5
    pace = awake * np.exp(_walk(dice, 1, 0.12)[:, 0])
    flow = np.log(dice.dirichlet(np.full(len(NAMES), 0.8)) + 0.005) + _SHAPES[kind](dice)
    shares = np.exp(flow) / np.exp(flow).sum(axis=1, keepdims=True)
    expected = pace[:, None] * shares
    expected *= total / expected.sum()
    if kind == "last-minute campaign":
        expected = expected + _campaign(dice, total)
    gains = dice.poisson(expected).astype(float)
    posts = dice.poisson(expected * dice.uniform(0.05, 0.3) + 0.02).astype(float)
    return Simulated(gains, posts)


def looks(simulated: Simulated, until: datetime = CLOSES + timedelta(hours=2)) -> list[Tally]:
    """Return what the monitor would have seen, with looks at 1, 10 and 60 minutes after the end."""
    sums = np.cumsum(simulated.gains, axis=0)
    moments = [moment for moment in _moments() if moment <= until]
    return [_tally(sums[min(int((m - OPENS).total_seconds() // 60), MINUTES) - 1], m) for m in moments]


def activity(simulated: Simulated) -> tuple[Numbers, Numbers]:
    """Return the ends of the quarters of an hour, in epoch seconds, and the posts of each option in them."""
    size = MINUTES // 15
    posts = simulated.posts[: size * 15].reshape(size, 15, -1).sum(axis=1)
    return OPENS.timestamp() + 900.0 * np.arange(1, size + 1), posts


def _moments() -> list[datetime]:
    steps = [(CLOSES - timedelta(hours=2), 30), (CLOSES - timedelta(minutes=15), 5), (CLOSES, 1)]
    found, now = [], OPENS + timedelta(minutes=7)
    for end, minutes in steps:
        while now < end:
            found.append(now)
            now += timedelta(minutes=minutes)
    return [*found, *(CLOSES + timedelta(minutes=after) for after in (1, 11, 60))]


def _tally(votes: Numbers, at: datetime) -> Tally:
    total = int(votes.sum())
    return Tally(
        place="poll/1",
        at=at,
        question="ما اسم الجمعة القادمة؟",
        options=tuple(map(Option.of, NAMES)),
        votes=tuple(Votes.exactly(int(one), total) for one in votes),
        total=total,
        state=State.CLOSED if at > CLOSES else State.OPEN,
        closes_at=CLOSES,
        raw=f"{at}{votes}".encode(),
    )


def _walk(dice: np.random.Generator, columns: int, spread: float) -> Numbers:
    """Return a walk that moves by `spread` in the square root of an hour."""
    return np.asarray(np.cumsum(dice.normal(0, spread / np.sqrt(60), (MINUTES, columns)), axis=0))


def _steady(dice: np.random.Generator) -> Numbers:
    return _walk(dice, len(NAMES), 0.03)


def _late_surge(dice: np.random.Generator) -> Numbers:
    rising, begins = np.zeros((MINUTES, len(NAMES))), int(MINUTES * dice.uniform(0.5, 0.8))
    rising[begins:, dice.integers(len(NAMES))] = np.linspace(0, dice.uniform(0.5, 1.5), MINUTES - begins)
    return _walk(dice, len(NAMES), 0.06) + rising


def _two_horses(dice: np.random.Generator) -> Numbers:
    ahead = np.zeros(len(NAMES))
    ahead[dice.choice(len(NAMES), 2, replace=False)] = dice.uniform(2, 3)
    return _walk(dice, len(NAMES), 0.12) + ahead


def _campaign(dice: np.random.Generator, total: float) -> Numbers:
    """Return the votes that a call to vote brings to one option in the last one to three hours."""
    length, added = int(dice.uniform(60, 180)), np.zeros((MINUTES, len(NAMES)))
    shape = np.exp(-np.arange(length) / (length / 2.5))
    added[-length:, dice.integers(len(NAMES))] = shape / shape.sum() * total * dice.uniform(0.03, 0.15)
    return added


_SHAPES: dict[str, Callable[[np.random.Generator], Numbers]] = {
    "steady": _steady,
    "late surge": _late_surge,
    "last-minute campaign": _steady,
    "two horses": _two_horses,
}


def spoiled(tallies: Sequence[Tally], fraud: str, size: float, seed: int) -> list[Tally]:
    """Return the looks with a fraud planted: see FRAUDS; `size` is its share of all votes."""
    dice = np.random.default_rng((7, seed))
    return FRAUDS[fraud](list(tallies), size, dice)


def _with(tally: Tally, added: Numbers) -> Tally:
    votes = np.array([one.votes or 0 for one in tally.votes]) + added
    return _tally(np.maximum(votes, 0).round(), tally.at)


def _stuffed(tallies: list[Tally], size: float, dice: np.random.Generator) -> list[Tally]:
    """Votes of one option come in a lump within half an hour, somewhere in the middle."""
    whom, begins = dice.integers(len(NAMES)), dice.uniform(0.3, 0.9)
    start, total = OPENS + begins * (CLOSES - OPENS), (tallies[-1].total or 0) * size
    part = [np.clip((tally.at - start) / timedelta(minutes=30), 0, 1) for tally in tallies]
    return [_with(tally, np.eye(len(NAMES))[whom] * total * share) for tally, share in zip(tallies, part, strict=True)]


def _after(tallies: list[Tally], size: float, dice: np.random.Generator) -> list[Tally]:
    whom, total = dice.integers(len(NAMES)), (tallies[-1].total or 0) * size
    grown = [np.clip((tally.at - CLOSES) / timedelta(hours=1), 0, 1) * total for tally in tallies]
    return [_with(tally, np.eye(len(NAMES))[whom] * more) for tally, more in zip(tallies, grown, strict=True)]


def _fallen(tallies: list[Tally], size: float, dice: np.random.Generator) -> list[Tally]:
    """Votes of the leader are taken away."""
    at, whom = int(dice.integers(5, len(tallies) - 5)), int(np.argmax([one.votes or 0 for one in tallies[-1].votes]))
    loss = np.eye(len(NAMES))[whom] * (tallies[at].total or 0) * size
    return [_with(tally, -loss) if place >= at else tally for place, tally in enumerate(tallies)]


def _regular(tallies: list[Tally], size: float, dice: np.random.Generator) -> list[Tally]:
    """A machine votes for one option at an even pace from the first quarter on."""
    whom, total = dice.integers(len(NAMES)), (tallies[-1].total or 0) * size
    quiet = [_quieted(tally, int(whom)) for tally in tallies]
    span = CLOSES - OPENS
    part = [np.clip(((tally.at - OPENS) / span - 0.25) / 0.75, 0, 1) for tally in quiet]
    return [
        _with(tally, np.eye(len(NAMES))[whom] * np.floor(total * share))
        for tally, share in zip(quiet, part, strict=True)
    ]


def _quieted(tally: Tally, whom: int) -> Tally:
    """Return the tally with a tenth of an option's own votes, so that the machine is most of it."""
    own = tally.votes[whom].votes or 0
    return _with(tally, -np.eye(len(NAMES))[whom] * int(own * 0.9))


FRAUDS: dict[str, Callable[[list[Tally], float, np.random.Generator], list[Tally]]] = {
    "surge": _stuffed,
    "votes-after-closing": _after,
    "total-fell": _fallen,
    "machine-regular": _regular,
}
