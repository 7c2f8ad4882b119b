"""`monitor spell`."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model.sighting import Batch, Sighting
from monitor.model.spelling import fold
from monitor.store import ingest
from monitor.store.store import Store
from tests.cli.command import monitor, with_store
from tests.settings.folder import folder

CAMPAIGN = 'title = "Aleppo"\nhashtags = ["#SaveAleppo", "#حلب"]\n[spellings]\n"#SaveAleppo" = ["#Save_Aleppo"]\n'


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    """A folder of settings whose store has seen two spellings that are not listed, one that is, and another tag."""
    place = folder(tmp_path / "config", monitor=rules, aleppo=CAMPAIGN, quiet=CAMPAIGN)
    with_store(place, _fill)
    return place


async def _fill(store: Store) -> None:
    now = int(datetime.now(UTC).timestamp())
    met = [("savealepo",), ("savealepo", "حَلَب"), ("save_aleppo", "syria")]
    posts = [Sighting(str(n), now - n, ("*", "tag/a"), seen=seen) for n, seen in enumerate(met)]
    batch = Batch("aleppo", "UTC", "mastodon", "m", "posts", now, now, posts)
    await ingest.write(store, batch)


def test_the_family_of_a_hashtag_is_shown():
    said = monitor("spell", "#أنقذوا_حلب")
    assert said.code == 0
    assert "#انقذوا_حلب" in said.out
    assert "only when listed" in said.out


def test_what_is_to_be_pasted_is_toml():
    said = monitor("spell", "#SaveAleppo", "#أنقذوا_حلب").out
    pasted = tomllib.loads(said[said.index("[spellings]") :])["spellings"]
    assert pasted["#SaveAleppo"] == ["#Save_Aleppo"]
    assert "#انقذوا_حلب" in pasted["#أنقذوا_حلب"]


def test_what_is_rarer_is_told_apart_and_not_pasted():
    said = monitor("spell", "#أنقذوا_حلب").out
    assert "# rarer, some of them guesses:" in said
    assert "#anqidhu_halab" in said
    (pasted,) = tomllib.loads(said[said.index("[spellings]") :])["spellings"].values()
    assert "#anqidhu_halab" not in pasted


def test_what_a_campaign_has_seen_comes_with_its_posts_and_whole_lines_to_paste(config):
    said = monitor("spell", "--seen", "aleppo", "--config", config).out
    assert said.index("#savealepo") < said.index("حَلَب")
    pasted = tomllib.loads(said[said.index("[spellings]") :])["spellings"]
    assert pasted == {"#SaveAleppo": ["#Save_Aleppo", "#savealepo"], "#حلب": ["#حَلَب"]}


def test_what_was_pasted_is_valid_and_not_suggested_again(config):
    said = monitor("spell", "--seen", "aleppo", "--config", config).out
    lines = CAMPAIGN.partition("[spellings]")[0] + said[said.index("[spellings]") :]
    (config / "campaigns" / "aleppo.toml").write_text(lines, encoding="utf-8")
    assert "no spelling was seen" in monitor("spell", "--seen", "aleppo", "--config", config).out


def test_what_was_seen_is_json_for_scripts(config):
    said = json.loads(monitor("spell", "--seen", "aleppo", "--config", config, "--json").out)
    assert said[0] == {"spelling": "#savealepo", "family": "#SaveAleppo", "posts": 2}
    assert monitor("spell", "--seen", "quiet", "--config", config, "--json").out == "[]\n"


def test_where_nothing_was_collected_nothing_could_be_seen(config):
    said = monitor("spell", "--seen", "quiet", "--config", config).out
    assert said.startswith("Nothing was collected for quiet yet")


def test_a_hashtag_is_shown_as_it_is_written_and_so_are_its_forms():
    said = monitor("spell", "#FridayOfHope").out
    assert "#FridayOfHope" in said
    assert "#Friday_Of_Hope" in said


def test_what_is_counted_together_is_told_apart_from_what_is_asked_for():
    said = monitor("spell", "#أنقذوا_حلب").out
    assert "yes, always" in said
    assert "Platforms are asked for listed spellings only" in said


def test_a_hashtag_or_a_campaign_must_be_named_not_both(config):
    assert monitor("spell").code == monitor("spell", "#a", "--seen", "aleppo", "--config", config).code == 2
    assert "did you mean aleppo?" in monitor("spell", "--seen", "alepo", "--config", config).err


def test_json_is_one_line_for_scripts():
    said = monitor("spell", "--json", "#حلب_الشهباء")
    (family,) = json.loads(said.out)
    assert said.out.count("\n") == 1
    assert family["folded"] == fold("حلب_الشهباء")
    assert all(form["folded"] == fold(form["spelling"]) for form in family["proposals"])


def test_what_is_no_hashtag_is_a_usage_error_in_words():
    said = monitor("spell", "save aleppo")
    assert said.code == 2
    assert said.err == '"save aleppo" has a blank in it; write "#save_aleppo", or leave the blank out\n'


def test_every_wrong_hashtag_is_named():
    assert len(monitor("spell", "a b", "#", "#ok", "12").err.splitlines()) == 3
