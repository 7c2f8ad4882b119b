import re
import tomllib
from pathlib import Path

import pytest

from monitor.errors import SettingsError
from monitor.imports import mapping

SMALLEST = 'name = "a"\nplatform = "x"\n[columns]\nid = "Id"\ncreated_at = "Date"\ntext = "Text"\n'
EXAMPLES = Path(__file__).resolve().parents[2] / "config" / "imports"


def load(folder: Path, text: str) -> mapping.Mapping:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return mapping.load(path)


def test_the_smallest_mapping_names_an_id_a_time_and_a_text(tmp_path: Path) -> None:
    assert load(tmp_path, SMALLEST).needed == {"Id", "Date"}


def test_impressions_are_potential_unless_the_mapping_says_who_measured_them(tmp_path: Path) -> None:
    assert load(tmp_path, SMALLEST).impressions_are == "potential"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "is no TOML"),
        (SMALLEST.replace('text = "Text"\n', ""), "no hashtag can be found"),
        (SMALLEST.replace('id = "Id"\n', ""), "columns.id: Field required"),
        (f"{SMALLEST}likez = 'Likes'\n", "columns.likez: Extra inputs are not permitted"),
        (f'id_pattern = "("\n{SMALLEST}', "id_pattern is no pattern"),
        (f'zone = "Damascus"\n{SMALLEST}', "Damascus is no time zone"),
        (f'zone = "../etc"\n{SMALLEST}', "is no time zone"),
        (f'impressions_are = "real"\n{SMALLEST}', "impressions_are"),
    ],
)
def test_what_is_wrong_in_a_mapping_is_said(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words.replace(".", r"\.")):
        load(tmp_path, text)


def test_a_mapping_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        mapping.load(tmp_path / "nothing.toml")


def test_the_mappings_of_the_monitor_can_be_told_apart() -> None:
    known = mapping.known()
    assert len({one.name for one in known}) == len(known) > 8
    assert len({one.needed for one in known}) == len(known)


@pytest.mark.parametrize("one", mapping.known(), ids=lambda one: one.name)
def test_every_mapping_of_the_monitor_is_recognised_and_told_about(one: mapping.Mapping) -> None:
    assert one.telling
    assert one.about


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_never_take_an_estimate_for_measured(path: Path) -> None:
    assert mapping.load(path).impressions_are == "potential"
    assert not mapping.load(path).columns.impressions


def test_there_are_examples() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.toml")} >= {"keyhole", "brandwatch"}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_take_no_piece_of_a_number_that_a_spreadsheet_broke(path: Path) -> None:
    pattern = tomllib.loads(path.read_text(encoding="utf-8"))["id_pattern"]
    assert re.search(pattern, "https://x.com/a/status/791234567890123456?s=20")[1] == "791234567890123456"
    assert re.search(pattern, "https://x.com/a/status/7.91E+17") is None
