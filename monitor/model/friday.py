"""What became of a poll's name on the street: how far people, and the press, took it up."""

from datetime import datetime

from monitor.model.figure import Headline, Level, Line
from monitor.model.table import Record


class Rhythm(Record):
    """Whether posts under a name came before its votes or after them, while people voted.

    `hours` above 0: the posts came first, by so many hours; the true lag lies between `low` and `high` in nine cases of
    ten. All None when the evidence does not say: not clear.
    """

    hours: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_clear(self) -> bool:
        return self.hours is not None


class Adopted(Record):
    """One name that was voted on, as a hashtag: posts and share (0 to 1, of all names' posts) since the poll closed.

    `first_used` is the first hour with a post since the poll opened. `line` are posts by the hour since then.
    """

    key: str
    label: str
    hashtag: str
    posts: Level
    share: float | None = None
    first_used: datetime | None = None
    line: Line
    rhythm: Rhythm = Rhythm()


class FridayReport(Record):
    """The name that won against the others, from the closing of its poll (`since`) until `until`.

    `campaign` are the posts of the campaign's own hashtags by the hour. `printed` is the first article that held the
    name, `printed_after` how many hours after the closing that was (before it: below 0). `apart` are platforms on which
    only the winner is looked for: shares leave them out.
    """

    since: datetime
    until: datetime
    winner: Adopted
    others: tuple[Adopted, ...] = ()
    campaign: tuple[Line, ...] = ()
    apart: tuple[str, ...] = ()
    printed: Headline | None = None
    printed_after: float | None = None
