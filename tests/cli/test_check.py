"""`monitor check`."""

import asyncio
import json
from datetime import UTC, datetime

import httpx

from monitor import app
from monitor.cli.probes import answers
from monitor.collect.accounts import spendings
from tests.cli.command import monitor
from tests.settings.folder import BUSES, folder, loaded

SERVER = '\n[[sources]]\nplatform = "mastodon"\nserver = "https://social.example"\n'
CHANNEL = '\n[[sources]]\nplatform = "telegram"\nchannel = "example_newsroom"\n'
YOUTUBE = '\n[[sources]]\nplatform = "youtube"\naccept_terms = true\n'
FEED = '\n[[sources]]\nplatform = "feeds"\nurl = "https://news.example/rss"\noutlet = "News"\n'

PAGE = '\n[[polls]]\n[polls.at]\nplatform = "page"\nkind = "csv"\nlabel = "Name"\nvotes = "Votes"\nurl = "https://poll.example/1"\n'
VEILED = '\n[[polls]]\nname = "veiled"\n[polls.at]\nplatform = "telegram"\nchannel = "fridays"\n'


def check(path, *words: str, **files: str):
    return monitor("check", "--config", folder(path, **files), *words)


def notes(path, **files: str):
    found = json.loads(check(path, "--json", **files).out)["warnings"]
    return [f"{note['place']} {note['advice']}" for note in found]


def test_campaigns_and_sources_are_shown_with_why_they_are_off(tmp_path):
    said = check(tmp_path, buses=BUSES + SERVER + CHANNEL)
    assert said.code == 0
    assert "every 5 minutes" in said.out
    assert "off until accept_terms = true" in said.out
    assert "Campaigns: 1; sources: 1 of 2 are asked." in said.out


def test_one_minute_is_not_counted(tmp_path):
    assert "every minute" in check(tmp_path, buses=f"{BUSES}{SERVER}every_minutes = 1\n").out


def test_problems_are_said_one_a_line_and_end_with_2(tmp_path):
    said = check(tmp_path, monitor="[wep]\n", buses="title = 5\n" + SERVER)
    assert (said.code, said.out) == (2, "")
    assert len(said.err.splitlines()) == 2


def test_problems_are_said_in_json_too(tmp_path):
    said = check(tmp_path, "--json", monitor="[wep]\n")
    (problem,) = json.loads(said.out)["problems"]
    assert (said.code, problem["place"], said.err) == (2, "wep (line 1)", "")


def test_json_holds_what_the_table_shows(tmp_path):
    facts = json.loads(check(tmp_path, "--json", buses=BUSES + SERVER).out)
    assert facts["problems"] == []
    assert facts["campaigns"][0]["hashtags"] == ["#buses"]
    assert facts["campaigns"][0]["sources"] == [
        {"name": "social.example", "platform": "mastodon", "every_minutes": 5.0, "off": None}
    ]


def test_markup_in_a_title_is_shown_as_it_is(tmp_path):
    assert "[bold]Buses" in check(tmp_path, buses='title = "[bold]Buses"\nhashtags = ["#buses"]\n').out


def test_a_campaign_that_asks_nobody_is_noted(tmp_path):
    assert any("no source is asked" in note for note in notes(tmp_path, buses=BUSES + VEILED))


def test_a_platform_whose_terms_were_not_accepted_is_noted_with_the_terms(tmp_path):
    assert any(
        "example_newsroom is off until accept_terms = true: Telegram" in n for n in notes(tmp_path, b=BUSES + CHANNEL)
    )


def test_a_feed_without_words_and_a_server_without_hashtags_are_noted(tmp_path):
    text = 'title = "Press"\nwords = ["bus"]\n'
    said = notes(tmp_path, buses=BUSES + FEED, press=text + SERVER)
    assert "words are empty: only articles with the hashtag are found" in said
    assert "hashtags are empty: no post can be found" in said


def test_spellings_that_are_not_asked_for_are_noted(tmp_path):
    text = 'title = "Aleppo"\nhashtags = ["#أنقذوا_حلب"]\n'
    assert any("monitor spell '#أنقذوا_حلب'" in note for note in notes(tmp_path, aleppo=text))
    listed = text + 'spellings = { "#أنقذوا_حلب" = ["#انقذوا_حلب"] }\n'
    assert not any("monitor spell" in note for note in notes(tmp_path, aleppo=listed))


def test_a_digest_that_reaches_nobody_is_noted(tmp_path):
    assert "digest.recipients are empty: nobody gets the daily mail" in notes(tmp_path)
    reader = '[[digest.recipients]]\naddress = "desk@example.org"\n'
    assert "mail.host is not set: mails are written into var/outbox, not sent" in notes(tmp_path, monitor=reader)


def test_a_contact_silences_its_note(tmp_path):
    assert any("fetch.contact" in note for note in notes(tmp_path, buses=BUSES + VEILED))
    assert not any("contact" in note for note in notes(tmp_path, monitor='[fetch]\ncontact = "desk@example.org"\n'))


