"""What a list of a mail is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of a section; `share` (0 to 1) draws a bar, `link` makes it a link."""

    text: str
    note: str = ""
    share: float | None = None
    link: str | None = None


@dataclass(frozen=True)
class Section:
    """A heading and its lines; `picture` is what a chart of it is called, `alt` what that shows."""

    title: str
    rows: tuple[Row, ...]
    picture: str | None = None
    alt: str = ""


def web(link: str | None) -> str | None:
    """Return a link that a mail may carry: never a script, nor one that breaks out of its line."""
    usable = link is not None and link.startswith(("https://", "http://")) and link.isprintable() and " " not in link
    return link if usable else None
