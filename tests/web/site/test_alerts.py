"""Alerts on the page: what goes on is told, and who may has silence for a while."""

import asyncio
import re
import tomllib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from html import unescape

import httpx
import pytest

from monitor.alerts import board
from monitor.alerts.finding import Active, Kind, Message, Muted, Silence, State
from monitor.alerts.settings import Settings
from monitor.alerts.silencing import Known
from monitor.clock import Simulated
from monitor.digest import terms
from monitor.model.person import Role, User
from monitor.store import alerts, people
from monitor.web.desk import Desk
from monitor.web.gate import COOKIE, Gate
from monitor.web.site import site
from monitor.web.site.alerts import EXAMPLE, Page
from monitor.words.voice import voice
from tests.alerts.cases import found, message
from tests.digest.test_gather import NOW
from tests.people import ALEPPO
from tests.web.api.test_api import Home
from tests.web.browser import grave
from tests.web.test_gate import HASHED

SCRIPT = "<script>alert(1)</script>"
WISH = {"campaign": "aleppo", "length": "2h", "because": "the march"}


async def remember(store, *told: Message, goes_on: Sequence[Active] = ()) -> None:
    """Write what the daemon would have found and told."""
    state = State(active={one.finding.key: one for one in goes_on})
    lines = [one.model_dump_json() for one in told]
    await alerts.commit(store, "aleppo", 0, state.model_dump_json(), parcels={}, told=lines)


class Ruleless(Home):
    """A daemon whose operator has set no rule yet."""

    def has_rules(self):
        return False


