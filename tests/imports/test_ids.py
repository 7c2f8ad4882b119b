from datetime import datetime, timedelta

import pytest

from monitor.imports.ids import Doubts, own_id
from monitor.imports.mapping import Mapping
from monitor.sources import _x_post
from tests.imports.twarc import id_of

LINK = "https://x.com/a/status/{}"
OWN = "791234567890123456"
WRITTEN = _x_post.moment_of(OWN)


def mapped(pattern: str = "", platform: str = "x") -> Mapping:
    columns = {"id": "Id", "created_at": "Date", "text": "Text"}
    return Mapping.model_validate({"name": "a", "platform": platform, "id_pattern": pattern, "columns": columns})


@pytest.mark.parametrize("pattern", [r"status/(\d+)", r"(\d+)", r"\d+", r"(\d+)(?:\?.*)?$", r"status/(.+?)(?:\?.*)?$"])
@pytest.mark.parametrize("behind", ["", "?s=20"])
def test_a_whole_id_is_found_in_its_address(pattern: str, behind: str) -> None:
    assert own_id(mapped(pattern), LINK.format(OWN) + behind) == OWN


@pytest.mark.parametrize("pattern", [r"status/(\d+)", r"(\d+)", r"\d+", r"(\d+)$", r"(\d{5})", r"status/(.+)"])
@pytest.mark.parametrize("ruined", ["1.8E+18", "7,91E+17", "7.91e17", "8E+17", "791234567890123456.0"])
def test_no_piece_of_a_ruined_number_is_an_id_whatever_the_pattern(pattern: str, ruined: str) -> None:
    assert own_id(mapped(pattern), LINK.format(ruined)) is None


@pytest.mark.parametrize("cell", ["1.8E+18", "8E+17"])
def test_a_rounded_number_is_no_id_of_another_platform_either(cell: str) -> None:
    assert own_id(mapped(platform="tiktok"), cell) is None
    assert own_id(mapped("(.+)", platform="tiktok"), cell) is None


@pytest.mark.parametrize(
    ("pattern", "cell", "own"),
    [
        (r"([^/?#]+)/*(?:[?#].*)?$", "https://www.instagram.com/p/C12e5b-7E3/", "C12e5b-7E3"),
        (r"^(.+)-(\d+)$", "channel2-17", "channel2/17"),
        (r"/(\d+)\.html", "https://forum.example/2024.05/77.html", "77"),
        (r"(\d+)(_\d+)?", "12", "12"),
        ("", "at://did:plc:e/app.bsky.feed.post/3k", "at://did:plc:e/app.bsky.feed.post/3k"),
        ("nothing", "12", None),
    ],
)
def test_ids_of_other_shapes_are_taken_as_the_pattern_says(pattern: str, cell: str, own: str | None) -> None:
    assert own_id(mapped(pattern, platform="instagram"), cell) == own


# Numbers that were rounded and written out again


def doubted(*rows: tuple[str, datetime | None], platform: str = "x") -> list[bool]:
    doubts = Doubts(mapped(platform=platform))
    return [doubts.of(*row) for row in rows]


def test_ids_that_tell_the_day_of_their_row_are_believed() -> None:
    assert WRITTEN
    assert doubted((OWN, WRITTEN), (id_of(1), None), (OWN, WRITTEN + timedelta(hours=14))) == [False] * 3


def test_an_id_that_tells_another_day_than_its_row_is_doubted() -> None:
    assert WRITTEN
    assert doubted((OWN, WRITTEN + timedelta(days=3)), (OWN, WRITTEN - timedelta(days=3))) == [True, True]


@pytest.mark.parametrize("own", ["1800000000000000000", "1632000123456780000"])
def test_zeros_behind_what_a_spreadsheet_keeps_are_doubted(own: str) -> None:
    assert doubted((own, None), (own, None), platform="tiktok") == [True, True]


def test_an_id_of_many_rows_is_doubted() -> None:
    assert doubted(*[(OWN, WRITTEN)] * 4) == [False, False, True, True]


def test_short_numbers_and_other_ids_are_nobodys_doubt() -> None:
    assert doubted(*[("channel/17", None)] * 4, *[("1000", None)] * 4, platform="telegram") == [False] * 8
