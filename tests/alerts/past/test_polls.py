"""What a rule of polls would have sent, held beside what it did send."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.alerts.past.polls import past
from monitor.alerts.past.replay import messages
from monitor.alerts.rounds import Watched
from monitor.alerts.rules import Poll as Rule
from monitor.clock import Simulated
from monitor.collect.cycle import decided
from monitor.collect.polls import Followed, due, look
from monitor.errors import SourceUnavailable
from monitor.model.poll import Poll, State, Tally, Weekly
from monitor.model.window import Window
from monitor.model.words import Phrase
from monitor.store import polls
from monitor.store.store import Store
from tests.alerts.cases import HOUR, MINUTE
from tests.alerts.past.lived import SETTINGS, late, lived, told
from tests.people import ALEPPO
from tests.trends.polls import CLOSES, OPENED, tally

POLL = Poll("friday", "Asia/Damascus", opens=Weekly(1, 18), closes=Weekly(2, 24), questions=(Phrase("الجمعة"),))
CAMPAIGN = replace(ALEPPO, polls=(POLL,))
WEEK = Window(OPENED, OPENED + 50 * HOUR)
STEP = 40 * MINUTE
TOPICS = ("lead-change", "close-race", "closing", "closed", "decided", "changed", "flag")
ALL = Watched(CAMPAIGN, (Rule(on="poll", topics=TOPICS, margin_points=3.0),))


@dataclass
class Page:
    """Shows a race that turns after half of its time, and in which one name comes late; down from an hour on."""

    clock: Simulated
    down: float = 1000.0
    platform: str = "played"
    name: str = "played"

    async def newest(self, now: datetime) -> Sequence[Tally]:
        hours = (now - OPENED) / HOUR
        if hours >= self.down:
            raise SourceUnavailable("the page does not answer")
        done = min(hours, (CLOSES - OPENED) / HOUR)
        votes = {"الغضب": int(50 * done), "الصمود": int(40 * done + 60 * max(done - 12, 0))}
        votes |= {"الأمل": int(20 * (done - 27))} if done > 27 else {}
        state = State.CLOSED if now >= CLOSES else State.OPEN
        return [tally(hours, votes, closes_at=CLOSES, state=state)]

    async def look(self, _place: str, now: datetime) -> Tally:
        return (await self.newest(now))[0]

    async def probe(self, _now: datetime) -> str:
        return "a page that is played"


class Street:
    """The poll is looked at whenever that is due; after two days the operator says which name was taken."""

    def __init__(self, store: Store, down: float = 1000.0, name: str = "") -> None:
        self.store, self.clock, self.name = store, Simulated(OPENED), name
        self.followed = Followed(store, "aleppo", POLL, Page(self.clock, down), self.clock)

    async def goes_on(self, now: datetime) -> None:
        self.clock.move_to(now)
        if await due(self.followed) <= now:
            await look(self.followed)
        if self.name and now == OPENED + 48 * HOUR:
            (cycle,) = await polls.cycles(self.store, "aleppo", "friday")
            await polls.put(self.store, "aleppo", decided(cycle, self.name, now, self.name))


async def test_what_is_played_is_what_was_sent(store: Store):
    sent = await lived(store, ALL, WEEK, STEP, Street(store, name="الغضب").goes_on)
    played = list(messages("aleppo", await past(store, CAMPAIGN, ALL.rules, WEEK), SETTINGS.policy("aleppo")))
    assert told(played) == told(sent)
    topics = {one.topic for message in sent for one in message.new}
    assert topics >= {"lead-change", "close-race", "closing", "closed", "decided", "changed", "flag"}
    assert late(sent, played) <= STEP


async def test_what_the_clock_told_while_the_page_was_down_is_played(store: Store):
    sent = await lived(store, ALL, Window(OPENED, CLOSES + HOUR), STEP, Street(store, down=28).goes_on)
    played = list(messages("aleppo", await past(store, CAMPAIGN, ALL.rules, WEEK), SETTINGS.policy("aleppo")))
    assert {one.topic for message in played for one in message.new} == {
        one.topic for message in sent for one in message.new
    }


async def test_without_a_look_nothing_is_known(store: Store):
    found = await past(store, CAMPAIGN, ALL.rules, WEEK)
    assert (found.known, found.doubts) == (None, ("No poll was looked at in this time.",))


async def test_a_year_later_surges_are_told_without_what_explains_them(store: Store):
    await lived(store, ALL, Window(OPENED, OPENED + HOUR), 30 * MINUTE, Street(store).goes_on)
    found = await past(store, CAMPAIGN, ALL.rules, Window(OPENED - timedelta(days=1), OPENED + timedelta(days=300)))
    assert "Whether posts explain a surge of votes is known from 2012-12-31 on" in found.doubts[0]
