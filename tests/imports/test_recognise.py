import gzip
import json
import re
from pathlib import Path

import pytest

from monitor.errors import UnexpectedPayload
from monitor.imports.mapping import Columns, Mapping
from monitor.imports.recognise import formats
from tests.imports import taken
from tests.imports.test_packed import archive
from tests.imports.twarc import file, page, tweet


def refusal(path: Path, **asked: object) -> str:
    with pytest.raises(UnexpectedPayload) as error:
        taken.open_file(path, **asked)
    return str(error.value)


def written(folder: Path, content: bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


PAGE = (Path(__file__).resolve().parents[2] / "docs" / "imports.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (bytes(5000), "is empty"),
        (b"%PDF-1.7 ...", "is a PDF; ask for the figures as CSV or JSON"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "an old Excel or Word file; save the sheet as CSV"),
        (b"<!DOCTYPE html><html><title>Log in</title>", "a web page, perhaps one that asks to sign in"),
        (b"\n<html><body>", "a web page"),
        (b"\x28\xb5\x2f\xfd\x00", "packed with zstd; unpack it first: zstd -d FILE"),
        (b"\xfd7zXZ\x00", "packed with xz"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\x01\x02" + bytes(4000) + b"x", "is no text"),
        (b"hello there\n", "is not recognised: it is neither JSON nor a table"),
        (b"name,age\nada,5\n", "is not recognised: its columns are name, age"),
        (b'{"name": "ada"}\n', "holds no posts that are recognised"),
        (b"[]", "holds no posts that are recognised"),
        (b'"text"', "is not recognised"),
    ],
)
def test_what_holds_no_posts_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refusal(written(tmp_path, content))


def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = archive(tmp_path / "posts.xlsx", **{"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": b"<x/>"})
    assert "save the sheet as CSV (UTF-8)" in refusal(path)


def test_who_brings_an_unknown_file_reads_what_can_be_read(tmp_path: Path) -> None:
    words = refusal(written(tmp_path, b"name,age\nada,5\n"))
    assert all(form.name in words and form.about in words for form in formats())
    assert "--mapping" in words


def test_a_file_is_recognised_by_what_stands_in_it(tmp_path: Path) -> None:
    lines = json.dumps(page(tweet(1))).encode()
    for content in (lines, gzip.compress(lines), b"\n\n" + lines, b"{broken\n" + lines, lines + b"\n" + bytes(9000)):
        assert taken.open_file(written(tmp_path, content, "export.txt")).format.name == "twarc"


def test_a_format_that_is_named_is_believed(tmp_path: Path) -> None:
    path = file(tmp_path, [page(tweet(1))])
    assert taken.open_file(path, format="mastodon").format.name == "mastodon"


def test_a_format_that_nobody_knows_is_refused_with_those_there_are(tmp_path: Path) -> None:
    words = refusal(file(tmp_path, [page(tweet(1))]), format="twark")
    assert words.startswith("no format is called twark; there are: 4cat-bluesky")


def test_json_of_another_kind_than_the_one_that_is_named_is_refused(tmp_path: Path) -> None:
    assert "no posts that are recognised" in refusal(file(tmp_path, [page(tweet(1))]), format="4cat-x")


def test_an_archive_of_several_kinds_is_refused(tmp_path: Path) -> None:
    old = {"id_str": "1", "text": "", "created_at": ""}
    path = archive(
        tmp_path / "a.zip", **{"a.jsonl": json.dumps(page(tweet(1))).encode(), "b.jsonl": json.dumps(old).encode()}
    )
    assert "several kinds (twarc, twarc1): unpack it" in refusal(path)


def test_a_file_of_counts_is_no_file_of_posts(tmp_path: Path) -> None:
    counts = {"data": [{"start": "2023-03-03T00:00:00Z", "end": "2023-03-03T01:00:00Z", "tweet_count": 5}]}
    assert taken.reasons(file(tmp_path, [counts])) == ["counts per hour or day, no posts; import the file of the posts"]


def test_every_format_is_told_about() -> None:
    assert [form.name for form in formats() if f"`{form.name}`" not in PAGE] == []


def test_every_setting_of_a_mapping_is_told_about() -> None:
    names = [*Mapping.model_fields, *Columns.model_fields]
    assert [
        name
        for name in names
        if not re.search(rf"(?m)(^|`){name} = ", PAGE) and name not in {"about", "columns", "impressions", "quotes"}
    ] == []


@pytest.mark.parametrize("line", [{"id": "5", "text": "a post of another place"}, {"id": 7, "name": "ada"}])
def test_what_could_be_of_anywhere_is_not_taken_for_x(tmp_path: Path, line: dict[str, object]) -> None:
    assert "no posts that are recognised" in refusal(file(tmp_path, [line]))
