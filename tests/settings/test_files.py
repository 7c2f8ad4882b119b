"""Whole files: every bad one is answered with the words on its first lines, every good one loads."""

from pathlib import Path

import pytest

from monitor.errors import SettingsError
from monitor.settings.load import load
from monitor.sources import platforms
from monitor.words.voice import languages
from tests.settings.folder import BUSES, folder

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.toml"))
GOOD = sorted((HERE / "good").glob("*.toml"))


def laid(file: Path, path: Path) -> Path:
    """Lay the file into a folder: as monitor.toml when its name says so, else as one more campaign."""
    if file.name.startswith("monitor-"):
        return folder(path, monitor=file.read_bytes())
    folder(path, buses=BUSES)
    (path / "campaigns" / file.name).write_bytes(file.read_bytes())
    return path


def expected(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    comments = lines[: next(number for number, line in enumerate(lines) if not line.startswith("# "))]
    return [known(line.removeprefix("# ")) for line in comments]


def known(line: str) -> str:
    """Return a line with the names of all platforms and languages in the places that are kept for them."""
    quoted = ", ".join(f'"{name}"' for name in platforms())
    line = line.replace("LANGUAGES", ", ".join(languages()))
    return line.replace('"PLATFORMS"', quoted).replace("PLATFORMS", ", ".join(platforms()))


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_bad_file_is_answered_in_words(file, tmp_path):
    with pytest.raises(SettingsError) as caught:
        load(laid(file, tmp_path), {})
    said = [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]
    shown = "monitor.toml" if file.name.startswith("monitor-") else f"campaigns/{file.name}"
    assert [line.removeprefix(f"{shown}: ").replace(f"{tmp_path}/", "") for line in said] == expected(file)


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_a_good_file_loads(file, tmp_path):
    assert load(laid(file, tmp_path), {}).campaigns


def test_there_are_enough_bad_files():
    assert len(BAD) >= 25


def test_no_bad_file_gives_a_secret_away():
    assert not [file for file in BAD if any("hunter2" in line for line in expected(file))]
