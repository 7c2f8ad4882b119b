import gzip
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import UnexpectedPayload
from monitor.imports.found import Damaged
from monitor.imports.packed import Part, parts

LINES = b"".join(json.dumps({"n": number, "text": f"{number * 7919}"}).encode() + b"\n" for number in range(5000))


def read(part: Part) -> bytes:
    return b"".join(part.chunks(lambda _: None))


def only(path: Path, content: bytes) -> Part:
    path.write_bytes(content)
    (part,) = parts(path)
    return part


def archive(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def up_to_the_damage(part: Part) -> bytes:
    chunks = part.chunks(lambda _: None)
    got: list[bytes] = []
    with pytest.raises(Damaged):
        got.extend(chunks)
    return b"".join(got)


def test_a_plain_file_is_read_as_it_is(tmp_path: Path) -> None:
    assert read(only(tmp_path / "a", LINES)) == LINES


def test_a_packed_file_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    assert read(only(tmp_path / "a.txt", gzip.compress(LINES))) == LINES


def test_packed_files_one_after_the_other_are_one(tmp_path: Path) -> None:
    assert read(only(tmp_path / "a.gz", gzip.compress(b"1\n") + gzip.compress(b"2\n"))) == b"1\n2\n"


def test_a_padded_end_is_no_damage(tmp_path: Path) -> None:
    assert read(only(tmp_path / "a.gz", gzip.compress(LINES) + bytes(500))) == LINES


@settings(deadline=None, max_examples=30)
@given(cut=st.integers(30, 12_000))
def test_of_a_file_that_was_cut_off_everything_before_is_kept(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    packed = gzip.compress(LINES)
    part = only(tmp_path_factory.getbasetemp() / "cut.gz", packed[:-cut])
    got = up_to_the_damage(part)
    assert LINES.startswith(got)
    assert len(got) > len(LINES) * (len(packed) - cut) / len(packed) * 0.8 - 50_000


def test_a_file_that_is_broken_in_the_middle_says_so(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LINES))
    packed[len(packed) // 2 :] = bytes(len(packed) // 2)
    assert up_to_the_damage(only(tmp_path / "a.gz", bytes(packed))).startswith(LINES[: len(LINES) // 3])


def test_the_progress_is_of_the_file_on_the_disk(tmp_path: Path) -> None:
    heard: list[int] = []
    for _ in only(tmp_path / "a.gz", gzip.compress(LINES)).chunks(heard.append):
        pass
    assert heard == sorted(heard)
    assert heard[-1] == (tmp_path / "a.gz").stat().st_size


def test_the_posts_of_an_archive_of_x_are_read_in_order_and_nothing_else(tmp_path: Path) -> None:
    names = ["data/tweets-part10.js", "data/tweets-part2.js", "data/direct-messages.js", "data/tweets.js", "Your.html"]
    path = archive(tmp_path / "x.zip", **dict.fromkeys(names, b"{}"))
    assert [part.name for part in parts(path)] == ["data/tweets.js", "data/tweets-part2.js", "data/tweets-part10.js"]


def test_one_file_in_an_archive_is_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"tweets.jsonl": LINES, "__MACOSX/._tweets.jsonl": b"x", "readme.md": b"x"})
    (part,) = parts(path)
    assert (part.name, read(part)) == ("tweets.jsonl", LINES)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"picture.png": b"x"}, "holds no file that can be read"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "save the sheet as CSV"),
        ({"a.csv": bytes(3_000_000)}, "unpacks to a size that no posts have"),
        ({}, "an archive without files"),
    ],
)
def test_an_archive_of_something_else_is_refused(tmp_path: Path, files: dict[str, bytes], words: str) -> None:
    with pytest.raises(UnexpectedPayload, match=words):
        parts(archive(tmp_path / "a.zip", **files))


def test_an_archive_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"a.csv": LINES})
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UnexpectedPayload, match="cut off or damaged: fetch it again"):
        parts(path)


def test_a_broken_file_in_an_archive_is_a_damage(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", **{"a.csv": LINES})
    packed = bytearray(path.read_bytes())
    packed[len(packed) // 3 : len(packed) // 2] = bytes(len(packed) // 2 - len(packed) // 3)
    path.write_bytes(packed)
    (part,) = parts(path)
    assert up_to_the_damage(part).startswith(LINES[: len(LINES) // 4])


def test_a_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedPayload, match="is a folder; name one file in it"):
        parts(tmp_path)


def test_a_file_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedPayload, match="cannot be read: No such file"):
        parts(tmp_path / "nothing")
