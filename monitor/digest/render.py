"""Briefs of a day to one mail's subject, plain text and HTML: most moved first, the verdict before everything.

The plain text tells everything. HTML tells in full as many campaigns as stay under the size at which Gmail cuts a mail
off, and all of them in the table on top.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.digest.layout import STANDARD, Layout
from monitor.digest.leaving import HERE
from monitor.digest.outline import Outline, method, outline
from monitor.digest.parts import between
from monitor.digest.sentences import against
from monitor.model.brief import Brief, State
from monitor.words.voice import RIGHT_TO_LEFT_MARK, Voice

HTML_LIMIT = 95_000  # bytes; Gmail cuts at 102 kB
MOST_TOLD_IN_FULL = 10  # campaigns; nobody reads more, and each brings its picture

URGENCY = (State.SPIKE, State.BLIND, State.RISING, State.FALLING, State.STEADY, State.QUIET)
COLOURS = {
    "spike": "#b3261e", "rising": "#0b6e4f", "steady": "#2f5d8a", "falling": "#8a5a00", "quiet": "#5f6b7a",
    "blind": "#3b3b3b",
}  # fmt: skip


@dataclass(frozen=True)
class Rendered:
    """One mail's content: `in_full` are the campaigns HTML tells in full, `charts` their inline PNGs by content id."""

    subject: str
    text: str
    html: str
    language: str
    in_full: tuple[str, ...]
    charts: Mapping[str, bytes] = field(default_factory=dict)


def ordered(briefs: Sequence[Brief]) -> list[Brief]:
    """Return the briefs, most urgent and most moved first."""
    return sorted(briefs, key=lambda brief: (URGENCY.index(brief.state), -_moved(brief), brief.campaign))


@dataclass(frozen=True)
class Draft:
    """A mail that is all there but for its pictures: it knows which ones it has a place for."""

    outlines: Sequence[Outline]  # most urgent first
    voice: Voice
    layout: Layout
    full: int  # how many of them HTML tells in full

    @property
    def in_full(self) -> tuple[str, ...]:
        """The campaigns whose pictures have a place."""
        return tuple(told.slug for told in self.outlines[: self.full])

    def finished(self, charts: Mapping[str, bytes]) -> Rendered:
        """Return the mail; `charts` are PNGs by name, a missing one is left out.

        A campaign's chart is called by its slug, that of a section `SLUG.PICTURE`.
        """
        told = self.outlines[: self.full]
        pictures = {_cid(name, self.voice): charts[name] for one in told for name in one.pictures if name in charts}
        html = self.layout.page(_context(self.outlines, self.full, self.voice, set(pictures)))
        return Rendered(
            subject=_subject(self.outlines, self.voice),
            text=_text(self.outlines, self.voice, self.layout),
            html=html,
            language=str(self.voice.locale).replace("_", "-"),
            in_full=self.in_full,
            charts={cid: png for cid, png in pictures.items() if f"cid:{cid}" in html},
        )


def draft(briefs: Sequence[Brief], voice: Voice, layout: Layout = STANDARD) -> Draft:
    """Return a mail about `briefs` (at least one) that waits for its pictures."""
    parts = between(briefs, voice)
    outlines = [replace(outline(brief, voice), part=_beside(brief, parts, voice)) for brief in ordered(briefs)]
    return Draft(outlines, voice, layout, _fitting(outlines, voice, layout))


def _beside(brief: Brief, parts: Mapping[str, str], voice: Voice) -> str:
    """Return what stands beside a campaign in the table of all: how it moved, and which part of all posts it has."""
    return voice.listed([told for told in (against(brief, voice), parts.get(brief.campaign, "")) if told])


def rendered(briefs: Sequence[Brief], voice: Voice, charts: Mapping[str, bytes], layout: Layout = STANDARD) -> Rendered:
    """Render one mail about `briefs` (at least one), with those of the `charts` that it has a place for."""
    return draft(briefs, voice, layout).finished(charts)


def _moved(brief: Brief) -> float:
    total = brief.total(brief.headline_metric)
    ratios = (total.change, total.week_change) if total else ()
    return max((abs(ratio) for ratio in ratios if ratio is not None), default=0.0)


def subject(briefs: Sequence[Brief], voice: Voice) -> str:
    """Return the verdict in a few words: of the first campaign, and how many more there are."""
    return _subject([outline(brief, voice) for brief in ordered(briefs)], voice)


def _subject(outlines: Sequence[Outline], voice: Voice) -> str:
    first, others = outlines[0], len(outlines) - 1
    if not others:
        return first.short
    return voice.listed([first.short, voice.count("and {n} more campaign", "and {n} more campaigns", others)])


def _text(outlines: Sequence[Outline], voice: Voice, layout: Layout) -> str:
    text = layout.text({"outlines": outlines, "heads": _heads(outlines, voice)})
    text = re.sub(r"\n{3,}", "\n\n", text.strip())
    lines = [line.rstrip() for line in text.split("\n")]
    # a client that guesses a line's direction from its first letter must not take a Latin hashtag for it
    mark = RIGHT_TO_LEFT_MARK if voice.is_rtl else ""
    return "\n".join(line if not line or line.lstrip().startswith("http") else mark + line for line in lines) + "\n"


def _fitting(outlines: Sequence[Outline], voice: Voice, layout: Layout) -> int:
    """Return how many campaigns can be told in full, with every picture they may have; one at least."""
    pictures = {_cid(name, voice) for told in outlines for name in told.pictures}

    def is_too_much(full: int) -> bool:
        return len(layout.page(_context(outlines, full, voice, pictures)).encode()) > HTML_LIMIT

    most = min(len(outlines), MOST_TOLD_IN_FULL)
    # the place of the first number that is too much, counted from 0, is the last number that is not
    return most if most == 1 or not is_too_much(most) else bisect_left(range(1, most), 1, lo=1, key=is_too_much)


def _cid(name: str, voice: Voice) -> str:
    """Return what a picture is called inside of a mail."""
    return f"{name}.{voice.language}@chart"


def _context(outlines: Sequence[Outline], full: int, voice: Voice, pictures: set[str]) -> Mapping[str, Any]:
    """Return all that the template of a page may name."""
    return {
        "outlines": outlines,
        "full": outlines[:full],
        "heads": _heads(outlines, voice, left=len(outlines) - full),
        "language": voice.language,
        "direction": "rtl" if voice.is_rtl else "ltr",
        "start": "right" if voice.is_rtl else "left",
        "end": "left" if voice.is_rtl else "right",
        "colours": COLOURS,
        "pictures": pictures,
    }


def _heads(outlines: Sequence[Outline], voice: Voice, left: int = 0) -> Mapping[str, str]:
    """Return the words of a mail that belong to no campaign."""
    return {
        "all": voice.say("All campaigns"),
        "numbers": voice.say("The numbers"),
        "longer": voice.say("The longer view"),
        "reading": voice.say("How to read this"),
        "method": method(outlines, voice),
        "definitions": voice.say("What each number means"),
        "left": voice.count(
            "{n} campaign stands in the text part only.", "{n} campaigns stand in the text part only.", left
        ),
        "listed": voice.say("You get this mail because you are listed as a recipient."),
        "unsubscribe": voice.say("Unsubscribe"),
        "leave": HERE,
    }
