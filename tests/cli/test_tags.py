"""`monitor tags`."""

import json
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sources import platforms
from tests.cli.command import monitor

CUTTERS = [name for name, platform in platforms().items() if platform.tags]


def cut(platform, text: bytes):
    """What the command prints for bytes on its standard input."""
    command = [sys.executable, "-m", "monitor", "tags", "--platform", platform]
    return subprocess.run(command, input=text, capture_output=True, check=True).stdout.decode()


@pytest.fixture
def written(tmp_path):
    """A file to write lines into, and what is said of it."""
    path = tmp_path / "posts.txt"

    def said(text: bytes, platform="x"):
        path.write_bytes(text)
        return monitor("tags", "--platform", platform, path)

    return said


def test_each_line_of_standard_input_gives_one_json_array():
    text = "نص #أنقذوا_حلب و #SaveAleppo\n\nno tag\n#end".encode()
    assert cut("x", text) == '["أنقذوا_حلب", "SaveAleppo"]\n[]\n[]\n["end"]\n'


def test_platforms_differ(written):
    line = "#a-b #القُدس (#c)".encode()
    said = {name: json.loads(written(line, name).out) for name in CUTTERS}
    assert said["x"] == said["youtube"] == ["a", "القُدس", "c"]
    assert said["mastodon"] == ["a", "القُدس"]
    assert said["bluesky"] == ["a-b", "القُدس"]
    assert said["telegram"] == ["a", "الق", "c"]


def test_files_are_read_one_after_the_other(tmp_path):
    for name in "ab":
        (tmp_path / name).write_text(f"#{name}\n")
    assert monitor("tags", "--platform", "bluesky", tmp_path / "a", tmp_path / "b").out == '["a"]\n["b"]\n'


def test_only_a_line_feed_ends_a_line(written):
    assert written("#a\u2028#b\x85#c\r\n#d\r#e\n".encode()).out == '["a", "b", "c"]\n["d", "e"]\n'


def test_a_mark_at_the_start_of_a_file_is_no_part_of_it(written):
    assert written(b"\xef\xbb\xbf#a\n", "mastodon").out == '["a"]\n'


def test_nothing_gives_nothing():
    assert cut("telegram", b"") == ""


@pytest.mark.parametrize("platform", CUTTERS)
def test_any_bytes_give_a_line_each(written, platform):
    @settings(max_examples=25, deadline=None)
    @given(st.binary(max_size=80) | st.text("#＃aا1_\n<p>&;/. \u200c\ufe0f").map(str.encode))
    def survives(text):
        said = written(text, platform)
        assert said.code == 0
        assert said.out.count("\n") == text.count(b"\n") + (text[-1:] not in {b"", b"\n"})
        assert all(isinstance(json.loads(line), list) for line in said.out.splitlines())

    survives()


@pytest.mark.parametrize("unit", ["#a", "#", "/#", "<a", "a.b/#", "http://", " #!!!!!!", "&amp", "#a\u064b", "(#"])
@pytest.mark.parametrize("platform", CUTTERS)
def test_long_lines_take_no_longer_than_their_length_says(written, platform, unit):
    before = time.process_time()
    written((unit * (100_000 // len(unit))).encode(), platform)
    assert time.process_time() - before < 1.0  # quadratic, each of them would take many


def test_a_file_that_is_not_there_is_an_error_in_words(tmp_path):
    said = monitor("tags", "--platform", "x", tmp_path / "none")
    assert (said.code, said.err) == (1, f"{tmp_path}/none cannot be read: No such file or directory\n")


def test_a_platform_is_known_in_capitals_too(written):
    assert written(b"#a\n", "X").out == written(b"#a\n", "x").out == '["a"]\n'


def test_a_platform_must_be_named_and_known():
    assert monitor("tags").code == 2
    assert "'bluesky'" in monitor("tags", "--platform", "myspace").err
