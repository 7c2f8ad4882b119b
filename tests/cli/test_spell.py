"""`monitor spell`."""

import json
import tomllib

from monitor.model.spelling import fold
from tests.cli.command import monitor


def test_the_family_of_a_hashtag_is_shown():
    said = monitor("spell", "#أنقذوا_حلب")
    assert said.code == 0
    assert "#انقذوا_حلب" in said.out
    assert "only when listed" in said.out


def test_what_is_to_be_pasted_is_toml():
    said = monitor("spell", "#SaveAleppo", "#أنقذوا_حلب").out
    pasted = tomllib.loads(said[said.index("[spellings]") :])["spellings"]
    assert pasted["#SaveAleppo"] == ["#save_aleppo"]
    assert "#انقذوا_حلب" in pasted["#أنقذوا_حلب"]


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
