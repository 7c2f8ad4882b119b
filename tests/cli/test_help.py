"""The command itself: its help, its version, its codes, and that it never shows a traceback."""

import os
import resource
import subprocess
import sys
from importlib import import_module, metadata
from pathlib import Path

import pytest

from monitor.cli import VERBS, main
from monitor.errors import MonitorError
from tests.cli.command import monitor

ROOT = Path(__file__).parent.parent.parent


def started(*words: str, **env: str):
    command = [sys.executable, "-m", "monitor", *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=os.environ | env, check=False)


def test_help_lists_every_verb():
    said = monitor("--help")
    assert said.code == 0
    assert [verb for verb in VERBS if f" {verb} " not in said.out] == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_there_and_has_a_help_of_its_own(verb):
    said = monitor(verb, "--help")
    assert said.code == 0
    assert f"monitor {verb}" in said.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_promises_something(verb):
    module = import_module(f"monitor.cli.{VERBS[verb].file}")
    assert getattr(module, VERBS[verb].file).__doc__
    assert module.__doc__


def test_help_is_quick():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert started("--help").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5
    )  # of the processor: others use it too


def test_help_imports_no_verb_and_nothing_heavy():
    code = "import sys; import monitor.cli as c; c.application(); print([m for m in sys.modules if m in sys.argv[1:]])"
    heavy = ["pandas", "numpy", "redis", "pydantic", "httpx", "apscheduler", "monitor.cli.check", "monitor.settings"]
    said = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, cwd=ROOT, check=True)
    assert said.stdout.strip() == "[]"


def test_the_version_is_told():
    assert monitor("--version").out == f"monitor {metadata.version('campaign-monitor')}\n"


def test_python_m_monitor_is_the_same_command():
    assert started("--version").stdout == monitor("--version").out


def test_without_words_the_help_is_shown():
    assert "check" in monitor().out


def test_a_misspelt_verb_is_a_usage_error_with_a_hint():
    said = monitor("chek")
    assert said.code == 2
    assert "Did you mean 'check'?" in said.err


def test_an_unknown_option_is_a_usage_error():
    assert monitor("check", "--lvie").code == 2


def test_settings_errors_end_with_2_and_words(tmp_path):
    said = monitor("check", "--config", tmp_path / "nowhere")
    assert said.code == 2
    assert said.err == (
        f"{tmp_path}/nowhere: no such folder; name yours with --config, or begin one with `monitor new`\n"
    )
    assert said.out == ""


def test_other_errors_of_ours_end_with_1_and_words(capsys):
    with pytest.raises(SystemExit) as end:
        main(["status"], load=lambda _: failing)
    assert end.value.code == 1
    assert capsys.readouterr().err == "the disk is full: make room\n"


def failing() -> None:
    """Fail."""
    raise MonitorError("the disk is full: make room")


def test_no_traceback_reaches_the_operator():
    said = started("check", "--config", "/nowhere/at/all")
    assert (said.returncode, "Traceback" in said.stderr) == (2, False)


def test_a_terminal_without_arabic_letters_shows_codes_instead_of_failing():
    said = started("spell", "#حلب", PYTHONIOENCODING="ascii")
    assert said.returncode == 0
    assert "\\u062d" in said.stdout


def test_the_folder_of_settings_may_come_from_the_environment(tmp_path):
    said = started("check", MONITOR_CONFIG=str(tmp_path))
    assert "holds no campaign" in said.stderr
