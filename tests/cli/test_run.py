from pathlib import Path

import pytest

from monitor.cli import main


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Run a command in this process; return its exit code and what it printed."""
    with pytest.raises(SystemExit) as end:
        main(words)
    printed = capsys.readouterr()
    return end.value.code, printed.out + printed.err


def folder(tmp_path: Path) -> Path:
    (tmp_path / "campaigns").mkdir()
    source = '[[sources]]\nplatform = "mastodon"\nserver = "social.example"\n'
    (tmp_path / "campaigns" / "aleppo.toml").write_text(f'title = "Save"\nhashtags = ["#Aleppo"]\n{source}')
    (tmp_path / "monitor.toml").write_text(f'[redis]\nfolder = "{tmp_path}/redis"\n')
    return tmp_path


def test_bad_settings_keep_the_daemon_from_starting(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "campaigns").mkdir()
    code, printed = said(["run", "--config", str(tmp_path)], capsys)
    assert code == 2
    assert "holds no campaign" in printed


def test_status_says_when_nothing_was_ever_collected(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, printed = said(["status", "--config", str(folder(tmp_path))], capsys)
    assert code == 1
    assert f"there is no store at {tmp_path}/redis: start this in the folder of `monitor run`" in printed
    assert not (tmp_path / "redis").exists()


@pytest.mark.parametrize("verb", ["run", "status", "collect"])
def test_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]):
    code, printed = said([verb, "--help"], capsys)
    assert code == 0
    assert "--config" in printed
