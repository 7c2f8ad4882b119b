"""From polls to hashtags: a campaign as it is watched while people vote on names, and after one of them won. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.model.campaign import Campaign, Family, Name
from monitor.model.option import option_key, says_friday, written
from monitor.model.poll import Poll
from monitor.model.race import Cycle, Kind, Stage
from monitor.model.spelling import fold, proposals, spelled
from monitor.model.window import Window
from monitor.model.words import Phrase

MOST = 12
"""Names of one poll that are looked for: those of most votes."""

FRIDAY = 4
_OVER = frozenset({Stage.CLOSED, Stage.CONFIRMED, Stage.OVERTURNED})
_VOTED = _OVER | {Stage.OPEN, Stage.CLOSING}


@dataclass(frozen=True, slots=True)
class Voted:
    """One week of a poll."""

    poll: Poll
    cycle: Cycle

    @property
    def is_over(self) -> bool:
        return self.cycle.stage in _OVER

    @property
    def begins(self) -> datetime:
        """From when on its names are looked for: its usual opening, or an earlier one; a late find hides nothing."""
        usual = self.poll.window(self.cycle.day).start
        return min(self.cycle.opened_at or usual, usual)

    @property
    def closes(self) -> datetime:
        return self.cycle.closes_at or self.poll.window(self.cycle.day).end

    @property
    def ends(self) -> datetime:
        """Until when they are: so many days after the day that it names."""
        last = self.cycle.day + timedelta(days=1 + self.poll.days)
        return datetime.combine(last, time(), ZoneInfo(self.poll.zone)).astimezone(UTC)

    @property
    def labels(self) -> dict[str, str]:
        """Return each name by its key, those of most votes first; a name that was taken from elsewhere, too."""
        cycle, found = self.cycle, dict[str, str]()
        if cycle.winner is not None:
            found[cycle.winner] = cycle.names.get(cycle.winner, _taken(cycle))
        if cycle.standing is not None:
            found |= {line.key: cycle.names.get(line.key, line.label) for line in cycle.standing.lines}
        return dict(list((found | cycle.names).items())[:MOST])


def watched(campaign: Campaign, weeks: Iterable[Voted], now: datetime) -> Campaign:
    """Return a campaign with the names that are looked for at `now`: the one that won is a family of it.

    A hashtag belongs to one name only: first to what the operator listed, then to winners, then to the newest poll.
    """
    running = [week for week in weeks if week.cycle.stage in _VOTED and now < week.ends]
    found = [name for week in sorted(running, key=lambda week: week.begins, reverse=True) for name in _names(week)]
    taken = {key for family in campaign.families for key in family.folds}
    names = list(_apart(sorted(found, key=lambda name: name.reign is None), taken))
    won = tuple(name for name in names if name.reign is not None)
    compared = tuple(name for name in names if name.reign is None)
    return replace(campaign, families=(*campaign.families, *won), compared=compared)


def hashtag_of(campaign: Campaign, poll: Poll, label: str) -> Family | None:
    """Return the hashtag that a poll's option is counted under in a campaign as it is watched; None: not looked for."""
    key = fold(next(_tags(label, poll), ""))
    return next((family for family in (*campaign.families, *campaign.compared) if key in family.folds), None)


def hashtags(campaign: Campaign, voted: Voted) -> dict[str, Family]:
    """Return the hashtag of each name by its key, also long after it was looked for."""
    found = {key: _hashtag(campaign, voted.poll, label) for key, label in voted.labels.items()}
    return {key: family for key, family in found.items() if family is not None}


def _hashtag(campaign: Campaign, poll: Poll, label: str) -> Family | None:
    tag = next(_tags(label, poll), None)
    return hashtag_of(campaign, poll, label) or (Family(tag, (spelled(tag),)) if tag else None)


def _names(week: Voted) -> Iterator[Name]:
    cycle, poll = week.cycle, week.poll
    for key, label in sorted(week.labels.items()):
        tags = list(_tags(label, poll))
        if not tags:
            continue
        spellings = dict.fromkeys(map(spelled, (*tags, *proposals(tags[0]))))
        former = (tag for old in _former(cycle, label) for tag in _tags(old, poll))
        few = (*tuple(spellings)[: 1 + poll.spellings], *dict.fromkeys(map(spelled, former)))
        phrases = tuple(map(Phrase, _printed(label, poll)))
        if key == cycle.winner and week.is_over:
            yield Name(tags[0], few, week.closes, phrases, Window(week.closes, week.ends))
        else:
            yield Name(tags[0], few, week.begins, phrases)


def _former(cycle: Cycle, label: str) -> Iterator[str]:
    """Yield how a renamed option was called before: people go on posting what they know."""
    renamed = (event for event in cycle.events if event.kind is Kind.RENAMED and event.option == label)
    yield from (event.other for event in renamed if event.other is not None)


def _apart(names: Iterable[Name], taken: set[str]) -> Iterator[Name]:
    """Yield the names with the spellings that nobody has yet; one whose first spelling is taken is that other."""
    for name in names:
        if name.key not in taken:
            own = tuple(spelling for spelling in name.spellings if fold(spelling) not in taken)
            taken |= set(map(fold, own))
            yield replace(name, spellings=own)


def _tags(label: str, poll: Poll) -> Iterator[str]:
    """Yield the hashtags of a name, likeliest first: with its day, without it, and the English beside the Arabic."""
    for words in _writings(label, poll):
        yield "_".join(words) if _is_arabic(words) else "".join(map(_capital, words))


def _printed(label: str, poll: Poll) -> Iterator[str]:
    yield from (" ".join(words) for words in _writings(label, poll))


def _writings(label: str, poll: Poll) -> Iterator[tuple[str, ...]]:
    """Yield the words of a name with its day and without; a single word without its day means too many other things."""
    for words in written(label):
        if poll.names != FRIDAY or says_friday(words):
            yield words
        else:
            yield ("جمعة", *words) if _is_arabic(words) else ("Friday", "of", *words)
    for words in written(label):
        bare = tuple(word for word in words if not says_friday([word]))
        bare = bare if len(bare) == len(words) or _is_arabic(bare) else tuple(w for w in bare if w.lower() != "of")
        if len(bare) > 1 and poll.names == FRIDAY:
            yield bare


def _is_arabic(words: Iterable[str]) -> bool:
    return any("\u0600" <= word[0] <= "\u06ff" for word in words)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _taken(cycle: Cycle) -> str:
    """Return the name that was taken as the operator wrote it, where it was no option."""
    told = [event.option for event in cycle.events if event.kind in {Kind.CONFIRMED, Kind.OVERTURNED}]
    return next((name for name in told if name and option_key(name) == cycle.winner), cycle.winner or "")
