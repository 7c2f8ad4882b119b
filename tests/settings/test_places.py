"""Where in a file something stands."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import SettingsError
from monitor.settings.files import parsed, read, spelled_out
from monitor.settings.findings import Findings

TEXT = """# a comment
title = "Buses"
"quoted" = 1
hashtags = [
  "#a",
  "# b = c",
]

[spellings]
"#حلب" = ["#حلبب"]

[[sources]]
platform = "mastodon"

[[sources]]
platform = "feeds"
[sources.inner]
key = 1

[[digest.recipients]]
hour = 7
[[digest.recipients]]
hour = 8
"""


@pytest.mark.parametrize(("place", "line"), [
    (("title",), 2),
    (("quoted",), 3),
    (("hashtags", 1), 4),
    (("spellings", "#حلب"), 10),
    (("spellings", "#حلب", 0), 10),
    (("sources", 0, "platform"), 13),
    (("sources", 1, "platform"), 16),
    (("sources", 1, "missing"), 15),
    (("sources", 1, "inner", "key"), 18),
    (("digest", "recipients", 1, "hour"), 23),
])  # fmt: skip
def test_a_problem_names_the_line(place, line):
    assert f"(line {line})" in parsed(Path("a.toml"), TEXT).problem(place, "wrong").place


def test_what_stands_nowhere_has_no_line():
    assert parsed(Path("a.toml"), TEXT).problem(("nowhere",), "wrong").place == "nowhere"


def test_places_are_spelled_as_in_toml():
    assert spelled_out(("sources", 1, "server")) == "sources[1].server"
    assert spelled_out(("spellings", "#حلب", 0)) == 'spellings."#حلب"[0]'
    assert spelled_out(()) == ""


@pytest.mark.parametrize(("text", "place"), [
    ("title = Buses\n", "line 1, column 9"),
    ("a = 1\nb = \n", "line 2, column 5"),
    ("a = [1\n", ""),
])  # fmt: skip
def test_broken_toml_names_line_and_column(text, place):
    with pytest.raises(SettingsError) as caught:
        parsed(Path("a.toml"), text)
    (problem,) = caught.value.problems
    assert (problem.place, problem.advice[:13]) == (place, "is not TOML: ")


def test_brackets_without_end_are_said_in_words():
    with pytest.raises(SettingsError, match="brackets within brackets"):
        parsed(Path("a.toml"), "a = " + "[" * 20_000)


def test_tables_within_tables_without_end_are_said_in_words():
    with pytest.raises(SettingsError, match="brackets within brackets"):
        parsed(Path("a.toml"), ".".join("a" * 5000) + " = 1")


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000])
def test_numbers_without_end_are_said_in_words(number):
    with pytest.raises(SettingsError, match="write a smaller one"):
        parsed(Path("a.toml"), f"a = {number}")


def test_a_byte_order_mark_is_no_problem(tmp_path):
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbftitle = 1")
    assert read(tmp_path / "a.toml").content == {"title": 1}


@pytest.mark.parametrize("raw", [b"\xff\xfet\x00", b"a = 1\nb = '\xc7'", b"\x00", b"\x1f\x8b\x08"])
def test_what_is_not_text_is_said_in_words(tmp_path, raw):
    (tmp_path / "a.toml").write_bytes(raw)
    with pytest.raises(SettingsError, match=r"is not in UTF-8|is not TOML"):
        read(tmp_path / "a.toml")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_no_bytes_end_in_anything_but_a_file_or_words(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(raw)
    found = Findings()
    file = found.attempt(read, path)
    assert bool(file) != (len(found.problems) == 1)
