from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from monitor.clock import Simulated
from monitor.collect.cycle import decided
from monitor.collect.polls import Followed, current, due, look
from monitor.errors import AccessRefused, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.model.poll import Poll, State, Tally, Weekly
from monitor.model.race import FLAGS, Kind, Stage
from monitor.model.words import Phrase
from monitor.store import polls
from tests.trends.polls import CLOSES, OPENED, tally

DAY = date(2012, 4, 13)
POLL = Poll("friday", "Asia/Damascus", opens=Weekly(1, 18), closes=Weekly(2, 24), questions=(Phrase("الجمعة"),))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass
class Place:
    """Plays a place: what it shows follows from the time."""

    shows: Callable[[float], Sequence[Tally]]
    calls: list[str] = field(default_factory=list)
    platform: str = "played"
    name: str = "played"

    async def newest(self, now: datetime) -> Sequence[Tally]:
        self.calls.append("newest")
        return self.shows((now - OPENED) / HOUR)

    async def look(self, place: str, now: datetime) -> Tally:
        self.calls.append(place)
        return next(one for one in self.shows((now - OPENED) / HOUR) if one.place == place)

    async def probe(self, _now: datetime) -> str:
        return "a place that is played"


def race(hours: float, place: str = "poll/1", closes_at: datetime | None = CLOSES) -> Tally:
    done = min(hours, (CLOSES - OPENED) / HOUR)
    votes = {"الغضب": int(50 * done), "الصمود": int(40 * done)}
    state = State.CLOSED if closes_at and hours >= (closes_at - OPENED) / HOUR else State.OPEN
    return tally(hours, votes, place=place, closes_at=closes_at, state=state)


def followed(store, shows, hours: float = 0.0) -> Followed:
    return Followed(store, "aleppo", POLL, Place(shows), Simulated(OPENED + timedelta(hours=hours)))


async def until(watched: Followed, hours: float) -> int:
    """Look whenever it is due until so many hours after the beginning; return how often."""
    looks = 0
    while (moment := await due(watched)) <= OPENED + timedelta(hours=hours):
        await watched.clock.sleep(max((moment - watched.clock.now()).total_seconds(), 1))
        looks += len(await look(watched))
    return looks


async def cycle(watched: Followed):
    found = await polls.cycle(watched.store, "aleppo", "friday", DAY)
    assert found is not None
    return found


async def test_a_week_goes_from_found_to_confirmed_by_itself(store):
    watched = followed(store, lambda hours: [race(hours)] if hours >= 1 else [])
    assert (await current(store, "aleppo", POLL, OPENED)).stage is Stage.AWAITED
    stages = []
    for hours in (0.5, 2, 29.5, 30.05, 31):
        await until(watched, hours)
        stages.append((await cycle(watched)).stage)
    assert stages == [Stage.AWAITED, Stage.OPEN, Stage.CLOSING, Stage.CLOSED, Stage.CONFIRMED]
    assert (await cycle(watched)).winner == "الغضب"


async def test_looks_get_denser_and_every_one_is_stored(store):
    watched = followed(store, lambda hours: [race(hours)])
    looks = await until(watched, 31)
    stored = await polls.tallies(store, "aleppo", "friday", DAY)
    assert len(stored) == looks
    assert 85 <= looks <= 100
    last_quarter = [one for one in stored if CLOSES - 15 * MINUTE <= one.at < CLOSES]
    assert len(last_quarter) >= 13


async def test_after_the_first_find_the_poll_is_asked_for_by_its_place(store):
    watched = followed(store, lambda hours: [race(hours)])
    await until(watched, 2)
    assert watched.source.calls == ["newest", *["poll/1"] * (len(watched.source.calls) - 1)]


@pytest.mark.parametrize(
    "trouble",
    [
        SourceUnavailable("it is down"),
        UnexpectedPayload("the page shows no poll but 'log in'"),
        AccessRefused("it was deleted"),
    ],
)
async def test_a_look_in_vain_is_recorded_in_words_and_the_last_good_tally_stays(store, trouble):
    def shows(hours: float) -> Sequence[Tally]:
        if hours > 5:
            raise trouble
        return [race(hours)]

    watched = followed(store, shows)
    await until(watched, 6)
    found = await cycle(watched)
    assert found.looked_in_vain == str(trouble)
    assert found.standing.total == sum(one.votes for one in race(4.5).votes)
    assert found.last_look.at <= OPENED + 5 * HOUR < found.looked_at


async def test_a_page_that_recovers_goes_on(store):
    def shows(hours: float) -> Sequence[Tally]:
        if 5 < hours < 7:
            raise SourceUnavailable("it is down")
        return [race(hours)]

    watched = followed(store, shows)
    await until(watched, 8)
    assert (await cycle(watched)).looked_in_vain is None


async def test_a_place_that_shows_another_question_keeps_the_last_good_tally(store):
    def shows(hours: float) -> Sequence[Tally]:
        return [race(hours)] if hours < 5 else [tally(hours, {"red": 9, "blue": 1}, question="Which colour?")]

    watched = followed(store, shows)
    await until(watched, 6)
    assert "no poll with this question" in (await cycle(watched)).looked_in_vain
    assert [line.key for line in (await cycle(watched)).standing.lines] == ["الغضب", "الصمود"]


