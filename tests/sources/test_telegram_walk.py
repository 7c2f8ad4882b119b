"""Whatever happens to a channel between two runs, and wherever a run breaks: what is said to be known was read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.errors import SourceError
from monitor.model.window import Window, merged
from tests.people import NOON
from tests.sources import ask
from tests.sources.test_telegram import CAMPAIGN, SETTINGS, Channel, Message, sheet

SINCE = NOON - timedelta(days=2)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Step:
    """What happens before a run, and at which of its calls it breaks (0: it does not)."""

    messages: int
    minutes: int
    skipped: int  # numbers that no message has
    deleted: int
    breaks_at: int
    withheld: bool


STEPS = st.lists(
    st.builds(
        Step,
        messages=st.integers(0, 110),
        minutes=st.integers(0, 300),
        skipped=st.integers(0, 3),
        deleted=st.integers(0, 10),
        breaks_at=st.integers(0, 6),
        withheld=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@dataclass
class World:
    """A channel over time, and what a collector has stored of it."""

    channel: Channel = field(default_factory=lambda: Channel([Message(1, SINCE - timedelta(days=3))]))
    now: datetime = NOON
    number: int = 1
    known: set[str] = field(default_factory=set)
    covered: tuple[Window, ...] = ()
    cursor: Mapping[str, Any] | None = None

    def happen(self, step: Step) -> None:
        """Post, skip numbers and delete, in this order, during the minutes of a step."""
        for place in range(step.messages):
            self.number += 1 + (step.skipped if place % 7 == 0 else 0)
            at = self.now + timedelta(minutes=step.minutes) * (place / step.messages)
            service = "service_message" if place % 11 == 5 else ""
            self.channel.messages.append(Message(self.number, at, extra=service))
        self.now += step.minutes * MINUTE
        for _ in range(min(step.deleted, len(self.channel.messages) - 2)):
            del self.channel.messages[len(self.channel.messages) // 2]

    async def run(self, step: Step) -> bool:
        """Run once as the collector does, each page stored with its cursor; tell whether it went to its end."""
        calls = 0

        def answer(request: httpx.Request) -> httpx.Response:
            nonlocal calls
            calls += 1
            if calls == step.breaks_at:
                return httpx.Response(200, content=sheet([])) if step.withheld else httpx.Response(500)
            return self.channel(request)

        source = ask.source(SETTINGS, answer, self.now)
        asked = ask.Ask(source.walks(CAMPAIGN)[0], self.cursor, SINCE, self.now)
        try:
            async for page in source.pages(asked):
                self.known |= {mention.id for mention in page.mentions}
                self.cursor = json.loads(json.dumps(page.cursor)) if page.cursor is not None else self.cursor
                self.covered = merged((*self.covered, page.covered)) if page.covered else self.covered
        except SourceError:
            return False
        return True

    @property
    def lost(self) -> list[int]:
        """Messages that stand in the channel, at a time that is said to be covered, and were never read."""
        return [
            message.number
            for message in self.channel.messages
            if not message.extra
            and any(message.at in window for window in self.covered)
            and f"1234/{message.number}" not in self.known
        ]


@settings(max_examples=25, deadline=None)
@given(STEPS)
@example([Step(21, 0, 0, 0, breaks_at=1, withheld=True), Step(0, 1, 0, 0, breaks_at=2, withheld=True)])
async def test_what_is_covered_was_read(steps: list[Step]) -> None:
    world = World()
    for step in steps:
        world.happen(step)
        await world.run(step)
        assert world.lost == []


@settings(max_examples=25, deadline=None)
@given(STEPS)
async def test_runs_that_end_well_leave_no_gap(steps: list[Step]) -> None:
    world = World()
    for step in steps:
        world.happen(step)
        await world.run(step)
    world.happen(Step(messages=3, minutes=5, skipped=0, deleted=0, breaks_at=0, withheld=False))
    assert await world.run(Step(0, 0, 0, 0, breaks_at=0, withheld=False))
    assert world.covered == (Window(SINCE, world.now),)
    assert world.lost == []
