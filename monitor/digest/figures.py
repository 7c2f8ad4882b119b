"""The numbers of a mail: yesterday beside the day before and the same weekday, 7 days against 7, 30 against 30."""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.digest import terms
from monitor.model.brief import Brief, Compared, Level, Total
from monitor.model.metric import MetricClass
from monitor.sources import is_press
from monitor.words.voice import Voice

ESTIMATED = frozenset({"authors"})


@dataclass(frozen=True)
class Comparison:
    """What a number is held against: the reference in words, its value, the change (empty where it says nothing).

    In the longer view it is the number of a stretch, and beside it how that changed.
    """

    reference: str
    value: str
    change: str


@dataclass(frozen=True)
class Figure:
    """One total as it is printed; `kind` is its class, of how many posts it was measured, and how far rounded.

    In the longer view there is no `now`: each stretch is one of the comparisons.
    """

    label: str
    kind: str
    now: str
    parts: str
    comparisons: tuple[Comparison, ...]


def figures(brief: Brief, voice: Voice) -> tuple[Figure, ...]:
    """Return the totals of the brief's window that anybody told."""
    return tuple(figure(total, brief, voice) for total in brief.totals if _is_known(total))


def longer(brief: Brief, voice: Voice) -> tuple[Figure, ...]:
    """Return the same totals over longer stretches; none where the brief holds no such stretch."""
    names = dict.fromkeys(total.name for held in brief.compared for total in held.totals if _is_known(total))
    return tuple(_over(name, brief.compared, voice) for name in names)


def untold(brief: Brief, voice: Voice) -> str:
    """Return which totals nobody told, now or before, in one sentence; nothing where all were told."""
    missing = [total for total in brief.totals if not _is_known(total)]
    if missing and len(missing) == len(brief.totals):
        return voice.say("No number is known of this time, nor of what it is compared with.")
    is_blind = [_is_blind(total, brief) for total in missing]
    unseen, untold = (
        voice.listed(
            [terms.label(one.name, voice) for one, blind in zip(missing, is_blind, strict=True) if blind is it]
        )
        for it in (True, False)
    )
    said = [voice.say("Not known: {names}. The sources that could tell were blind.", names=unseen)] if unseen else []
    said += [voice.say("Told by no source: {names}.", names=untold)] if untold else []
    return " ".join(said)


def _is_blind(total: Total, brief: Brief) -> bool:
    """Tell whether a total is missing because none of the sources that count such things saw anything at all."""
    counted = {_of_press(one): one for one in brief.totals if one.name in {"posts", "articles"}}
    of_press = _of_press(total)
    is_asked = any(is_press(source.platform) is of_press for source in brief.sources)
    return is_asked and of_press in counted and not _is_known(counted[of_press])


def _of_press(total: Total) -> bool:
    return total.class_of is MetricClass.COVERAGE


def _is_known(total: Total) -> bool:
    """Tell whether a total says anything: a row of nothing but n/a is none."""
    return any(terms.is_told(level) for level in (total.now, total.before, total.week_before))


def figure(total: Total, brief: Brief, voice: Voice) -> Figure:
    """Return one total as it is printed."""
    return Figure(
        label=terms.label(total.name, voice),
        kind=_kind(total, voice),
        now=terms.figure(total, voice),
        parts=voice.listed(
            [f"{terms.label(name, voice)} {_part(value, voice)}" for name, value in total.parts.items()]
        ),
        comparisons=tuple(_comparisons(total, brief, voice)),
    )


def _kind(total: Total, voice: Voice) -> str:
    """Return a number's class, its coverage and its rounding; `measured for 62% of posts` says the first two."""
    kinds = [terms.coverage(total, voice), terms.rounding(total, voice)]
    if total.class_of is not MetricClass.MEASURED or not kinds[0]:
        kinds.insert(0, voice.say(terms.CLASSES[total.class_of]))
    if total.name in ESTIMATED:
        kinds.append(voice.say("estimated"))
    return voice.listed([kind for kind in kinds if kind])


def _told(level: Level, total: Total, voice: Voice) -> str:
    """Return what a number is compared with; of a bracket only its upper end is known later."""
    text = terms.level(level, voice)
    return voice.say("up to {number}", number=text) if total.low is not None and terms.is_told(level) else text


def _part(value: float | None, voice: Voice) -> str:
    return terms.level(Level(value=value), voice)


def _comparisons(total: Total, brief: Brief, voice: Voice) -> list[Comparison]:
    told = terms.is_told(total.now)
    candidates = (
        (terms.before(brief, voice), total.before, total.change),
        (terms.week_before(brief, voice), total.week_before, total.week_change),
    )
    return [
        Comparison(reference, _told(level, total, voice), _changed(level, ratio if told else None, voice))
        for reference, level, ratio in candidates
        if reference is not None
    ]


def _changed(level: Level, ratio: float | None, voice: Voice) -> str:
    """Return the change; nothing beside a number that is n/a itself, nor beside a zero, which has no percentage."""
    has_change = terms.is_told(level) and (ratio is not None or level.value != 0)
    return terms.change(ratio, voice) if has_change else ""


def _over(name: str, stretches: tuple[Compared, ...], voice: Voice) -> Figure:
    """Return one total over each stretch."""
    found = [(held.days, total) for held in stretches for total in held.totals if total.name == name]
    _, first = found[0]
    kinds = [voice.say(terms.CLASSES[first.class_of]), *([voice.say("estimated")] if name in ESTIMATED else [])]
    over = [
        Comparison(
            voice.count("last {n} day", "last {n} days", days),
            terms.figure(total, voice),
            voice.listed([*_beside(total, voice)]),
        )
        for days, total in found
    ]
    return Figure(terms.label(name, voice), voice.listed(kinds), "", "", tuple(over))


def _beside(total: Total, voice: Voice) -> Iterator[str]:
    """Yield how a stretch compares with the one before it, and of which posts it was measured."""
    is_told = terms.is_told(total.now)
    if is_told and total.change is not None:
        yield terms.change(total.change, voice)
    if terms.is_told(total.before):
        yield voice.say("{number} before", number=_told(total.before, total, voice))
    if is_told and total.measured_share is not None:
        yield terms.coverage(total, voice)
