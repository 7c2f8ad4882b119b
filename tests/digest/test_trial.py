"""Slips in the operator's templates are told before any mail is sent."""

from pathlib import Path

from monitor.digest.layout import BUILT_IN, PAGE, TEXT
from monitor.digest.trial import troubles


def test_without_a_folder_nothing_is_wrong():
    assert troubles(None) == ()


def test_the_templates_that_came_with_the_monitor_pass(tmp_path: Path):
    for name in (PAGE, TEXT):
        (tmp_path / name).write_text((BUILT_IN / name).read_text(encoding="utf-8"), encoding="utf-8")
    assert troubles(tmp_path) == ()


def test_a_slip_names_its_file_and_line_and_what_mails_use_instead(tmp_path: Path):
    (tmp_path / TEXT).write_text("fine\n{% if %}\n", encoding="utf-8")
    (said,) = troubles(tmp_path)
    assert said.startswith(f"{TEXT} of {tmp_path} does not work (line 2: ")
    assert said.endswith("mails use the built-in one")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    assert troubles(tmp_path / "nowhere") == (f"{tmp_path / 'nowhere'} is no folder; mails use the built-in templates",)
