"""What a brief says, in the reader's language: the door for mail, terminal and page alike.

A language is `en`, `ar` or a whole `Voice`; by a language alone, times are on the campaign's clock.
"""

from monitor.digest import sentences
from monitor.digest.outline import method, outline
from monitor.model.brief import Brief
from monitor.words.voice import Voice, message, voice

Language = str | Voice

PASTE = message("Keep those that are right, and put these lines in the place of the old ones in the campaign's file:")


def verdict(brief: Brief, language: Language = "en") -> str:
    """Return the one sentence to be read first."""
    return sentences.verdict(brief, spoken(language, brief))


def lines(brief: Brief, language: Language = "en") -> list[str]:
    """Return what follows the verdict, one finding a line."""
    told = outline(brief, spoken(language, brief))
    found = [f"{figure.label}: {figure.now} ({figure.kind})" for figure in told.figures]
    found += [told.untold] if told.untold else []
    for section in told.sections:
        found += [f"{section.title}: {row.text} {row.note}".strip() for row in section.rows]
    return [*found, method([told], spoken(language, brief))]


def pasting(language: Language, brief: Brief) -> str:
    """Return what to do with the lines that list spellings which were seen."""
    return spoken(language, brief).say(PASTE)


def spoken(language: Language, brief: Brief) -> Voice:
    """Return the voice that speaks of `brief` in a language."""
    return voice(language, brief.zone) if isinstance(language, str) else language
