"""The Friday report of what is in the store."""

from dataclasses import replace

import pytest

from monitor.collect.names import Voted
from monitor.collect.observe import observe
from monitor.digest import gather
from monitor.digest.friday import report
from monitor.model.campaign import Campaign
from monitor.model.figure import Headline
from monitor.model.mention import Article
from monitor.model.metric import WHOLE
from monitor.model.race import Stage
from monitor.model.sighting import Batch
from monitor.model.window import Window
from monitor.store import headlines, ingest
from tests.collect.test_names import BREAD, CLOSES, DAY, HOUR, OPENED, POLL, SIEGE, closed, week
from tests.collect.test_naming import BREAD_TAG, LISTED, SIEGE_TAG, Town
from tests.people import ALEPPO

FOLLOWED = replace(ALEPPO, polls=(POLL,))
FRIDAY = CLOSES + 2 * DAY


@pytest.fixture
async def town(store) -> Town:
    """A week that went as weeks go: people voted and posted, and the siege won."""
    town = Town(store)
    await town.vote(week(SIEGE, BREAD))
    for hour, tag in ((1, BREAD_TAG), (2, BREAD_TAG), (4, SIEGE_TAG)):
        town.write(tag, at=OPENED + hour * HOUR)
    await town.look(OPENED + 20 * HOUR)
    await town.vote(closed(SIEGE, BREAD))
    for hour, tag in ((1, SIEGE_TAG), (2, SIEGE_TAG), (2, BREAD_TAG), (3, LISTED), (9, SIEGE_TAG)):
        town.write(tag, at=CLOSES + hour * HOUR)
    await town.look(CLOSES + 10 * HOUR)
    return town


async def press(store, campaign: Campaign, *articles: tuple[str, str, float]) -> None:
    """Let outlets print titles so many hours after the closing."""
    told = [
        Article("feeds", f"{outlet}-{after}", CLOSES + after * HOUR, outlet, "ar", title)
        for outlet, title, after in articles
    ]
    now = CLOSES + 11 * HOUR
    seen = observe(campaign, told, now=now)
    epoch = int(now.timestamp())
    await ingest.write(store, Batch("aleppo", "UTC", "feeds", "press", "articles", epoch, epoch, seen.articles))


async def test_the_report_of_a_week_says_what_people_made_of_the_name(town, store):
    found = await report(store, await town.campaign(FRIDAY), Voted(POLL, closed(SIEGE, BREAD)), FRIDAY, FRIDAY)
    assert found is not None
    assert (found.winner.hashtag, found.winner.posts.value, found.winner.share) == (f"#{SIEGE_TAG}", 3, 0.75)
    assert found.winner.first_used == OPENED + 4 * HOUR
    assert [one.posts.value for one in found.others] == [1]
    assert [line.name for line in found.campaign] == ["#SaveAleppo", "#أنقذوا_حلب"]


async def test_the_first_outlet_that_printed_the_name_is_found_though_it_names_nothing_else(town, store):
    voting = await town.campaign(FRIDAY)
    articles = (("enab", "مظاهرات في جمعة كسر الحصار", 3), ("bbc", "جمعة كسر الحصار في حلب", 5))
    await press(store, voting, *articles, ("late", "خبز وحرية", 6))
    found = await report(store, voting, Voted(POLL, closed(SIEGE, BREAD)), FRIDAY, FRIDAY)
    assert found is not None
    assert found.printed is not None
    assert (found.printed.outlet, found.printed_after) == ("enab", 3.0)


async def test_an_article_that_prints_a_losing_name_is_no_headline_of_the_campaign(town, store):
    voting = await town.campaign(FRIDAY)
    article = Article("feeds", "a", CLOSES + HOUR, "enab", "ar", "خبز وحرية")
    (sighting,) = observe(voting, [article], now=FRIDAY).articles
    assert sighting.subjects == ("tag/جمعه_خبز_وحريه",)
    assert WHOLE in observe(voting, [replace(article, title="جمعة كسر الحصار")], now=FRIDAY).articles[0].subjects
    await press(store, voting, ("enab", "خبز وحرية", 6), ("bbc", "حلب", 5))
    assert [one.outlet for one in await headlines.within(store, "aleppo", Window(OPENED, FRIDAY), 1)] == ["bbc"]


async def test_long_after_a_name_went_its_report_is_still_the_same(town, store):
    voted = Voted(POLL, closed(SIEGE, BREAD))
    then = await report(store, await town.campaign(FRIDAY), voted, FRIDAY, FRIDAY)
    later = await report(store, ALEPPO, voted, FRIDAY, FRIDAY + 30 * DAY)
    assert then == later


@pytest.mark.parametrize("until", [OPENED + HOUR, CLOSES])
async def test_before_the_closing_there_is_no_report(town, store, until):
    assert await report(store, ALEPPO, Voted(POLL, closed(SIEGE, BREAD)), until, FRIDAY) is None


async def test_while_nobody_can_say_who_won_there_is_no_report(town, store):
    open_still = Voted(POLL, week(SIEGE, BREAD, stage=Stage.CLOSED))
    assert await report(store, ALEPPO, open_still, FRIDAY, FRIDAY) is None


async def test_the_brief_of_a_friday_carries_the_report(town, store):
    (told,) = (await gather.brief(store, FOLLOWED, Window(FRIDAY - DAY, FRIDAY), FRIDAY)).polls
    assert told.friday is not None
    assert told.friday.winner.label == SIEGE


async def test_headlines_of_the_campaign_are_found_behind_many_that_are_only_compared(town, store):
    voting = await town.campaign(FRIDAY)
    await press(store, voting, ("bbc", "حلب", 1), *((f"o{n}", "خبز وحرية", 2 + n / 100) for n in range(30)))
    found = await headlines.within(store, "aleppo", Window(OPENED, FRIDAY), 5)
    assert [(one.outlet, type(one)) for one in found] == [("bbc", Headline)]
