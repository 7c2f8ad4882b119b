"""The lists of a mail below its numbers, in the order in which they are read; each subject has a file of its own."""

from collections.abc import Callable, Iterator

from monitor.digest import concentration, course, health, naming, parts, press, why
from monitor.digest.section import Section
from monitor.model.brief import Brief
from monitor.words.voice import Voice


def of(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield the sections of a campaign in the order they are read; some may have no rows."""
    for subject in ORDER:
        yield from subject(brief, voice)


ORDER: tuple[Callable[[Brief, Voice], Iterator[Section]], ...] = (
    why.sections,
    concentration.sections,
    course.sections,
    naming.sections,
    press.sections,
    parts.sections,
    health.sections,
)
"""What a reader asks first stands first."""