async def asked(settings, server):
    return {answer.whom: answer async for answer in answers(settings, httpx.MockTransport(server))}


async def test_live_asks_each_source_that_is_on_once(tmp_path):
    calls = []

    def server(request):
        calls.append(request.url.host)
        return httpx.Response(503)

    settings = loaded(tmp_path, buses=BUSES + SERVER + FEED + CHANNEL)
    said = await asked(settings, server)
    assert said.keys() == {"redis", "mail", "buses/social.example", "buses/news"}
    assert not said["buses/news"].ok
    assert sorted(set(calls)) == ["news.example", "social.example"]


def test_polls_are_shown_with_why_they_are_off(tmp_path):
    said = check(tmp_path, buses=BUSES + SERVER + PAGE + VEILED)
    assert "poll friday" in said.out
    assert "denser towards its end" in said.out
    assert any(
        note.startswith("poll veiled is off until accept_terms") for note in notes(tmp_path, buses=BUSES + VEILED)
    )


async def test_live_asks_each_poll_that_is_on_once(tmp_path):
    table = httpx.Response(200, content="Name,Votes\nالغضب,3\nالصمود,2\n".encode())
    said = await asked(loaded(tmp_path, buses=BUSES + PAGE + VEILED), lambda _: table)
    assert said["buses/poll friday"].said == "the page shows 2 options, 2 with votes: no question"
    assert "buses/poll veiled" not in said


async def test_live_is_patient_with_those_who_wait_in_the_line_of_one_host(tmp_path):
    through = "".join(f'{SERVER}name = "{name}"\n' for name in "abcde")
    settings = loaded(tmp_path, buses=BUSES + through)
    server = httpx.MockTransport(lambda _: httpx.Response(200, json={"version": "4.6.0"}))
    said = {answer.whom: answer.ok async for answer in answers(settings, server, patience=0.6)}
    assert [said[f"buses/{name}"] for name in "abcde"] == [True] * 5  # the last turn comes after 0.8 s


async def test_live_waits_for_no_one_who_says_nothing(tmp_path):
    async def silent(_request):
        await asyncio.sleep(5)

    settings = loaded(tmp_path, buses=BUSES + SERVER)
    said = {one.whom: one.said async for one in answers(settings, httpx.MockTransport(silent), patience=0.2)}
    assert said["buses/social.example"] == "no answer within 0.2 seconds"


async def test_live_tells_what_a_feed_answered(tmp_path):
    body = b'<rss version="2.0"><channel><title>News</title></channel></rss>'
    said = await asked(loaded(tmp_path, buses=BUSES + FEED), lambda _: httpx.Response(200, content=body))
    assert said["buses/news"].ok
    assert said["mail"].said == "no mail server is set: mails are written into var/outbox"


async def test_live_asks_the_redis_of_the_settings(tmp_path, redis_server):
    env = {"MONITOR_REDIS_URL": redis_server.url}
    said = await asked(loaded(tmp_path, env=env), lambda _: httpx.Response(503))
    assert (said["redis"].ok, said["redis"].said) == (True, "answers, with time series")


async def test_live_counts_its_calls_where_the_daemon_counts_them(tmp_path, redis_server, store):
    secrets = {
        "MONITOR_REDIS_URL": redis_server.url,
        "MONITOR_PRIVACY_KEY": "k" * 32,
        "MONITOR_BUSES_YOUTUBE_KEY": "k3y",
    }
    redis = f'[redis]\nprefix = "{store.keys.prefix}"\n'
    settings = loaded(tmp_path, monitor=redis, buses=BUSES + YOUTUBE, env=secrets)
    await asked(settings, lambda _: httpx.Response(200, json={"kind": "youtube#videoListResponse", "items": []}))
    source = settings.campaigns[0].sources[0]
    async with app.opened_store(settings) as (own, _):
        (spent,) = [one for one in await spendings(own, [("buses", source)], datetime.now(UTC)) if one.used]
    assert (spent.platform, spent.used) == ("youtube", 1)


async def test_live_says_when_redis_or_the_mail_server_is_not_there(tmp_path):
    nobody = f"unix://{tmp_path}/nobody.sock"
    text = '[mail]\nhost = "127.0.0.1"\nport = 1\n'
    said = await asked(loaded(tmp_path, monitor=text, env={"MONITOR_REDIS_URL": nobody}), lambda _: httpx.Response(503))
    assert not said["redis"].ok
    assert said["mail"].said.startswith("127.0.0.1:1: ")


def test_live_ends_with_1_when_somebody_does_not_answer(tmp_path):
    said = check(tmp_path, "--live", monitor='[mail]\nhost = "127.0.0.1"\nport = 1\n')
    assert said.code == 1
    assert "FAILED mail: 127.0.0.1:1" in said.out
    assert "ok     redis: a private one can be started" in said.out


def test_live_in_json_is_one_object(tmp_path):
    facts = json.loads(check(tmp_path, "--live", "--json").out)
    assert {answer["whom"]: answer["ok"] for answer in facts["live"]} == {"redis": True, "mail": True}
