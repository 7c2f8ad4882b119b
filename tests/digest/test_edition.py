import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.digest.edition import Edition, day_of
from monitor.errors import MonitorError, StoreError
from monitor.model.brief import Brief, Line
from monitor.model.campaign import Campaign
from monitor.model.poll_week import PollWeek
from monitor.store.store import Store
from monitor.words.voice import Voice, voice
from tests.digest.briefs import FRIDAY, PNG, SURGE, VOTE
from tests.people import ALEPPO

DAY = date(2016, 4, 29)
MORNING = datetime(2016, 4, 30, 4, tzinfo=UTC)


def edition(store: Store, brief: Brief) -> tuple[Edition, list[str]]:
    drawn: list[str] = []

    async def gather(*_: object) -> Brief:
        return brief

    def draw(found: Brief, reader: Voice) -> bytes:
        drawn.append(f"{found.campaign} {reader.language} {reader.digits}")
        return PNG

    return Edition(store, MORNING, gather, draw), drawn


def hollow() -> Line:
    line = SURGE.lines[0]
    return line.model_copy(update={"points": tuple(point.model_copy(update={"value": None}) for point in line.points)})


def test_a_day_is_the_campaigns_own():
    window = day_of(ALEPPO, DAY)
    assert (window.start, window.end) == (FRIDAY.start, FRIDAY.end)


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25), (date(2024, 5, 1), 24)])
def test_a_day_with_a_clock_change_is_whole(day: date, hours: int):
    berlin = Campaign(slug="b", title="B", zone="Europe/Berlin", families=())
    assert day_of(berlin, day).length == timedelta(hours=hours)


async def test_the_same_voice_reads_the_same_mail(store: Store):
    made, drawn = edition(store, SURGE)
    mails = [await made.content([ALEPPO], DAY, voice("en", "Asia/Damascus")) for _ in range(3)]
    assert mails[0] is mails[1] is mails[2]
    assert drawn == ["save-aleppo en western"]


async def test_readers_on_other_clocks_share_the_chart(store: Store):
    made, drawn = edition(store, SURGE)
    for zone in ("Asia/Damascus", "Europe/Berlin"):
        await made.content([ALEPPO], DAY, voice("ar", zone))
    assert drawn == ["save-aleppo ar western"]


async def test_other_digits_have_a_chart_of_their_own(store: Store):
    made, drawn = edition(store, SURGE)
    for digits in ("western", "arabic"):
        await made.content([ALEPPO], DAY, voice("ar", "Asia/Damascus", digits))
    assert drawn == ["save-aleppo ar western", "save-aleppo ar arabic"]


async def test_only_what_the_mail_shows_is_drawn(store: Store):
    drawn: list[str] = []

    async def gather(_store: Store, campaign: Campaign, *_: object) -> Brief:
        return SURGE.model_copy(update={"campaign": campaign.slug})

    def draw(found: Brief, _reader: Voice) -> bytes:
        drawn.append(found.campaign)
        return PNG

    many = [Campaign(slug=f"c{number:02}", title="C", zone="UTC", families=()) for number in range(20)]
    content = await Edition(store, MORNING, gather, draw).content(many, DAY, voice("en"))
    assert len(content.charts) <= len(drawn) <= len(content.charts) + 1


@pytest.mark.parametrize("lines", [(), (hollow(),)])
async def test_where_nothing_was_seen_nothing_is_drawn(store: Store, lines: tuple[Line, ...]):
    made, drawn = edition(store, SURGE.model_copy(update={"lines": lines}))
    assert not (await made.content([ALEPPO], DAY, voice("en"))).charts
    assert not drawn


async def test_where_a_chart_can_not_be_drawn_the_mail_goes_without(store: Store, capsys: pytest.CaptureFixture[str]):
    def draw(*_: object) -> bytes:
        raise MonitorError("no more processes")

    content = await replace(edition(store, SURGE)[0], draw=draw).content([ALEPPO], DAY, voice("en"))
    assert not content.charts
    assert "cid:" not in content.html
    assert "no more processes" in capsys.readouterr().out


async def test_a_race_is_drawn_once_for_each_language_and_only_while_it_runs(store: Store):
    races: list[str] = []

    async def gather(*_: object) -> Brief:
        return VOTE

    def draw(week: PollWeek, zone: str, reader: Voice) -> bytes:
        races.append(f"{week.picture} {zone} {reader.language}")
        return PNG

    made = Edition(store, MORNING, gather, lambda *_: PNG, draw)
    mails = [await made.content([ALEPPO], DAY, voice(language, "UTC")) for language in ("en", "en", "ar")]
    assert races == ["poll-friday Asia/Damascus en", "poll-friday Asia/Damascus ar"]
    assert list(mails[0].charts) == ["fridays.poll-friday.en@chart"]
    assert list((await edition(store, SURGE)[0].content([ALEPPO], DAY, voice("en"))).charts) == ["save-aleppo.en@chart"]


async def test_who_asks_at_the_same_moment_shares_what_is_being_made(store: Store):
    made, drawn = edition(store, SURGE)
    english = voice("en", "Asia/Damascus")
    first, second = await asyncio.gather(*(made.content([ALEPPO], DAY, english) for _ in range(2)))
    assert first is second
    assert drawn == ["save-aleppo en western"]


async def test_what_failed_for_one_is_tried_again_for_the_next(store: Store):
    answers = iter([StoreError("gone"), SURGE])

    async def gather(*_: object) -> Brief:
        match next(answers):
            case StoreError() as gone:
                raise gone
            case found:
                return found

    made, english = Edition(store, MORNING, gather, lambda *_: PNG), voice("en")
    first, second = await asyncio.gather(
        made.content([ALEPPO], DAY, english), made.content([ALEPPO], DAY, english), return_exceptions=True
    )
    assert isinstance(first, StoreError)
    assert second.charts


async def test_the_campaigns_of_one_mail_are_read_while_another_is_drawn(store: Store):
    read, (one, other) = asyncio.Event(), (Campaign(slug=name, title=name, zone="UTC", families=()) for name in "ab")
    loop = asyncio.get_running_loop()

    async def gather(_store: Store, campaign: Campaign, *_: object) -> Brief:
        if campaign is other:
            read.set()
        return SURGE.model_copy(update={"campaign": campaign.slug})

    def draw(found: Brief, _reader: Voice) -> bytes:
        if found.campaign == one.slug:  # drawn only once the other campaign is read
            asyncio.run_coroutine_threadsafe(read.wait(), loop).result(10)
        return PNG

    made, english = Edition(store, MORNING, gather, draw), voice("en")
    mails = await asyncio.gather(*(made.content([campaign], DAY, english) for campaign in (one, other)))
    assert [len(mail.charts) for mail in mails] == [1, 1]
