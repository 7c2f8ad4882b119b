"""The lists of a mail below its numbers, in the order in which they are read; each subject has a file of its own."""

from collections.abc import Callable, Iterator

from monitor.digest import health, naming, parts, press, sentences
from monitor.digest.section import Row, Section
from monitor.model.brief import Brief
from monitor.words.voice import Voice

MOST_SPIKES = 8  # a mail is read in two minutes


def of(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield the sections of a campaign in the order they are read; some may have no rows."""
    for subject in ORDER:
        yield from subject(brief, voice)


def why(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield what moved the numbers."""
    rows = [Row(sentences.spike(found, voice)) for found in brief.spikes[:MOST_SPIKES]]
    driver = sentences.driver(brief, voice)
    rows += [Row(driver)] if driver is not None else []
    yield Section(voice.say("Why it moved"), tuple(rows))


ORDER: tuple[Callable[[Brief, Voice], Iterator[Section]], ...] = (
    why,
    naming.sections,
    press.sections,
    parts.sections,
    health.sections,
)
"""What a reader asks first stands first."""
