from pathlib import Path

import pytest

from monitor.errors import SettingsError
from monitor.imports.mapping import Mapping
from monitor.settings.mapping import mapping

EXAMPLES = Path(__file__).resolve().parents[2] / "config" / "imports"
SMALLEST = 'name = "a"\nplatform = "x"\n[columns]\nid = "Id"\ncreated_at = "Date"\ntext = "Text"\n'


def read(folder: Path, text: str) -> Mapping:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return mapping(path)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        read(folder, text)
    return [f"{one.place}: {one.advice}" for one in raised.value.problems]


def test_a_column_may_be_one_or_several(tmp_path: Path) -> None:
    told = read(tmp_path, SMALLEST + 'likes = ["Likes", "Loves"]\n')
    assert (told.columns.id, told.columns.likes) == (("Id",), ("Likes", "Loves"))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_are_right(path: Path) -> None:
    assert mapping(path).name == path.stem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "is not TOML"),
        (
            SMALLEST.replace('text = "Text"\n', ""),
            "columns.tags (line 3): is missing, as is text: name the column of one",
        ),
        (SMALLEST.replace('id = "Id"\n', ""), 'columns.id (line 3): is missing; write id = "…"'),
        (f"{SMALLEST}likez = 'Likes'\n", "columns.likez (line 7): is not known; did you mean likes?"),
        (f'id_pattern = "("\n{SMALLEST}', "id_pattern (line 1): is no pattern"),
        (
            f'zone = "Damascus"\n{SMALLEST}',
            'zone (line 1): "Damascus" is not a time zone; write a name such as "Asia/',
        ),
        (f'zone = "../etc"\n{SMALLEST}', "is not a time zone"),
        (f'impressions_are = "real"\n{SMALLEST}', 'impressions_are (line 1): write one of "measured" or "potential"'),
        (f"only = {{ Site = 5 }}\n{SMALLEST}", "write a list"),
        (SMALLEST.replace('"a"', '"A tool"'), "name (line 1): use small Latin letters, digits and dashes only"),
    ],
)
def test_what_is_wrong_in_a_mapping_is_said_with_its_place_and_its_cure(tmp_path: Path, text: str, words: str) -> None:
    assert words in "\n".join(problems(tmp_path, text))


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = 'platform = "twitter"\nzone = "Homs"\nid_pattern = "("\n[columns]\nidd = "Id"\n'
    said = "\n".join(problems(tmp_path, text))
    for key in ("name:", "platform (line 1):", "zone (", "id_pattern (", ".idd", ".id (", ".created_at", ".tags"):
        assert key in said


@pytest.mark.parametrize(("name", "meant"), [("twitter", "x"), ("Twitter", "x"), ("X", "x"), ("mastodn", "mastodon")])
def test_a_platform_under_another_name_is_refused_since_its_posts_would_count_twice(
    tmp_path: Path, name: str, meant: str
) -> None:
    said = problems(tmp_path, SMALLEST.replace('"x"', f'"{name}"'))
    assert any(f'platform (line 2): "{name}" is not known; did you mean {meant}?' in one for one in said)


def test_a_new_platform_is_taken_when_the_mapping_says_so(tmp_path: Path) -> None:
    new = SMALLEST.replace('"x"', '"vk"')
    assert "platform_is_new = true" in problems(tmp_path, new)[0]
    assert read(tmp_path, f"platform_is_new = true\n{new}").platform == "vk"


def test_an_old_name_is_never_new(tmp_path: Path) -> None:
    assert problems(tmp_path, "platform_is_new = true\n" + SMALLEST.replace('"x"', '"twitter"'))


def test_a_mapping_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        mapping(tmp_path / "nothing.toml")
