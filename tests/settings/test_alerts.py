"""Rules and channels of alerts: what is wrong is told where it stands, and no secret is repeated."""

import re
from pathlib import Path

import pytest

from monitor.alerts.rules import SEVERITIES, Spike, Threshold
from monitor.errors import SettingsError
from monitor.settings.alerts import TABLES
from monitor.settings.warnings import warnings
from tests.settings.folder import BUSES, loaded

HOOK = '[[alerts.channels]]\nname = "hook"\nurl = "https://example.org/hook"\n'
SECRET = {"MONITOR_ALERTS_HOOK_SECRET": "0123456789abcdef"}


def refusal(path: Path, monitor: str = "", campaign: str = BUSES, env: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(path, monitor=monitor, env=env or {}, buses=campaign)
    return str(caught.value).replace(f"{path}/", "")


def test_there_is_a_table_for_each_kind_of_rule():
    assert set(TABLES) == {"spike", "drop", "threshold", "poll", "first-outlet", "source", "budget"}


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_can_be_written_in_one_or_two_lines(kind: str, tmp_path: Path):
    more = "above = 10\n" if kind == "threshold" else ""
    settings = loaded(tmp_path, monitor=f'[[alerts.rules]]\non = "{kind}"\n{more}')
    (rule,) = settings.monitor.alerts.rules
    assert (rule.on, rule.called, rule.severity in SEVERITIES) == (kind, kind, True)


def test_rules_of_one_campaign_stand_in_its_file(tmp_path: Path):
    settings = loaded(tmp_path, buses=f'{BUSES}[[alerts]]\non = "spike"\nhashtag = "#buses"\n')
    assert settings.campaigns[0].alerts == (Spike(on="spike", hashtag="#buses"),)


@pytest.mark.parametrize(("rule", "said"), [
    ("", 'alerts.rules[0].on (line 1): is missing; write one of "spike"'),
    ('on = "spice"', 'alerts.rules[0].on (line 2): "spice" is not known; did you mean spike?'),
    ("on = 1", "alerts.rules[0].on (line 2): is missing; write one of"),
    ('on = "spike"\nmetrik = "posts"', "alerts.rules[0].metrik (line 3): is not known; did you mean metric?"),
    ('on = "spike"\nsensitivity = "shrill"', 'sensitivity (line 3): write one of "low", "medium" or "high"'),
    ('on = "spike"\nhashtag = "#buses"', "hashtag (line 3): belongs to one campaign; write this rule as [[alerts]]"),
    ('on = "drop"\nmetric = "impressions"', 'metric (line 3): write one of "posts" or "articles"'),
    ('on = "threshold"', "needs one limit: write above = 1000, or below = 10"),
    ('on = "threshold"\nabove = 1\nbelow = 2', "needs one limit"),
    ('on = "threshold"\nabove = -1', "above (line 3): write more than 0"),
    ('on = "poll"\ntopics = ["gossip"]', "topics[0]"),
    ('on = "source"\nsilent_hours = 0', "silent_hours (line 3): write 0.25 or more"),
    ('on = "spike"\nname = "My Rule"', "name (line 3)"),
])  # fmt: skip
def test_a_wrong_rule_is_told_where_it_stands(rule: str, said: str, tmp_path: Path):
    assert said in refusal(tmp_path, f"[[alerts.rules]]\n{rule}\n")


def test_a_hashtag_that_the_campaign_has_not_is_told(tmp_path: Path):
    said = refusal(tmp_path, campaign=f'{BUSES}[[alerts]]\non = "spike"\nhashtag = "#trams"\n')
    assert "alerts[0].hashtag (line 5): is not listed in hashtags or spellings; add it there" in said


@pytest.mark.parametrize(("written", "where"), [
    ("[alerts]\nrules = 1\n", "alerts.rules"), ('[alerts]\nrules = ["a"]\n', "alerts.rules"),
    ("[alerts]\nchannels = 1\n", "alerts.channels"),
])  # fmt: skip
def test_what_is_no_list_of_tables_is_told(written: str, where: str, tmp_path: Path):
    assert f"write each as a table of its own below a line [[{where}]]" in refusal(tmp_path, written)


def test_alerts_that_are_no_table_are_told(tmp_path: Path):
    assert "alerts" in refusal(tmp_path, "alerts = 1\n")


def test_a_webhook_has_its_secret_from_its_variable(tmp_path: Path):
    (channel,) = loaded(tmp_path, monitor=HOOK, env=SECRET).monitor.alerts.channels
    assert channel.secret is not None
    assert channel.secret.get_secret_value() == SECRET["MONITOR_ALERTS_HOOK_SECRET"]
    assert "0123" not in repr(channel)


def test_a_webhook_without_a_secret_is_told_the_variable_that_gives_it_one(tmp_path: Path):
    said = refusal(tmp_path, HOOK.replace('"hook"', '"night-desk"'))
    (name,) = set(re.findall("MONITOR_[A-Z_]+", said))
    assert "or name a file that holds it in secret_file" in said
    assert loaded(
        tmp_path, monitor=HOOK.replace('"hook"', '"night-desk"'), env={name: "0" * 16}
    ).monitor.alerts.channels


def test_a_file_of_a_secret_that_can_not_be_read_is_told_once(tmp_path: Path):
    said = refusal(tmp_path, f'{HOOK}secret_file = "/nowhere/at/all"\n')
    assert "cannot be read" in said
    assert "is missing" not in said


@pytest.mark.parametrize("url", ["hc.example/uuid-1", "nix:uuid-1", "http://[uuid-1", "https://hc.example/uuid-1 2"])
def test_a_heartbeat_that_nobody_can_ask_is_told_without_its_address(url: str, tmp_path: Path):
    said = refusal(tmp_path, env={"MONITOR_ALERTS_HEARTBEAT_URL": url})
    assert "alerts.heartbeat_url: is no address" in said
    assert "uuid" not in said


@pytest.mark.parametrize(("channel", "said"), [
    ('name = "a"', "goes nowhere; give it an address, an apprise_url or a url"),
    ('name = "a"\naddress = "desk@example.org"\nurl = "https://example.org"', "goes to address and url; make two"),
    ('name = "a"\nurl = "https://example.org"', "alerts.channels[0].secret (line 1): is missing: a webhook is signed"),
    ('name = "a"\naddress = "desk@example.org\\r\\nBcc: x@example.org"', "is not a plain mail address"),
    ('name = "a"\naddress = "d@example.org"\nquiet = "late"', 'write two times of day, such as "22:00-07:00"'),
    ('name = "a"\naddress = "d@example.org"\nquiet = "07:00-07:00"', "write two times of day"),
    ('name = "a"\naddress = "d@example.org"\ncolour = "red"', "alerts.channels[0].colour (line 4): is not known"),
    ('address = "d@example.org"', "alerts.channels[0].name (line 1): is missing"),
    ('name = "a"\naddress = "d@example.org"\nlanguage = "tlh"', "has no words yet"),
    ('name = "a"\napprise_url = "tgram://1:token/2"', "a secret may not stand in this file"),
    ('name = "a"\nsecret = "0123456789abcdef"\nurl = "https://example.org"', "a secret may not stand in this file"),
    ('name = "a"\napprise_url_file = "/nowhere/at/all"', "this file of a secret cannot be read"),
])  # fmt: skip
def test_a_wrong_channel_is_told_where_it_stands(channel: str, said: str, tmp_path: Path):
    assert said in refusal(tmp_path, f"[[alerts.channels]]\n{channel}\n")


@pytest.mark.parametrize(
    "url", ["ftp://example.org", "https:///hook", "https://exa mple.org", "https://a:99999/", "nix", "http://[::1"]
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url: str, tmp_path: Path):
    said = refusal(tmp_path, HOOK.replace("https://example.org/hook", url), env=SECRET)
    assert "its url is no address" in said
    assert url not in said


def test_a_short_secret_is_refused_and_not_repeated(tmp_path: Path):
    said = refusal(tmp_path, HOOK, env={"MONITOR_ALERTS_HOOK_SECRET": "hunter2"})
    assert "its secret is too short; give at least 16 characters" in said
    assert "hunter2" not in said


def test_a_service_that_apprise_does_not_know_is_refused_and_not_repeated(tmp_path: Path):
    room = '[[alerts.channels]]\nname = "room"\n'
    said = refusal(tmp_path, room, env={"MONITOR_ALERTS_ROOM_APPRISE_URL": "nix://hunter2"})
    assert "alerts.channels[0].apprise_url (line 1): is no address that Apprise knows" in said
    assert "hunter2" not in said


def test_two_channels_of_one_name_are_told(tmp_path: Path):
    twice = '[[alerts.channels]]\nname = "a"\naddress = "d@example.org"\n' * 2
    assert '"a" is also the name of alerts.channels[0]; give one its own' in refusal(tmp_path, twice)


def test_a_variable_of_no_channel_is_told(tmp_path: Path):
    said = refusal(tmp_path, HOOK, env={**SECRET, "MONITOR_ALERTS_HOKE_SECRET": "0123456789abcdef"})
    assert (
        "MONITOR_ALERTS_HOKE_SECRET: this variable is not known; did you mean MONITOR_ALERTS_HOOK_SECRET?" not in said
    )
    assert "MONITOR_ALERTS_HOKE_SECRET" in said


def test_a_channel_of_an_unknown_campaign_is_told(tmp_path: Path):
    channel = '[[alerts.channels]]\nname = "a"\naddress = "d@example.org"\ncampaigns = ["busses"]\n'
    said = refusal(tmp_path, channel)
    assert 'alerts.channels[0].campaigns[0] (line 4): the campaign "busses" is not known; did you mean buses?' in said


RULE = '[[alerts.rules]]\non = "spike"\n'
ROOM = '[[alerts.channels]]\nname = "a"\naddress = "d@example.org"\n'


@pytest.mark.parametrize(("written", "places"), [
    ("", []), (RULE + ROOM, []), (RULE, ["alerts.channels"]), (ROOM, ["alerts.rules"]),
])  # fmt: skip
def test_rules_without_a_channel_and_channels_without_a_rule_are_doubtful(
    written: str, places: list[str], tmp_path: Path
):
    said = [one.place for one in warnings(loaded(tmp_path, monitor=written))]
    assert [place for place in said if place.startswith("alerts")] == places


def test_one_limit_of_two_is_a_rule():
    assert Threshold(on="threshold", above=10).below is None
