"""Charts on a page: drawn once for all who look, in two sizes, with what they show in words and as a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from monitor.charts import paper, series, split, stage
from monitor.charts.drawing import Drawing, Parts
from monitor.charts.palette import PAGE
from monitor.charts.stage import NARROW, WIDE
from monitor.digest import terms
from monitor.words.voice import Voice

SIZES = {"wide": WIDE, "narrow": NARROW}
LIBRARY_BASE = "https://vega.github.io/vega-datasets/"
"""Where the drawing library thinks that a page lies."""

Row = Sequence[str]


@dataclass(frozen=True)
class Picture:
    """One chart as a page holds it. `specs` by size are what a script draws again, with words at the pointer.

    `links` lead to the reasons of spikes, `notes` tell of gaps, `partings` since when something counts otherwise.
    """

    alt: str
    specs: Mapping[str, Mapping[str, Any]]
    svgs: Mapping[str, Markup]
    legend: Sequence[tuple[str, str]]
    head: Row
    rows: Sequence[Row]
    links: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    partings: Sequence[str] = ()


def number(drawing: Drawing, voice: Voice, alt: str) -> Picture:
    """Return the chart of a number."""
    spec = series.chart(drawing, voice, palette=PAGE)
    legend = [(kind, voice.say(series.KINDS[kind])) for kind in drawing.kinds]
    links = [(one.words, one.link) for one in drawing.spikes if one.link]
    notes = [f"{terms.span(gap.start, gap.end, voice)}: {gap.words}" for gap in drawing.gaps]
    partings = [one.words for one in drawing.breaks]
    specs, svgs = _drawn(spec, alt, with_links=bool(links))
    head, rows = _table(drawing, voice)
    return Picture(alt, specs, svgs, legend, head, rows, links, notes, partings)


def parts(held: Parts, voice: Voice, alt: str, *, shares: bool) -> Picture:
    """Return the chart of the parts of a number."""
    spec = split.chart(held, voice, shares=shares, palette=PAGE)
    legend = [(f"part-{place}", part.name) for place, part in enumerate(held.parts, 1)]
    legend += [(kind, voice.say(series.KINDS[kind])) for kind in held.kinds]
    head = [voice.say("Time"), *(part.name for part in held.parts)]
    days = _is_daily(held.at, held.until)
    rows = [[_moment(at, held.zone, voice, days=days), *_row(held, place, voice)] for place, at in enumerate(held.at)]
    return Picture(alt, *_drawn(spec, alt, with_links=False), legend, head, rows)


def _row(held: Parts, place: int, voice: Voice) -> Iterator[str]:
    for part in held.parts:
        yield series.amount(part.values[place], voice, partial=part.is_partial(place))


def _drawn(
    spec: Mapping[str, Any], alt: str, *, with_links: bool
) -> tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Markup]]:
    specs = {name: stage.fitted(spec, size) for name, size in SIZES.items()}
    return specs, {name: _named(paper.svg(one), alt, with_links=with_links) for name, one in specs.items()}


def _named(svg: str, alt: str, *, with_links: bool) -> Markup:
    """Return a drawing with what it shows in words; one that leads somewhere is no mere image to a screen reader."""
    role = "group" if with_links else "img"
    body = svg.removeprefix("<svg ").replace(f'xlink:href="{LIBRARY_BASE}', 'href="')
    body = body.replace('role="graphics-symbol" aria-roledescription="rect mark"', 'role="img"')
    body = body.replace(' role="graphics-symbol" aria-roledescription="rect mark container"', "")  # may be empty
    body = body.replace(' role="graphics-object" aria-roledescription="group mark container"', "")
    return Markup('<svg role="{}" aria-label="{}" ').format(role, alt) + Markup(body)  # noqa: S704 - the library escapes


def _table(drawing: Drawing, voice: Voice) -> tuple[Row, Sequence[Row]]:
    """Return the cells as a table; a column that knows nothing is left out."""
    has_usual, has_beside = "usual" in drawing.kinds, "beside" in drawing.kinds
    days = _is_daily([cell.at for cell in drawing.cells], [cell.until for cell in drawing.cells])
    head = [voice.say("Time"), voice.say("Counted")]
    head += [voice.say("Usual level"), voice.say("Nine of ten lie in here")] if has_usual else []
    head += [voice.say("The window beside it")] if has_beside else []
    rows = []
    for cell in drawing.cells:
        row = [_moment(cell.at, drawing.zone, voice, days=days), series.amount(cell.value, voice, partial=cell.partial)]
        if has_usual:
            row += [series.amount(cell.usual, voice), _between(cell.low, cell.high, voice)]
        rows.append([*row, *([series.amount(cell.beside, voice)] if has_beside else [])])
    return head, rows


def _between(low: float | None, high: float | None, voice: Voice) -> str:
    if low is None or high is None:
        return voice.say("n/a")
    return voice.say("{low} to {high}", low=voice.number(low), high=voice.number(high))


def _is_daily(at: Sequence[Any], until: Sequence[Any]) -> bool:
    return bool(at) and (until[0] - at[0]).total_seconds() > 2 * 3600


def _moment(at: Any, zone: str, voice: Voice, *, days: bool) -> str:
    return voice.dated("EEE d MMM" if days else "EEE d MMM HH:mm", at, zone)
