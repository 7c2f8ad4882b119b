"""`monitor poll` on the private real Redis."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from rich.cells import cell_len
from rich.console import Console

from monitor.cli import race as printing
from monitor.cli.decision import key_of
from monitor.cli.poll import CampaignPoll, named_by
from monitor.model.race import Cycle, Stage
from monitor.store import polls
from monitor.store.store import Store
from monitor.words.voice import voice
from tests.cli.command import Said, monitor, with_store
from tests.digest import races
from tests.digest.races import BREAD, CLOSE, CONFIRMED, DAY, FLAGGED, HOPE, HOUR, OPENS, PATIENCE, POLL
from tests.settings.folder import folder

CAMPAIGN = """title = "Buses"
hashtags = ["#buses"]
timezone = "Asia/Damascus"
[[polls]]
[polls.at]
platform = "page"
url = "https://poll.example/1"
kind = "json"
rows = "$.options[*]"
label = "$.name"
votes = "$.votes"
"""
LOOKS = [races.look(hours, races.counts(hours)) for hours in (1, 2, 32)]


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    """A folder of settings whose store holds two weeks of a poll, the newer one with three looks."""
    place = folder(tmp_path / "config", monitor=rules, buses=CAMPAIGN)
    with_store(place, _fill)
    return place


async def _fill(store: Store) -> None:
    await polls.put(store, "buses", CONFIRMED.model_copy(update={"day": DAY - timedelta(days=7)}))
    for look in LOOKS:
        await polls.keep(store, "buses", CONFIRMED, look)


@pytest.fixture
def poll(config: Path) -> Callable[..., Said]:
    return lambda *words: monitor("poll", *words, "--config", config)


def printed(cycle: Cycle, language: str = "en", width: int = 120) -> str:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(printing.shown(cycle, voice(language, "Asia/Damascus"), OPENS + 24 * HOUR))
    return captured.get()


def test_the_newest_week_that_was_seen_is_shown_and_the_one_to_come_below(poll):
    said = poll("buses").out
    assert said.startswith("Naming poll for Friday 29 April   confirmed")
    assert said.rstrip().endswith("The poll of this week was not found yet.")


def test_without_a_campaign_all_are_shown(poll):
    assert poll().out == poll("buses").out == poll("show", "buses").out


def test_json_is_a_list_of_weeks_newest_first(poll):
    weeks = [CampaignPoll.model_validate(one) for one in json.loads(poll("buses", "--weeks", 9, "--json").out)]
    assert [(one.campaign, one.day) for one in weeks] == [("buses", DAY), ("buses", DAY - timedelta(days=7))]
    assert weeks[0].standing == CONFIRMED.standing
    assert len(json.loads(poll("buses", "--json").out)) == 1


def test_any_day_of_a_week_finds_its_poll(poll):
    (told,) = json.loads(poll("buses", "--week", "2016-04-20", "--json").out)
    assert told["day"] == "2016-04-22"
    assert named_by(POLL, date(2016, 4, 29)) == DAY


def test_a_week_nobody_saw_is_awaited(poll):
    assert "awaited" in poll("buses", "--week", "2017-01-06").out


def test_every_look_is_listed_with_its_proof(poll):
    rows = json.loads(poll("buses", "--looks", "--json").out)
    assert [(row["total"], row["sha256"]) for row in rows] == [(look.total, look.digest) for look in LOOKS]
    assert poll("buses", "--looks").out.count("\n") == 3


def test_a_proof_is_written_byte_by_byte(poll, tmp_path: Path):
    assert poll("buses", "--snapshot", LOOKS[0].digest).out == LOOKS[0].raw.decode()
    assert poll("buses", "--snapshot", LOOKS[0].digest, "--to", tmp_path / "proof").code == 0
    assert (tmp_path / "proof").read_bytes() == LOOKS[0].raw


def test_a_proof_that_is_not_kept_and_one_of_nobody_are_refused_in_words(poll, tmp_path: Path):
    assert "no answer of a poll" in poll("buses", "--snapshot", "0" * 64).err
    assert "say whose proof" in poll("--snapshot", "0" * 64).err
    assert "can not be written" in poll("buses", "--snapshot", LOOKS[0].digest, "--to", tmp_path).err


def test_a_campaign_without_a_poll_says_where_to_read_on(tmp_path: Path, rules: str):
    said = monitor("poll", "--config", folder(tmp_path / "config", monitor=rules))
    assert (said.code, "docs/polls.md" in said.err) == (1, True)


def test_the_name_that_was_taken_is_said_in_any_writing(poll):
    assert "The name is" in poll("decide", "buses", "الأمل").out
    (told,) = json.loads(poll("buses", "--json").out)
    assert (told["stage"], told["winner"]) == ("confirmed", "الامل")


def test_another_name_overturns_and_may_be_taken_back(poll):
    assert "although" in poll("decide", "buses", "friday of bread").out
    assert json.loads(poll("buses", "--json").out)[0]["stage"] == "overturned"
    assert "it has most votes" in poll("decide", "buses", HOPE).out


def test_a_name_nobody_could_vote_for_needs_a_word_more(poll):
    refused = poll("decide", "buses", "جمعة البحر")
    assert (refused.code, HOPE in refused.err, "--new" in refused.err) == (1, True, True)
    assert "The name is \u2068جمعة البحر\u2069, although" in poll("decide", "buses", "جمعة البحر", "--new").out


def test_which_of_several_polls_is_meant_must_be_said(config: Path):
    file = config / "campaigns" / "buses.toml"
    file.write_text(file.read_text() + "[[polls]]\nname = 'sunday'\n" + CAMPAIGN[CAMPAIGN.index("[polls.at]") :])
    said = monitor("poll", "decide", "buses", HOPE, "--config", config)
    assert (said.code, "friday, sunday" in said.err) == (1, True)
    assert monitor("poll", "decide", "buses", HOPE, "--poll", "friday", "--config", config).code == 0


def test_an_older_week_is_decided_by_its_day(poll):
    assert poll("decide", "buses", PATIENCE, "--week", "2016-04-22").code == 0
    stages = [week["stage"] for week in json.loads(poll("buses", "--weeks", 2, "--json").out)]
    assert stages == ["confirmed", "overturned"]


@pytest.mark.parametrize(("name", "key"), [("١. جمعة الامل!", "الامل"), ("bred", "bread"), ("الصبـر", "الصبر")])
def test_a_name_is_found_in_any_writing_or_nearly_so(name, key):
    assert key_of(CONFIRMED, name) == key


def test_nothing_is_decided_while_a_poll_is_open_or_unseen(config: Path):
    reopen(config, datetime(2100, 1, 1, tzinfo=UTC))
    said = monitor("poll", "decide", "buses", HOPE, "--config", config)
    assert (said.code, "still open" in said.err) == (1, True)
    assert (
        "no poll was seen" in monitor("poll", "decide", "buses", HOPE, "--week", "2019-01-04", "--config", config).err
    )


def test_what_nobody_saw_closing_can_be_decided_once_it_is_over(config: Path):
    reopen(config, datetime(2016, 4, 27, tzinfo=UTC))
    assert monitor("poll", "decide", "buses", HOPE, "--config", config).code == 0


def reopen(config: Path, closes_at: datetime) -> None:
    open_again = CONFIRMED.model_copy(update={"stage": Stage.OPEN, "closes_at": closes_at})
    with_store(config, lambda store: polls.put(store, "buses", open_again))


def test_the_race_tells_lead_end_pace_and_age():
    said = printed(FLAGGED)
    assert "leads" in said
    assert "It closes Thu 28 Apr 00:00, in 6 hours." in said
    assert "Lately 195 votes an hour." in said
    assert "Seen Wed 27 Apr 17:00." in said
    assert "chance to win 9" in said


def test_a_flag_is_a_sentence_with_its_two_looks():
    (flag,) = [line for line in printed(FLAGGED, width=300).splitlines() if "⚑" in line]
    assert "between the looks of Wed 27 Apr 12:00 and Wed 27 Apr 13:00" in flag


def test_nobody_is_said_to_lead_where_bounds_overlap():
    said = printed(CLOSE)
    assert "Too close to call" in said
    assert "leads" not in said
    assert "120 to 130 votes" in said


def test_bars_of_arabic_names_grow_from_the_right_beside_the_name():
    rows = [line for line in printed(FLAGGED).splitlines() if "█" in line]
    arabic, latin = (next(line for line in rows if name in line) for name in (HOPE, BREAD))
    assert arabic.rstrip("\u2069 ").endswith(HOPE)
    assert arabic.index("█") < arabic.index(HOPE)
    assert latin.index("votes") < latin.index("█")


def test_names_are_isolated_so_that_they_turn_nothing_around():
    assert f"\u2068{HOPE}\u2069" in printed(FLAGGED)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_every_width_of_terminal_will_do(width: int, language: str):
    assert all(cell_len(line) <= width for line in printed(FLAGGED, language, width).splitlines())


def test_markup_in_a_name_is_shown_as_it_is():
    line = CONFIRMED.standing.lines[0].model_copy(update={"label": "[bold]x[/] \u202eevil"})
    standing = CONFIRMED.standing.model_copy(update={"lines": (line, *CONFIRMED.standing.lines[1:])})
    said = printed(CONFIRMED.model_copy(update={"standing": standing}))
    assert "[bold]x[/] evil" in said


def test_the_published_schema_is_that_of_the_list():
    docs = Path(__file__).resolve().parents[2] / "docs" / "polls.schema.json"
    assert json.loads(docs.read_text()) == TypeAdapter(list[CampaignPoll]).json_schema()