@asynccontextmanager
async def client_of(store, house: Home) -> AsyncIterator[httpx.AsyncClient]:
    clock = Simulated(NOW)
    transport = httpx.ASGITransport(site(Desk(store, clock, house), Gate(store, clock)), client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
async def ask(store) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(store, Home()) as client:
        yield client


async def signed_in(store, client: httpx.AsyncClient, role: Role) -> str:
    """Sign the client in; return what its forms must hold."""
    user = User(name="desk", role=role, password=HASHED, made_at=NOW)
    await people.put_user(store, user)
    cookie, session = await people.begin_session(store, user, NOW)
    client.cookies.set(COOKIE, cookie)
    return session.form


async def test_where_nothing_goes_on_that_is_said(ask):
    page = (await ask.get("/alerts")).text
    assert all(words in page for words in ("Nothing goes on.", "Nothing is silenced.", "Nothing was told yet."))


async def test_where_no_rule_is_set_that_is_said_with_a_rule_to_begin_with(store):
    async with client_of(store, Ruleless()) as ask:
        english, arabic = [unescape((await ask.get(f"/alerts?lang={language}")).text) for language in ("en", "ar")]
    assert "No rule is set" in english
    assert "لم توضع أي قاعدة" in arabic
    assert "Nothing goes on." not in english
    assert all(EXAMPLE in page and "docs/alerts.md" in page for page in (english, arabic))


def test_the_rule_to_begin_with_can_be_copied_as_it_is():
    alerts = Settings.model_validate(tomllib.loads(EXAMPLE)["alerts"], strict=False)
    assert [rule.called for rule in alerts.rules] == ["spike"]
    assert [channel.name for channel in alerts.channels] == ["desk"]


async def test_what_goes_on_is_told_in_the_language_of_the_visitor(store, ask):
    since = NOW - timedelta(hours=2)
    await remember(store, goes_on=[Active(finding=found(), since=since, seen=NOW, muted=Muted.SILENCED)])
    english, arabic = (await ask.get("/alerts?lang=en")).text, (await ask.get("/alerts?lang=ar")).text
    assert "1,200 posts since" in english
    assert ">silenced</p>" in english
    assert ">مكتوم</p>" in arabic
    assert "Fri 29 Apr 22:00" in english  # on the clock of the campaign


@pytest.mark.parametrize(
    ("muted", "told", "said"),
    [
        (Muted.BLIND, None, "not told: what it depends on is not seen"),
        (Muted.BLIND, NOW, "told Sat 30 Apr 00:00, muted since: what it depends on is not seen"),
        (Muted.SILENCED, NOW, "told Sat 30 Apr 00:00, silenced since"),
        (Muted.PART, NOW, "part of something that was told"),
        (None, NOW, "told Sat 30 Apr 00:00"),
        (None, None, "not told yet"),
    ],
)
def test_what_was_told_before_it_was_muted_is_never_called_untold(muted, told, said):
    one = Active(finding=found(), since=NOW, seen=NOW, told=told, muted=muted)
    assert Page(voice("en", "Asia/Damascus"), {}).told(one) == said


async def test_what_goes_on_and_what_was_told_name_their_rule_as_the_list_of_silences_does(store, ask):
    await remember(store, message(1, found(rule="big-day")), goes_on=[Active(finding=found(), since=NOW, seen=NOW)])
    page = re.sub("[\u2068\u2069]", "", (await ask.get("/alerts")).text)
    assert "Rule: Spikes<" in page
    assert "Rule: big-day<" in page


async def test_what_the_settings_ended_stands_in_the_history(store, ask):
    await remember(store, message(1, new=(), ended=(found(),)))
    assert "Ended by the settings: 1,200 posts since" in (await ask.get("/alerts")).text


async def test_what_was_told_is_told_again_thing_by_thing(store, ask):
    end = message(2, found(), new=(), over=(found(),))
    await remember(store, message(1, found(), again=(found("other"),)), end)
    page = (await ask.get("/alerts")).text
    assert page.count('class="badge warning"') == 3
    assert "Over: the spike since" in page
    assert "Still: " in page


async def test_long_histories_have_pages(store, ask):
    await remember(store, *(message(number) for number in range(31)))
    assert "after=m1#history" in (await ask.get("/alerts")).text
    assert (await ask.get("/alerts", params={"after": "m1"})).text.count('class="badge warning"') == 1


async def test_a_silence_is_made_shown_and_ended(store, ask):
    made = await ask.post("/alerts/silences", data=WISH)
    assert (made.status_code, made.headers["location"]) == (303, "/alerts?done=begun")
    page = (await ask.get(made.headers["location"])).text
    assert "The silence has begun." in page
    assert "the march" in page
    [silence] = await board.silences(store)
    assert (silence.campaign, silence.until) == ("aleppo", NOW + timedelta(hours=2))
    ended = await ask.post(f"/alerts/silences/{silence.id}/end")
    assert ended.headers["location"] == "/alerts?done=ended"
    assert not await board.silences(store)


async def test_two_browsers_that_want_the_same_silence_have_it_once(store, ask):
    answers = await asyncio.gather(*(ask.post("/alerts/silences", data=WISH) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await board.silences(store)) == 1


async def test_two_browsers_that_end_the_same_silence_are_both_told_how_it_stands(store, ask):
    await ask.post("/alerts/silences", data=WISH)
    [silence] = await board.silences(store)
    first, second = [await ask.post(f"/alerts/silences/{silence.id}/end") for _ in range(2)]
    assert (first.headers["location"], second.headers["location"]) == ("/alerts?done=ended", "/alerts?done=over")
    assert "over already" in (await ask.get("/alerts?done=over")).text


async def test_everything_can_be_silenced(store, ask):
    await ask.post("/alerts/silences", data={**WISH, "campaign": "*"})
    [silence] = await board.silences(store)
    assert (silence.campaign, silence.rule, silence.source) == (None, None, None)


async def test_one_rule_of_one_campaign_can_be_silenced_alone(store, ask):
    await ask.post("/alerts/silences", data={**WISH, "rule": "spike"})
    [silence] = await board.silences(store)
    assert (silence.campaign, silence.rule, silence.source) == ("aleppo", "spike", None)
    assert "Save Aleppo, Spikes" in re.sub("[\u2068\u2069]", "", (await ask.get("/alerts")).text)


async def test_a_rule_is_silenced_for_all_campaigns(store, ask):
    await ask.post("/alerts/silences", data={**WISH, "campaign": "*", "rule": "budget"})
    [silence] = await board.silences(store)
    assert (silence.campaign, silence.rule) == (None, "budget")


@pytest.mark.parametrize(
    "wrong",
    [{"campaign": ""}, {"campaign": "nowhere"}, {"rule": "budget"}, {"rule": "*"}, {"source": "x"}, {"length": "9y"},
     {"length": ""}, {"length": "99999d"}, {"because": "b" * 301}, {"campaign": "w" * 101}],
)  # fmt: skip
async def test_what_can_not_be_silenced_is_refused_in_words(store, ask, wrong):
    answer = await ask.post("/alerts/silences", data={**WISH, **wrong})
    assert (answer.status_code, "<h1>This did not work</h1>" in answer.text) == (422, True)
    assert not await board.silences(store)


async def test_a_reader_sees_no_forms_and_may_change_nothing(store, ask):
    form = await signed_in(store, ask, Role.READER)
    await board.silence(store, Silence(id="ab", begun=NOW, until=NOW + timedelta(hours=1)))
    page = (await ask.get("/alerts")).text
    assert "/alerts/silences" not in page
    answers = [
        await ask.post("/alerts/silences", data={**WISH, "form": form}),
        await ask.post("/alerts/silences/ab/end", data={"form": form}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]


async def test_an_operator_needs_the_form_of_the_page(store, ask):
    form = await signed_in(store, ask, Role.OPERATOR)
    assert (await ask.post("/alerts/silences", data=WISH)).status_code == 403
    assert (await ask.post("/alerts/silences", data={**WISH, "form": form})).status_code == 303
    assert "by desk" in (await ask.get("/alerts")).text


async def test_nothing_that_others_wrote_becomes_part_of_the_page(store, ask):
    await remember(store, message(1, found(name=SCRIPT, of=SCRIPT, campaign=SCRIPT)))
    await ask.post("/alerts/silences", data={**WISH, "because": SCRIPT})
    assert SCRIPT not in (await ask.get("/alerts")).text


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_visitor_has_silence_for_a_while_and_ends_it(store, look, language: str):
    await remember(store, message(1), goes_on=[Active(finding=found(), since=NOW, seen=NOW, told=NOW)])
    page = await look("/alerts", language=language)
    await page.locator("#campaign").select_option("aleppo")
    await page.locator("#rule").select_option("spike")
    await page.locator("form.fields button").click()
    await page.locator("#silences button").wait_for()
    assert not await grave(page)
    await page.locator("#silences button").click()
    await page.locator(".note[role=status]").wait_for()
    assert not await page.locator("#silences button").count()


def choices(part: str, language: str = "en", **known: set[str]) -> dict[str, str]:
    """Return what the form sends for each name of a part, with what it is called."""
    page = Page(voice(language), {})
    offered = page.choices(Known(**{"campaigns": set(), "rules": set(), "sources": set(), **known}))
    return dict(next(choice.names for choice in offered if choice.part == part))


def test_nobody_silences_everything_without_choosing_to():
    assert choices("campaign", campaigns={"aleppo"}) == {"": "Choose …", "aleppo": "aleppo", "*": "All campaigns"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_ways_to_one_platform_are_told_apart(language: str):
    named = choices("source", language, sources={"bluesky", "jetstream"})
    assert len(set(named.values())) == 3
    assert "jetstream" in named["jetstream"]


def test_two_campaigns_of_one_title_are_told_apart():
    page = Page(voice("en"), {slug: replace(ALEPPO, slug=slug) for slug in ("aleppo", "halab")})
    assert [re.sub("[\u2068\u2069]", "", page.campaign(slug)) for slug in ("aleppo", "halab")] == [
        "Save Aleppo (aleppo)",
        "Save Aleppo (halab)",
    ]


def test_a_limit_that_is_reached_is_silenced_under_its_own_name():
    assert choices("rule", rules={"above", "below"}) == {
        "": "All rules",
        "above": "Limit reached",
        "below": "Fell below a limit",
    }


def test_every_kind_is_called_in_the_language_of_the_visitor():
    kinds = {*Kind, "threshold", "source"} - {Kind.TEST}
    assert not [name for name in choices("rule", "ar", rules=kinds).values() if name.isascii()]


def test_platforms_are_called_as_people_do_and_sources_as_the_operator_did():
    named = choices("source", "ar", sources={"feeds", "halab-press"})
    assert named["feeds"] == terms.platform("feeds", voice("ar"))
    assert "halab-press" in named["halab-press"]
    assert "my-own" in choices("rule", "ar", rules={"my-own"})["my-own"]
