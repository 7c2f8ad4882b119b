"""What briefs and reports are made of: a total that may be partial, a drawn line, a headline."""

from datetime import datetime

from monitor.model.table import Record


class Level(Record):
    """A total and how far it can be trusted: None = not told by anyone; `partial` when a gap lies in its window."""

    value: float | None
    partial: bool = False


class Headline(Record):
    """One article of the press.

    `names` are keys of a poll's names that it prints; `compared` says that it names nothing else of the campaign.
    """

    title: str
    outlet: str
    language: str | None = None
    link: str | None = None
    at: datetime
    names: tuple[str, ...] = ()
    compared: bool = False


class Point(Record):
    """One cell of a drawn line; None is a gap and drawn as a hole."""

    at: datetime
    value: float | None


class Line(Record):
    """A series to be drawn: name, width of its cells in seconds, points, and the usual level beside them.

    `low` and `high` hold a cell in 90 of 100 cases, as far as the weeks before tell.
    """

    name: str
    cell_seconds: int
    points: tuple[Point, ...]
    expected: tuple[Point, ...] = ()
    low: tuple[Point, ...] = ()
    high: tuple[Point, ...] = ()
