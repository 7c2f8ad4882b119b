"""Pages of one walk that wait for one write: forty posts a page are soon read, and every write is a way to Redis."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.collect import page
from monitor.collect.observe import Observed, believable
from monitor.model.mention import Mention, Reported
from monitor.model.sighting import Sighting
from monitor.model.source import Cursor, Page, Standing, Walk
from monitor.model.window import Window, merged
from monitor.store import runs

FULL = 240  # sightings
LONGEST = timedelta(seconds=2)
"""How long a page waits for others, on the clock that is handed in: a slow source stores each page as it comes."""


@dataclass
class _Waiting:
    """What was read since the last write, together."""

    since: datetime
    posts: list[Sighting] = field(default_factory=list)
    articles: list[Sighting] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    reported: list[Reported] = field(default_factory=list)
    read: int = 0
    refused: int = 0
    cursor: Cursor | None = None
    covered: list[Window] = field(default_factory=list)


class Pile:
    """What was read of a walk and is not stored yet."""

    def __init__(self, given: page.Assignment, walk: Walk) -> None:
        self.walk = walk
        self._given = given
        self._waiting: _Waiting | None = None

    def add(self, read: Page, seen: Observed, now: datetime) -> None:
        """Lay a page on the others: the cursor is that of the last page that has one, what is covered adds up."""
        waiting = self._waiting = self._waiting or _Waiting(now)
        waiting.posts += seen.posts
        waiting.articles += seen.articles
        waiting.mentions += seen.mentions
        waiting.reported += believable(read.reported, now)
        waiting.read += seen.read
        waiting.refused += seen.refused + read.refused
        waiting.cursor = waiting.cursor if read.cursor is None else read.cursor
        if read.covered is not None:  # nobody has covered the future
            waiting.covered.append(Window(read.covered.start, min(read.covered.end, now)))

    def is_full(self, now: datetime) -> bool:
        """Tell whether it is time to store."""
        waiting = self._waiting
        return waiting is not None and (
            len(waiting.posts) + len(waiting.articles) >= FULL or now - waiting.since >= LONGEST
        )

    async def store(self, now: datetime) -> page.Kept:
        """Store what waits, and with the last of it where the walk stands then."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return page.Kept()
        posts, articles, mentions = tuple(waiting.posts), tuple(waiting.articles), tuple(waiting.mentions)
        seen = Observed(posts, articles, waiting.read, waiting.refused, mentions)
        # asked anew each time: another run of the same source may have covered something meanwhile
        given = self._given
        before = await runs.standing(given.store, given.campaign.slug, given.source.name, self.walk.name)
        cursor = before.cursor if waiting.cursor is None else waiting.cursor
        after = Standing(cursor, merged((*before.covered, *waiting.covered)))
        return await page.write(given, seen, now, page.Along(self.walk.name, after, reported=waiting.reported))
