"""What is written for people is complete and true: settings, commands, platforms."""

import re
import tomllib
from pathlib import Path

import pytest

from monitor.cli import VERBS
from monitor.model.race import FLAGS
from monitor.settings.load import load
from monitor.settings.polls import PollFile
from monitor.settings.schema import CampaignFile, Monitor
from monitor.settings.secret import variables
from monitor.settings.shape import tables
from monitor.sources import platforms
from monitor.sources.polls import places

ROOT = Path(__file__).parent.parent
EXAMPLE = (ROOT / "config" / "monitor.toml").read_text(encoding="utf-8")
OFFERED = re.sub(r"^# (?=\[|\w+ = )", "", EXAMPLE, flags=re.MULTILINE)
"""The example with every line in force that stands there as a comment."""

IN_BLOCKS = ("digest.recipients.", "alerts.rules.", "alerts.channels.", "breaks.")
"""Tables of which there are as many as somebody wants."""


def keys(table, place=""):
    """Every setting of a table and of the tables in it."""
    for name, setting in table.model_fields.items():
        inner = list(tables(setting.annotation))
        yield from (key for each in inner for key in keys(each, f"{place}{name}."))
        if not inner:
            yield f"{place}{name}", setting.default


def written(content, place=""):
    """Every key of a file and of the tables in it, with its value."""
    for name, value in content.items():
        inner = value if isinstance(value, list) and value and isinstance(value[0], dict) else [value]
        if isinstance(inner[0], dict):
            yield from (pair for each in inner for pair in written(each, f"{place}{name}."))
        else:
            yield f"{place}{name}", value


def test_every_setting_stands_in_the_example_and_no_other():
    secrets = {"privacy.key", "mail.password", "alerts.heartbeat_url", "alerts.channels.apprise_url"}
    secrets |= {"alerts.channels.secret", "alerts.rules.hashtag"}  # they may not stand in this file
    assert {key for key, _ in written(tomllib.loads(OFFERED))} == {key for key, _ in keys(Monitor)} - secrets


def test_the_example_says_the_defaults(tmp_path):
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "monitor.toml").write_text(EXAMPLE, encoding="utf-8")
    (tmp_path / "campaigns" / "buses.toml").write_text('title = "Buses"\nhashtags = ["#buses"]\n')
    assert load(tmp_path, {}).monitor == Monitor()


def test_only_settings_without_a_default_are_commented_out():
    in_force = {key for key, _ in written(tomllib.loads(EXAMPLE))}
    with_default = {key for key, default in keys(Monitor) if default is not None}
    assert not {key for key in with_default - in_force if not key.startswith(IN_BLOCKS)}


def test_what_is_offered_is_valid(tmp_path):
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "buses.toml").write_text('title = "Buses"\nhashtags = ["#buses"]\n')
    text = re.sub(r"(?m)^\w+_file = .*$", "", OFFERED)  # there are no such files here
    given = {"MONITOR_ALERTS_ROOM_APPRISE_URL": "json://localhost", "MONITOR_ALERTS_HOOK_SECRET": "0123456789abcdef"}
    (tmp_path / "monitor.toml").write_text(text, encoding="utf-8")
    assert load(tmp_path, given).monitor.mail.host == "smtp.example.org"


def test_every_setting_of_the_example_has_a_comment():
    lines = [line for line in OFFERED.splitlines() if re.match(r"\w+ = ", line)]
    assert [line for line in lines if not re.search(r"  # \S", line)] == []


@pytest.mark.parametrize("name", [name for name in variables(Monitor) if not name.endswith("_FILE")])
def test_every_variable_is_named_in_the_example(name):
    assert name in EXAMPLE


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_is_in_the_readme(verb):
    assert f"monitor {verb}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("platform", platforms())
