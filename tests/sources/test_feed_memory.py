"""Whatever an outlet does to its articles between two runs: each counts once, and what is covered was seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import SourceError
from monitor.model.window import Window, merged
from tests.people import NOON
from tests.sources import ask
from tests.sources.test_feeds import CAMPAIGN, SETTINGS, Item, dated, rss

SINCE = NOON - timedelta(days=2)
WINDOW = 10  # articles in the feed


@dataclass(frozen=True)
class Step:
    """What happens before a run: new articles, changes to one of those in the feed, and whether the server fails."""

    articles: int
    minutes: int
    change: str
    place: int
    fails: bool


CHANGES = ["", "title", "link", "guid", "revision", "scheme", "tracking", "redate"]
STEPS = st.lists(
    st.builds(
        Step,
        articles=st.integers(0, 14),
        minutes=st.integers(1, 200),
        change=st.sampled_from(CHANGES),
        place=st.integers(0, WINDOW - 1),
        fails=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@dataclass
class World:
    """An outlet over time, and what a collector has stored of it."""

    items: list[Item] = field(default_factory=lambda: [dated(number, 20 - number) for number in range(WINDOW)])
    moments: list[datetime] = field(default_factory=lambda: [NOON - timedelta(hours=20 - n) for n in range(WINDOW)])
    now: datetime = NOON
    ids: dict[str, set[int]] = field(default_factory=dict)
    covered: tuple[Window, ...] = ()
    cursor: Mapping[str, Any] | None = None

    def happen(self, step: Step) -> None:
        for place in range(step.articles):
            at = self.now + timedelta(minutes=step.minutes) * (place / step.articles)
            self.items.append(dated(len(self.items), (NOON - at) / timedelta(hours=1)))
            self.moments.append(at.replace(microsecond=0))
        self.now += timedelta(minutes=step.minutes)
        place = len(self.items) - 1 - step.place
        if not step.fails:  # two changes between two looks are another article
            self.items[place] = changed(self.items[place], step.change)

    async def run(self, step: Step) -> None:
        shown = self.items[-WINDOW:]

        def answer(_request: httpx.Request) -> httpx.Response:
            return httpx.Response(500) if step.fails else httpx.Response(200, content=rss(reversed(shown)))

        source = ask.source(SETTINGS, answer, self.now)
        try:
            async for page in source.pages(ask.Ask(source.walks(CAMPAIGN)[0], self.cursor, SINCE, self.now)):
                self.note([mention.id for mention in page.mentions][::-1], len(self.items) - len(shown))
                self.cursor = json.loads(json.dumps(page.cursor))
                self.covered = merged((*self.covered, page.covered)) if page.covered else self.covered
        except SourceError:
            assert step.fails

    def note(self, ids: list[str], first: int) -> None:
        for number, one in enumerate(ids, start=first):
            self.ids.setdefault(one, set()).add(number)


def changed(item: Item, how: str) -> Item:
    """Return an item as an outlet changes it: never more than one of id, link and title at a time."""
    other = {
        "title": {"title": f"{item.title}, corrected"},
        "link": {"link": f"{item.link}/moved"},
        "guid": {"guid": f"urn:{item.guid}"},
        "revision": {"guid": f"{item.guid.partition('#')[0]}#1"},
        "scheme": {"guid": item.guid.replace("https:", "http:")},
        "tracking": {"link": f"{item.link.partition('?')[0]}?utm_source=rss"},
        "redate": {"date": "Fri, 29 Apr 2016 11:59:59 GMT"},
    }
    return replace(item, **other.get(how, {}))


@settings(max_examples=25, deadline=None)
@given(STEPS)
async def test_each_article_counts_once_whatever_is_changed_of_it(steps: list[Step]) -> None:
    world = World()
    for step in steps:
        world.happen(step)
        await world.run(step)
    assert [numbers for numbers in world.ids.values() if len(numbers) > 1] == []
    seen = [number for numbers in world.ids.values() for number in numbers]
    assert len(seen) == len(set(seen))


@settings(max_examples=25, deadline=None)
@given(STEPS)
async def test_what_is_covered_was_seen(steps: list[Step]) -> None:
    world = World()
    for step in steps:
        world.happen(replace(step, change=""))
        await world.run(step)
    seen = {number for numbers in world.ids.values() for number in numbers}
    covered = [n for n, moment in enumerate(world.moments) if any(moment in window for window in world.covered)]
    assert set(covered) <= seen
