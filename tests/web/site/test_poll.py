"""The page of a naming poll: what mails say of it, every number of the chart in a table, flags with their proof."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import httpx
import pytest

from monitor.collect.looks import next_look
from monitor.collect.names import Voted
from monitor.digest import race, street
from monitor.digest.friday import report
from monitor.model.poll import Votes
from monitor.store import polls
from monitor.web.site.proof import proofs
from monitor.words.voice import voice
from tests.collect.test_names import BREAD, SIEGE, closed
from tests.collect.test_names import POLL as FRIDAYS
from tests.digest import races
from tests.digest.test_friday import FRIDAY, town  # noqa: F401 - a fixture
from tests.web.api.test_api import Home
from tests.web.site import ballots
from tests.web.site.asking import asking

NOW = races.OPENS + 23 * races.HOUR
WEEK = f"/campaigns/aleppo/polls/friday/{races.DAY}"
ENGLISH = voice("en", "Asia/Damascus")


@pytest.fixture
async def ask(store) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(store, NOW, Home()) as client:
        yield client


@pytest.fixture
async def running(store):
    return await ballots.running(store)


async def read(ask, path: str = WEEK, **query: str) -> str:
    answer = await ask.get(path, params=query)
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize(("language", "told"), [("en", "-20 to +40"), ("ar", "\u2068-20\u2069 إلى \u2068+40\u2069")])
def test_between_looks_that_know_bounds_the_difference_has_bounds_too(language, told):
    looks = [replace(races.look(hours, races.counts(1)), digest=str(hours)) for hours in (1, 2)]
    before, after = [
        replace(look, votes=tuple(Votes(None, low, low + 30) for _ in look.votes))
        for look, low in zip(looks, (100, 110), strict=True)
    ]
    (proof,) = proofs(ballots.flagged(races.OPEN, [before, after]), [before, after], voice(language))
    assert {change.by for change in proof.changes[:-1]} == {told}


async def test_the_newest_week_is_shown_when_none_is_named(ask, running):
    assert await read(ask, "/campaigns/aleppo/polls/friday") == await read(ask)


async def test_an_open_race_says_when_it_is_looked_at_next_and_one_long_over_does_not(ask, store, running):
    due = next_look(races.OPEN, races.POLL, NOW)
    assert f"The next look is due {ENGLISH.moment(max(due, NOW))}." in await read(ask)
    async with asking(store, NOW + timedelta(days=30), Home()) as later:
        assert "next look" not in await read(later)


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_race_is_told_in_the_words_of_the_mail(ask, running, language):
    speaks = voice(language, "Asia/Damascus")
    page = await read(ask, lang=language)
    told = (race.title, race.news, lambda cycle, speaks: race.clock(cycle, speaks, NOW))
    assert [say(races.OPEN, speaks) for say in told if say(races.OPEN, speaks) not in page] == []
    for line in races.OPEN.standing.lines:
        assert race.votes(line, speaks) in page
        assert race.expected(line, speaks) in page


async def test_times_are_told_on_the_clock_that_a_visitor_picks(ask, running):
    assert "It closes Thu 28 Apr 00:00, in 7 hours." in await read(ask)
    assert "It closes Wed 27 Apr 23:00, in 7 hours." in await read(ask, zone="Europe/Berlin")


async def test_the_clock_that_was_picked_stays_from_week_to_week(ask, running):
    assert f'/polls/friday/{races.DAY}?zone=Europe/Berlin"' in await read(ask, zone="Europe/Berlin")


async def test_a_clock_nobody_knows_is_refused(ask, running):
    assert (await ask.get(WEEK, params={"zone": "../etc/passwd"})).status_code == 422


async def test_the_chart_says_what_it_shows_and_has_every_number_behind_it(ask, running):
    page = await read(ask)
    assert 'role="img" aria-label="Chart of the shares: ' in page
    table = page.partition("The numbers behind the chart")[2].partition("</table>")[0]
    assert len(re.findall("<time", table)) == len(running)


async def test_no_part_of_the_page_has_a_style_of_its_own(ask, running):
    page = await read(ask)
    assert "<svg xmlns" in page
    assert " style=" not in page


async def test_every_change_of_the_lead_is_listed(ask, running):
    page = await read(ask)
    changes = races.OPEN.standing.lead_changes
    assert changes
    for change in changes:
        assert f"{ENGLISH.moment(change.at)}</time> {race.event(change, ENGLISH)}" in page


async def test_a_flag_shows_its_two_looks_side_by_side(ask, running):
    page = (await read(ask)).partition("What looks odd")[2]
    before, after = running[-2:]
    key = after.options[0].key
    told = [ENGLISH.count(*race.VOTES, look.by_key[key].votes) for look in (before, after)]
    assert f"<td>{told[0]}</td><td>{told[1]}</td>" in page
    for look in (before, after):
        assert f'/api/v1/campaigns/aleppo/snapshots/{look.digest}" download' in page
        assert f">{look.digest}<" in page


async def test_looks_that_are_no_longer_kept_still_have_time_and_hash(store, ask):
    await polls.put(store, "aleppo", races.FLAGGED)
    page = await read(ask)
    assert ">" + "a" * 64 in page
    assert "Look before" not in page


async def test_after_the_end_the_name_is_told_and_nothing_is_forecast(store, ask):
    await ballots.keep(store, races.looked(32), races.CONFIRMED)
    page = await read(ask)
    assert race.news(races.CONFIRMED, ENGLISH) in page
    assert "Where it may end" not in page


async def test_a_poll_that_is_awaited_says_when_it_usually_opens(store):
    async with asking(store, races.OPENS - timedelta(hours=20), Home()) as ask:
        page = await read(ask, "/campaigns/aleppo/polls/friday")
    assert "The poll of this week was not found yet." in page
    assert "It usually opens Tue 26 Apr 18:00." in page


async def test_every_week_is_a_link(store, ask, running):
    before = races.DAY - timedelta(days=7)
    await polls.put(store, "aleppo", races.CONFIRMED.model_copy(update={"day": before}))
    page = await read(ask)
    assert f'/polls/friday/{before}"' in page
    assert f'/polls/friday/{races.DAY}" aria-current="page"' in page


@pytest.mark.parametrize("path", ["friday/2015-01-02", "friday/9999-12-31", "friday/soon", "none", "%00", "x" * 61])
async def test_what_is_not_there_is_an_honest_page(ask, path):
    answer = await ask.get(f"/campaigns/aleppo/polls/{path}")
    assert (answer.status_code, "<h1>This did not work</h1>" in answer.text) == (404, True)


async def test_a_script_as_a_name_stays_text(store, ask):
    looks = [ballots.attacked(hours) for hours in (1, 2, 3, 4)]
    cycle = ballots.flagged(races.week(looks).model_copy(update={"remark": ballots.SCRIPT}), looks)
    await ballots.keep(store, looks, cycle)
    page = (await ask.get(WEEK)).text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


async def test_the_polls_of_a_campaign_that_has_two_are_told_apart(store, running):
    class Two(Home):
        def campaigns(self):
            return tuple(
                replace(one, polls=(races.POLL, replace(races.POLL, name="page"))) for one in super().campaigns()
            )

    async with asking(store, NOW, Two()) as ask:
        assert "<h1>Naming poll for Friday 29 April (friday) " in await read(ask)
        assert "<h1>Naming poll for Friday 29 April (page) " in await read(ask, "/campaigns/aleppo/polls/page")


async def test_a_poll_named_like_a_path_keeps_its_links(store):
    odd = replace(races.POLL, name="fri day&?")

    class Odd(Home):
        def campaigns(self):
            return tuple(replace(one, polls=(odd,)) for one in super().campaigns())

    async with asking(store, NOW, Odd()) as ask:
        assert "/polls/fri%20day%26%3F/" in await read(ask, "/campaigns/aleppo/polls/fri%20day%26%3F")


async def test_after_the_closing_follows_what_became_of_the_name(town, store):  # noqa: F811
    campaign = await town.campaign(FRIDAY)

    class Followed(Home):
        def campaigns(self):
            return (replace(campaign, polls=(FRIDAYS,)),)

    async with asking(store, FRIDAY, Followed()) as ask:
        page = await read(ask, f"/campaigns/aleppo/polls/{FRIDAYS.name}")
    told = await report(store, campaign, Voted(FRIDAYS, closed(SIEGE, BREAD)), FRIDAY, FRIDAY)
    speaks = voice("en", campaign.zone)
    said = street.section(told, speaks)
    assert [text for text in (said.title, *(row.text for row in said.rows)) if text not in page] == []
