"""`monitor alerts` as an operator types it."""

import asyncio
import json
from pathlib import Path

import pytest

from monitor import app
from monitor.alerts.finding import Message, State
from monitor.settings.load import load
from monitor.store import alerts as kept
from tests.alerts.cases import Hook, found, message, opened
from tests.cli.command import Said, monitor
from tests.settings.folder import folder

SECRET = "0123456789abcdef"
HOOK = """
[[alerts.channels]]
name = "hook"
url = "{hook}"
secret_file = "{folder}/secret"
"""


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    (tmp_path / "secret").write_text(SECRET)
    hook = HOOK.format(folder=tmp_path, hook="http://127.0.0.1:9/hook")
    return folder(tmp_path, monitor=rules + hook)


def alerts(config: Path, *words: str) -> Said:
    return monitor("alerts", *words, "--config", config)


def test_where_nothing_goes_on_that_is_said(config: Path):
    assert alerts(config) == Said(0, "nothing goes on\n", "")
    assert json.loads(alerts(config, "--json").out) == {"active": [], "silences": [], "history": [], "waiting": 0}


def test_a_silence_is_made_shown_and_ended(config: Path):
    made = alerts(config, "silence", "campaign=buses", "rule=spike", "--for", "2h", "--because", "the march")
    name = made.out.split()[1]
    assert f"silence {name}: campaign=buses rule=spike until" in alerts(config).out
    assert " UTC  the march" in alerts(config).out.replace("\n", "")
    assert alerts(config, "unsilence", name).out == "1 ended\n"
    assert alerts(config).out == "nothing goes on\n"


async def test_the_same_cause_in_two_campaigns_is_shown_with_the_numbers_of_each(config: Path):
    told = [message(1, found(campaign="buses", value=130.0)), message(2, found(campaign="aleppo", value=1200.0))]
    shown = await shown_of(config, *told)
    assert "buses  130 posts" in shown
    assert "aleppo  1,200 posts" in shown


async def test_what_was_told_again_and_as_over_is_shown_so(config: Path):
    old = found(campaign="buses")
    shown = await shown_of(config, message(1, new=(), again=(old,)), message(2, new=(), over=(old,)))
    assert "buses  still: 1,200 posts" in shown
    assert "buses  over: 1,200 posts" in shown


async def test_it_is_said_on_whose_clock_the_times_are(config: Path):
    assert (await shown_of(config, message(1))).endswith("\nTimes are on the clock of UTC.\n")


async def shown_of(config: Path, *told: Message) -> str:
    """Return what the command shows where this was told."""
    async with app.opened_store(load(config, {})) as (store, _):
        history = [one.model_dump_json() for one in told]
        await kept.commit(store, "buses", 0, State().model_dump_json(), parcels={}, told=history)
    return (await asyncio.to_thread(alerts, config)).out


@pytest.mark.parametrize(("words", "code", "said"), [
    (("silence", "campaign=nix", "--for", "2h"), 1, "no campaign is called nix"),
    (("silence", "rule=spkie", "--for", "2h"), 1, "no rule is called spkie; did you mean spike?"),
    (("silence", "source=mastodn", "--for", "2h"), 1, "no source is called mastodn"),
    (("silence", "colour=red", "--for", "2h"), 2, "colour=red"),
    (("silence", "campaign=", "--for", "2h"), 2, "campaign="),
    (("silence", "all", "--for", "0h"), 2, "0h"),
    (("silence", "all", "--for", "99999d"), 2, "99999d"),
    (("silence", "all", "--for", "soon"), 2, "soon"),
    (("unsilence", "abc"), 1, "no silence is called abc; there are: none"),
    (("test", "hok"), 1, "did you mean hook?"),
])  # fmt: skip
def test_what_can_not_be_done_is_said_in_words(config: Path, words: tuple[str, ...], code: int, said: str):
    ended = alerts(config, *words)
    assert ended.code == code
    assert said in ended.err


def test_a_channel_that_does_not_answer_fails_its_test(config: Path):
    ended = alerts(config, "test", "hook")
    assert (ended.code, ended.err) == (1, "the webhook did not answer (ConnectError); it is tried again later\n")


async def test_a_test_arrives_signed(config: Path):
    async with opened(Hook()) as hook:
        text = (config / "monitor.toml").read_text().replace("http://127.0.0.1:9/hook", hook.url)
        (config / "monitor.toml").write_text(text)
        ended = await asyncio.to_thread(alerts, config, "test", "hook")
    assert ended.out == "answered 204\n"
    said, clock = json.loads(hook.got[0][1])["text"].split("\n\n")
    assert said == "The monitor\nThis is a test: alerts arrive here."
    assert clock == "Times are on the clock of UTC."
