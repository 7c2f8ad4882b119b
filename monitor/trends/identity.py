"""Options have identity: the same name in another writing, or a renamed option, goes on as the one it was. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from monitor.model.option import option_keys
from monitor.model.poll import Option, Tally, Votes


def recognised(before: Tally | None, now: Tally) -> Tally:
    """Return the tally with the keys that its options had before.

    An option is found by any key of its label; one that is then left over took another name, if exactly as many were
    and are there and its place and votes fit. Everything else is a new option.
    """
    if before is None or before.place != now.place:
        return replace(now, options=tuple(_unique(now.options)))
    found = _by_label(before.options, now.options)
    if len(before.options) == len(now.options):
        found |= _by_place(before, now, found)
    renamed = (
        replace(option, key=found[place].key) if place in found else option for place, option in enumerate(now.options)
    )
    return replace(now, options=tuple(_unique(renamed)))


def _by_label(before: Sequence[Option], now: Sequence[Option]) -> dict[int, Option]:
    """Return by its place now which option before had one of its names; each is taken once."""
    known = {key: option for option in before for key in (option.key, *option_keys(option.label))}
    found: dict[int, Option] = {}
    for place, option in enumerate(now):
        match = next((known[key] for key in option_keys(option.label) if key in known), None)
        if match is not None and match not in found.values():
            found[place] = match
    return found


def _by_place(before: Tally, now: Tally, found: Mapping[int, Option]) -> dict[int, Option]:
    """Return the options that stand where another stood, and whose votes went on from its."""
    taken = {option.key for option in found.values()}
    return {
        place: before.options[place]
        for place in range(len(now.options))
        if place not in found
        and before.options[place].key not in taken
        and _goes_on(before.votes[place], now.votes[place])
    }


def _goes_on(before: Votes, now: Votes) -> bool:
    return before.low is None or now.high is None or now.high >= before.low


def _unique(options: Sequence[Option] | Iterator[Option]) -> Iterator[Option]:
    """Yield the options, a second one of the same key told apart by a number: no votes are ever added up."""
    met: dict[str, int] = {}
    for option in options:
        met[option.key] = met.get(option.key, 0) + 1
        yield option if met[option.key] == 1 else replace(option, key=f"{option.key} ({met[option.key]})")
