"""`monitor alerts` as an operator types it."""

import asyncio
import json
from pathlib import Path

import pytest

from monitor import app
from monitor.alerts.finding import Active, Message, Muted, State
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

LEFT_OUT = "warning: this part of the settings is left out, correct it soon"


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


SLIPS = {
    "a rule": '[[alerts.rules]]\non = "source"\nsilent_hours = 0.1\n',
    "a table": "[web]\nport = 99999999\n",
    "a recipient": '[[digest.recipients]]\naddress = "nobody"\n',
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_elsewhere_in_the_settings_keeps_nobody_from_silence(config: Path, slip: str):
    with (config / "monitor.toml").open("a") as file:
        file.write(SLIPS[slip])
    made = alerts(config, "silence", "campaign=buses", "--for", "2h")
    assert (made.code, made.err.splitlines()[0]) == (0, LEFT_OUT)
    assert f"{config}/monitor.toml: " in made.err
    assert "silence " in alerts(config).out
    assert alerts(config, "unsilence", made.out.split()[1]).out == "1 ended\n"


async def test_what_goes_on_can_be_silenced_although_its_file_has_a_slip(config: Path):
    await shown_of(config, active=Active(finding=found(campaign="buses"), since=found().at, seen=found().at))
    (config / "campaigns" / "buses.toml").write_text("title = 3")
    made = await asyncio.to_thread(alerts, config, "silence", "campaign=buses", "rule=spike", "--for", "2h")
    assert (made.code, made.out[:8]) == (0, "silence ")


def test_a_slip_in_what_says_where_the_store_is_is_refused(config: Path):
    text = (config / "monitor.toml").read_text()
    (config / "monitor.toml").write_text(text.replace("prefix =", "prefiks ="))
    refused = alerts(config, "silence", "all", "--for", "2h")
    assert (refused.code, refused.out) == (2, "")
    assert "did you mean prefix?" in refused.err


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


async def test_an_alert_is_a_line_of_facts_and_below_it_its_sentence(config: Path):
    moment, spike = found().at, found(campaign="buses")
    one = Active(finding=spike, since=moment, seen=moment, told=moment)
    lines = (await shown_of(config, active=one)).splitlines()
    assert lines[0] == f"{moment:%Y-%m-%d %H:%M}  warning  buses  spike  told {moment:%Y-%m-%d %H:%M}"
    assert lines[1].startswith("  1,200 posts since")
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(("told", "muted", "end", "why"), [
    (False, None, "  waits", "Times are on the clock of UTC."),
    (False, Muted.BLIND, "  not told", "  muted: what it depends on is not seen"),
    (True, Muted.SILENCED, "  told 2016-04-29 12:00", "  muted since: silenced"),
    (True, Muted.PART, "  not told", "  muted: part of another alert"),
])  # fmt: skip
async def test_it_says_why_something_is_not_told(config: Path, told: bool, muted: Muted | None, end: str, why: str):
    moment = found().at
    one = Active(finding=found(), since=moment, seen=moment, told=moment if told else None, muted=muted)
    lines = (await shown_of(config, active=one)).splitlines()
    assert lines[0].endswith(end)
    assert why in map(str.rstrip, lines)


async def shown_of(config: Path, *told: Message, active: Active | None = None) -> str:
    """Return what the command shows where this was told, and this goes on."""
    state = State(active={active.finding.key: active} if active else {})
    async with app.opened_store(load(config, {})) as (store, _):
        history = [one.model_dump_json() for one in told]
        await kept.commit(store, "buses", 0, state.model_dump_json(), parcels={}, told=history)
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