def test_every_platform_has_a_page_and_a_row_in_the_table_of_sources(platform):
    assert (ROOT / "docs" / "sources" / f"{platform}.md").is_file()
    assert f"\n| [{platform}](sources/{platform}.md) |" in (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("platform", platforms())
def test_of_every_platform_it_is_told_how_its_blindness_shows(platform):
    told = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8").partition("## How blindness shows")[2]
    (proof,) = re.findall(rf"(?m)^\| {platform} \| ([^|]+) \|", told)
    page = (ROOT / "docs" / "sources" / f"{platform}.md").read_text(encoding="utf-8")
    assert proof in {"canary", "its own", "its own, in part", "both"} or (proof, "no canary" in page) == ("none", True)


@pytest.mark.parametrize("key", [name for name in CampaignFile.model_fields if name != "since"])
def test_every_setting_of_a_campaign_is_in_the_ready_example(key):
    example = (ROOT / "config" / "campaigns" / "save-aleppo.toml").read_text(encoding="utf-8")
    assert re.search(rf"(?m)^(\[{key}\]|{key} = )", example)


@pytest.mark.parametrize("platform", platforms())
def test_every_setting_of_a_source_is_on_its_page_or_on_that_of_all_settings(platform):
    pages = [ROOT / "docs" / "settings.md", ROOT / "docs" / "sources" / f"{platform}.md"]
    told = "".join(page.read_text(encoding="utf-8") for page in pages if page.is_file())
    assert [key for key in platforms()[platform].Settings.model_fields if f"`{key}`" not in told] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "sources").glob("*.md")), ids=lambda page: page.stem)
def test_every_example_of_a_source_can_be_pasted_once_its_secrets_are_there(page, tmp_path):
    blocks = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "secret").write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
    pasted = re.sub(r'(?m)^(\w+_file) = "[^"]*"', rf'\1 = "{tmp_path / "secret"}"', "\n".join(blocks))
    (tmp_path / "campaigns").mkdir()
    campaign = tmp_path / "campaigns" / "buses.toml"
    campaign.write_text(f'title = "Buses"\nhashtags = ["#buses"]\n{pasted}', encoding="utf-8")
    sources = load(tmp_path, {}).campaigns[0].sources
    assert {(source.platform, source.off) for source in sources} == {(page.stem, None)}


def test_the_ready_example_is_valid_and_asks_nobody_whose_terms_were_not_accepted():
    (aleppo,) = load(ROOT / "config", {}).campaigns
    assert [source.platform for source in aleppo.sources if source.off] == ["telegram", "telegram"]
    assert {source.platform for source in aleppo.sources if not source.off} == {"feeds", "mastodon"}


def test_the_first_campaign_of_the_readme_is_valid(tmp_path):
    (block,) = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "save-aleppo.toml").write_text(block, encoding="utf-8")
    assert load(tmp_path, {}).campaigns[0].sources


def poll_examples():
    """Every campaign file that the page of polls shows, as its lines."""
    page = (ROOT / "docs" / "polls.md").read_text(encoding="utf-8")
    return [block for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "[[polls]]" in block]


@pytest.mark.parametrize("block", poll_examples())
def test_every_example_of_a_poll_is_valid_and_followed(tmp_path, block):
    (tmp_path / "campaigns").mkdir()
    content = f'title = "Buses"\nhashtags = ["#buses"]\n{block}'
    (tmp_path / "campaigns" / "buses.toml").write_text(content, encoding="utf-8")
    asked = places()[tomllib.loads(block)["polls"][0]["at"]["platform"]].Settings
    env = {name: "a-secret-of-the-tests" for name in variables(asked, ("buses", "friday")) if not name.endswith("FILE")}
    (poll,) = load(tmp_path, env).campaigns[0].polls
    assert poll.at.off is None


def test_every_place_of_polls_has_an_example():
    shown = {tomllib.loads(block)["polls"][0]["at"]["platform"] for block in poll_examples()}
    assert shown == set(places())


@pytest.mark.parametrize("place", places())
def test_every_setting_of_a_place_of_polls_is_in_its_part_of_the_page(place):
    page = (ROOT / "docs" / "polls.md").read_text(encoding="utf-8")
    before, _, after = page.partition(f"\n### {place}\n")
    told = before[: before.index("\n## Places")] + re.split(r"\n##+ ", after)[0]
    assert [key for key in places()[place].Settings.model_fields if f"`{key}`" not in told] == []


def test_every_setting_of_a_poll_and_every_flag_is_on_the_page():
    page = (ROOT / "docs" / "polls.md").read_text(encoding="utf-8")
    assert [key for key in (*PollFile.model_fields, *FLAGS) if f"`{key}`" not in page] == []


@pytest.mark.parametrize("key", ["every_minutes", "refresh_budget"])
def test_the_defaults_of_every_platform_are_told(key: str):
    row = re.search(rf"^\| `{key}` \| (.*?) \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
    usual, *others = row[1].split("; ") if row else [""]
    told = {name.strip(): float(part.split()[-1]) for part in others for name in part.rpartition(" ")[0].split(",")}
    asked = {name: kind.Settings.model_fields[key].default for name, kind in platforms().items()}
    assert told == {name: default for name, default in asked.items() if default != float(usual)}
