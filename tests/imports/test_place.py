from dataclasses import asdict, replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.imports.place import Place, walk_of
from monitor.model.campaign import Family
from tests.people import ALEPPO

EPOCHS = st.none() | st.integers(0, 2**31)


def written(folder: Path, content: bytes, name: str = "a") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@settings(deadline=None)
@given(st.builds(Place, st.integers(0, 9), st.integers(0, 10**9), EPOCHS, EPOCHS, EPOCHS))
def test_a_place_is_read_as_it_was_kept(place: Place) -> None:
    assert Place.of(asdict(place)) == place


def test_what_never_began_or_is_done_begins_at_the_begin() -> None:
    assert Place.of(None) == Place()
    assert Place.of(asdict(Place(1, 500, 1, 2, 3, done=True))) == Place()


def test_a_file_is_the_same_under_another_name(tmp_path: Path) -> None:
    paths = [written(tmp_path, b"x" * 200_000, name) for name in ("a", "b")]
    assert len({walk_of(path, ALEPPO, "twarc") for path in paths}) == 1


def test_another_content_size_format_or_hashtag_is_another_import(tmp_path: Path) -> None:
    more = replace(ALEPPO, families=(*ALEPPO.families, Family("Homs", ("homs",))))
    walks = [
        walk_of(written(tmp_path, b"x" * 200_000), ALEPPO, "twarc"),
        walk_of(written(tmp_path, b"x" * 200_000), ALEPPO, "twarc1"),
        walk_of(written(tmp_path, b"x" * 200_000), more, "twarc"),
        walk_of(written(tmp_path, b"x" * 200_001), ALEPPO, "twarc"),
        walk_of(written(tmp_path, b"y" + b"x" * 199_999), ALEPPO, "twarc"),
        walk_of(written(tmp_path, b"x" * 199_999 + b"y"), ALEPPO, "twarc"),
    ]
    assert len(set(walks)) == len(walks)


def test_an_empty_file_has_a_place_too(tmp_path: Path) -> None:
    assert walk_of(written(tmp_path, b""), ALEPPO, "twarc").startswith("file/")
