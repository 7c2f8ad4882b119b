"""From the real store to the reasons of a spike."""

from datetime import UTC, datetime, timedelta

from monitor.digest import gather
from monitor.model.brief import Brief
from monitor.model.finding import Cause
from monitor.model.mention import Counts
from monitor.model.metric import language_subject
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.store import ingest, runs
from monitor.store.store import Store
from tests.people import ALEPPO

FRIDAY = datetime(2016, 4, 28, 21, tzinfo=UTC)  # midnight in Damascus
NOW = FRIDAY + timedelta(hours=20)
PAST = Window(FRIDAY - timedelta(days=9), NOW)
SURGE = 14


def post(platform: str, hour: int, number: int, *, tag: str = "SaveAleppo", language: str = "en") -> Sighting:
    """Return a post of an hour after midnight, by somebody who posts nothing else in it."""
    at = int((FRIDAY + timedelta(hours=hour)).timestamp()) + number
    subjects = (*ALEPPO.subjects([tag]), language_subject(language))
    return Sighting(f"{platform} {hour} {number}", at, subjects, Counts(), author=f"{number:016x}")


async def stored(store: Store, *surge: Sighting) -> Brief:
    """Return the brief of a day on which something came on top of four usual posts an hour."""
    await runs.declare(store, ALEPPO.slug, {"mastodon": "mastodon", "telegram": "telegram"}, PAST.start)
    for platform in ("mastodon", "telegram"):
        usual = [
            post(platform, hour, number, tag=("SaveAleppo", "أنقذوا_حلب")[number], language=("en", "ar")[number])
            for hour in range(-9 * 24, 20)
            for number in (0, 1)
        ]
        seen = [*usual, *(one for one in surge if one.id.startswith(platform))]
        now, standing = int(NOW.timestamp()), Standing({"at": 1}, (PAST,))
        for first in range(0, len(seen), 200):
            part = seen[first : first + 200]
            batch = Batch(
                ALEPPO.slug, ALEPPO.zone, platform, platform, "posts", now, now, part, walk="w", standing=standing
            )
            await ingest.write(store, batch)
    return await gather.brief(store, ALEPPO, Window(FRIDAY, NOW), NOW)


async def test_a_spike_tells_the_platform_that_rose_and_how_many_people_took_part(store: Store):
    some = [
        post("telegram", SURGE, number, tag=("SaveAleppo", "أنقذوا_حلب")[number % 2], language=("en", "ar")[number % 2])
        for number in range(10, 90)
    ]
    (spike,) = (await stored(store, *some)).spikes
    assert [(driver.cause, driver.name) for driver in spike.drivers] == [(Cause.PLATFORM, "telegram")]
    assert spike.sole
    assert spike.crowd.posts >= 80
    assert 78 <= spike.crowd.authors <= 90


async def test_a_spike_tells_the_spelling_and_the_language_that_rose(store: Store):
    some = [
        post(platform, SURGE, number, tag="أنقذوا_حلب", language="ar")
        for platform in ("mastodon", "telegram")
        for number in range(10, 50)
    ]
    (spike,) = (await stored(store, *some)).spikes
    assert {driver.cause for driver in spike.drivers} == {Cause.SPELLING, Cause.LANGUAGE}
    assert spike.drivers[0].expected < 3
    assert spike.drivers[0].value > 75


async def test_a_spike_of_everything_alike_has_no_single_driver(store: Store):
    some = [
        post(platform, SURGE, number, tag=("SaveAleppo", "أنقذوا_حلب")[number % 2], language=("en", "ar")[number % 2])
        for platform in ("mastodon", "telegram")
        for number in range(10, 50)
    ]
    (spike,) = (await stored(store, *some)).spikes
    assert (spike.drivers, spike.sole) == ((), False)