def reposted(hours: float, at: float = 5) -> Sequence[Tally]:
    again = replace(race(hours - at), at=OPENED + hours * HOUR, place="poll/2", closes_at=CLOSES)
    return [race(hours) if hours < at else again]


class Gone(Place):
    """Says of a poll that is shown no more that it was taken back."""

    async def look(self, place: str, now: datetime) -> Tally:
        if place not in {one.place for one in self.shows((now - OPENED) / HOUR)}:
            raise AccessRefused("it was deleted")
        return await super().look(place, now)


async def test_a_poll_that_was_taken_back_and_posted_again_is_followed(store):
    watched = replace(followed(store, reposted), source=Gone(reposted))
    await until(watched, 10)
    found = await cycle(watched)
    assert (found.place, found.looked_in_vain, found.stage) == ("poll/2", None, Stage.OPEN)
    assert "posted again" in found.remark
    assert not FLAGS & {event.kind for event in found.events}


async def test_a_poll_that_is_posted_again_after_its_name_was_confirmed_changes_nothing(store):
    watched = replace(followed(store, reposted), source=Gone(lambda hours: reposted(hours, 32)))
    await until(watched, 38)
    found = await cycle(watched)
    assert (found.place, found.stage, found.looked_in_vain) == ("poll/1", Stage.CONFIRMED, "it was deleted")


async def test_two_polls_of_one_week_are_remarked(store):
    watched = followed(store, lambda hours: [race(hours, "poll/2"), race(hours, "poll/1")])
    await look(watched)
    assert "1 more polls of this week" in (await cycle(watched)).remark


async def test_a_week_without_a_poll_is_missed(store):
    watched = followed(store, lambda _: [])
    await until(watched, 60)
    assert (await cycle(watched)).stage is Stage.MISSED


async def test_the_next_week_begins_by_itself(store):
    later = timedelta(weeks=1) / HOUR

    def shows(hours: float) -> Sequence[Tally]:
        if hours < later:
            return [race(hours)]
        fresh = tally(hours, {"الأمل": int(hours), "الوفاء": 3}, place="poll/9", closes_at=CLOSES + timedelta(weeks=1))
        return [fresh, race(hours)]

    watched = followed(store, shows)
    await until(watched, later + 3)
    found = await polls.cycles(store, "aleppo", "friday")
    assert [(one.day, one.stage) for one in found] == [(DAY + timedelta(weeks=1), Stage.OPEN), (DAY, Stage.CONFIRMED)]


async def test_a_fixed_page_without_dates_follows_week_after_week(store):
    later = timedelta(weeks=1) / HOUR

    def shows(hours: float) -> Sequence[Tally]:
        names = (
            {"الغضب": int(50 * min(hours, 30)), "الصمود": 5} if hours < later else {"الأمل": int(hours), "الوفاء": 3}
        )
        return [tally(hours, names, place="https://poll.example")]

    watched = followed(store, shows)
    await until(watched, later + 3)
    this, last = await polls.cycles(store, "aleppo", "friday")
    assert {line.key for line in last.standing.lines} == {"الغضب", "الصمود"}
    assert {line.key for line in this.standing.lines} == {"الامل", "الوفاء"}


async def test_votes_after_the_end_are_flagged_with_looks_that_are_kept(store):
    def shows(hours: float) -> Sequence[Tally]:
        extra = int(100 * max(0.0, hours - 30))
        return [tally(hours, {"الغضب": 500, "الصمود": 400 + extra}, closes_at=CLOSES)]

    watched = followed(store, shows)
    await until(watched, 37)
    (flag,) = [event for event in (await cycle(watched)).events if event.kind is Kind.VOTES_AFTER_CLOSING]
    for shown in (flag.before, flag.after):
        assert await polls.snapshot(store, "aleppo", shown.digest)


async def test_a_failing_place_is_not_asked_more_often_than_the_rhythm(store):
    def shows(_: float) -> Sequence[Tally]:
        raise SourceUnavailable("it is down")

    watched = followed(store, shows)
    await until(watched, 10)
    assert len(watched.source.calls) <= 21


async def test_nothing_else_than_an_error_of_the_source_is_swallowed(store):
    def shows(_: float) -> Sequence[Tally]:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        await look(followed(store, shows))
    assert issubclass(UnexpectedPayload, SourceError)


async def test_what_the_operator_decides_while_the_place_is_asked_stays_decided(store):
    watched = followed(store, lambda hours: [race(hours)])
    await until(watched, 40)
    said = decided(await cycle(watched), "الصمود", watched.clock.now())

    class Slow(Place):
        async def look(self, place: str, now: datetime) -> Tally:
            await polls.put(store, "aleppo", said)
            return await super().look(place, now)

    slow = replace(watched, source=Slow(watched.source.shows))
    await watched.clock.sleep((OPENED + 54.1 * HOUR - watched.clock.now()).total_seconds())
    assert await look(slow)
    assert ((await cycle(slow)).stage, (await cycle(slow)).winner) == (Stage.OVERTURNED, "الصمود")


async def test_an_end_in_the_past_is_told_with_its_date(store):
    old = tally(1, {"الغضب": 1, "الصمود": 2}, closes_at=CLOSES - timedelta(weeks=9))
    watched = followed(store, lambda _: [old])
    await look(watched)
    assert "ended on 2012-02-08 21:00 UTC" in (await cycle(watched)).looked_in_vain
