"""A report on paper: what the mail says of a campaign, its charts, its tables and the method note, as one HTML file.

It needs nothing from elsewhere and runs no script; a browser prints it as PDF.
"""

import base64
from pathlib import Path
from typing import Any, BinaryIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.charts import numbers, race
from monitor.digest import terms
from monitor.digest.outline import outline
from monitor.exports.asked import Asked
from monitor.exports.book import Book
from monitor.exports.pictures import raced

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "report.html"
WIDE = 640  # pixels of a chart: its letters are then as tall as those of the text

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def write(book: Book, _: Asked, file: BinaryIO) -> None:
    """Write the report."""
    file.write(_environment.get_template(PAGE).render(_context(book)).encode())


def _context(book: Book) -> dict[str, Any]:
    brief, voice = book.brief, book.voice
    told = outline(brief, voice)
    return {
        "told": told,
        "say": voice.say,
        "language": str(voice.locale).replace("_", "-"),
        "direction": "rtl" if voice.is_rtl else "ltr",
        "when": terms.when(brief, voice),
        "note": book.note,
        "pictures": _pictures(book),
    }


def _pictures(book: Book) -> dict[str, str]:
    """Return the charts as they stand in the page, by name."""
    brief, voice = book.brief, book.voice
    races = {week.picture: race.png(week, brief.zone, voice, width=WIDE) for week in raced(brief)}
    drawn = ({"numbers": numbers.png(brief, voice, width=WIDE)} if brief.lines else {}) | races
    return {name: f"data:image/png;base64,{base64.b64encode(image).decode()}" for name, image in drawn.items()}
