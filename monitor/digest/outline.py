"""What a mail says of one campaign, as plain strings in the reader's language, in the order it is read."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.digest import figures, sections, sentences, terms
from monitor.digest.figures import Figure
from monitor.digest.section import Section
from monitor.model.brief import Brief
from monitor.words.voice import Voice


@dataclass(frozen=True)
class Outline:
    """Everything a mail says of one campaign; `short` is the verdict in few words, `untold` which numbers nobody told.

    `part` is what stands beside it in the table of all campaigns: how it moved, and which part of all posts it has.
    """

    slug: str
    state: str
    title: str
    short: str
    verdict: str
    figures: tuple[Figure, ...]
    longer: tuple[Figure, ...]
    untold: str
    sections: tuple[Section, ...]
    chart_alt: str
    definitions: tuple[str, ...]
    part: str = ""

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
        figures=figures.figures(brief, voice),
        longer=figures.longer(brief, voice),
        untold=figures.untold(brief, voice),
        sections=tuple(section for section in sections.of(brief, voice) if section.rows),
        chart_alt=sentences.chart_alt(brief, voice),
        definitions=(*(total.definition for total in brief.totals), *{told.definition for told in brief.reported}),
    )


def method(outlines: Iterable[Outline], voice: Voice) -> str:
    """Return the method note: what the numbers mean, in one line."""
    definitions = ", ".join(dict.fromkeys(name for told in outlines for name in told.definitions))
    return voice.say(
        "Numbers of different classes are never added together; n/a is a gap, not zero; "
        "times are on the clock of {zone}; definitions: {definitions}.",
        zone=voice.zone_name(),
        definitions=voice.foreign(definitions),
    )
