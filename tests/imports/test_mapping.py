import re
import tomllib
from pathlib import Path

import pytest

from monitor.imports import mapping

EXAMPLES = Path(__file__).resolve().parents[2] / "config" / "imports"
SMALLEST = {"name": "a", "platform": "x", "columns": {"id": "Id", "created_at": "Date", "text": "Text"}}


def mapped(**columns: str) -> mapping.Mapping:
    return mapping.Mapping.model_validate(SMALLEST | {"columns": {**SMALLEST["columns"], **columns}})  # type: ignore[dict-item]


def test_the_smallest_mapping_names_an_id_a_time_and_a_text() -> None:
    assert mapped().needed == {"Id", "Date"}


def test_impressions_are_potential_unless_the_mapping_says_who_measured_them() -> None:
    assert mapped().impressions_are == "potential"


def test_a_column_of_impressions_that_nobody_vouches_for_is_told_to_be_left_out() -> None:
    assert mapped().remark == ""
    assert mapped(impressions="Views").remark.startswith("The impressions in Views were left out")


def test_posts_are_counted_under_the_names_of_the_networks_not_of_the_sources() -> None:
    assert {"x", "facebook", "mastodon"} < mapping.known_platforms()
    assert not {"feeds", "gdelt", "jetstream", "own_pages", "twitter"} & mapping.known_platforms()


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
    one = mapping.Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    assert one.impressions_are == "potential"
    assert not one.columns.impressions


def test_there_are_examples() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.toml")} >= {"keyhole", "brandwatch"}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_take_no_piece_of_a_number_that_a_spreadsheet_broke(path: Path) -> None:
    pattern = tomllib.loads(path.read_text(encoding="utf-8"))["id_pattern"]
    assert re.search(pattern, "https://x.com/a/status/791234567890123456?s=20")[1] == "791234567890123456"
    assert re.search(pattern, "https://x.com/a/status/7.91E+17") is None
