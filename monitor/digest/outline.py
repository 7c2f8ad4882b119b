"""What a mail says of one campaign, as plain strings in the reader's language, in the order it is read."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.digest import sections, sentences, terms
from monitor.digest.section import Section
from monitor.model.brief import Brief, Level, Total
from monitor.model.metric import MetricClass
from monitor.words.voice import Voice

ESTIMATED = frozenset({"authors"})


@dataclass(frozen=True)
class Comparison:
    """What a number is held against: the reference in words, its value, the change (empty where it says nothing)."""

    reference: str
    value: str
    change: str


@dataclass(frozen=True)
class Figure:
    """One total as it is printed; `kind` is its class, of how many posts it was measured, and how far rounded."""

    label: str
    kind: str
    now: str
    parts: str
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class Outline:
    """Everything a mail says of one campaign; `short` is the verdict in a few words."""

    slug: str
    state: str
    title: str
    short: str
    verdict: str
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    chart_alt: str
    definitions: tuple[str, ...]

    @property
    def pictures(self) -> tuple[str, ...]:
        """What its charts are called: the campaign's, and those of its sections."""
        return (self.slug, *(f"{self.slug}.{part.picture}" for part in self.sections if part.picture))


def outline(brief: Brief, voice: Voice) -> Outline:
    """Return what the mail says of `brief`."""
    return Outline(
        slug=brief.campaign,
        state=brief.state.value,
        title=terms.title(brief, voice),
        short=sentences.subject(brief, voice),
        verdict=sentences.verdict(brief, voice),
        figures=tuple(_figure(total, brief, voice) for total in brief.totals),
        sections=tuple(section for section in sections.of(brief, voice) if section.rows),
        chart_alt=sentences.chart_alt(brief, voice),
        definitions=(*(total.definition for total in brief.totals), *{told.definition for told in brief.reported}),
    )


def _figure(total: Total, brief: Brief, voice: Voice) -> Figure:
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
    """Return the change, or nothing beside a number that is n/a itself."""
    return terms.change(ratio, voice) if terms.is_told(level) else ""


def method(outlines: Iterable[Outline], voice: Voice) -> str:
    """Return the method note: what the numbers mean, in one line."""
    definitions = ", ".join(dict.fromkeys(name for told in outlines for name in told.definitions))
    return voice.say(
        "Numbers of different classes are never added together; n/a is a gap, not zero; "
        "times are on the clock of {zone}; definitions: {definitions}.",
        zone=voice.zone_name(),
        definitions=voice.foreign(definitions),
    )
