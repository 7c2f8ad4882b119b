"""Bodies as they come: JSON and text."""

import codecs
import json
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import Answer, read_json, shown


def answer(body: bytes, kind: str = "application/json") -> Answer:
    return Answer(200, httpx.Headers({"content-type": kind}), body, "https://social.example/api?key=s3cret")


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8, b"  \r\n"])
def test_json_is_found_behind_marks_and_blanks(mark: bytes) -> None:
    assert answer(mark + b'{"a": 1}').json() == {"a": 1}


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
def test_json_in_utf_16_is_read(charset: str) -> None:
    body = '{"a": "حلب"}'.encode(charset)
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    assert answer(marks.get(charset, b"") + body).json() == {"a": "حلب"}


@pytest.mark.parametrize("kind", ["text/plain", "", "application/xml"])
def test_json_is_known_by_its_first_letter_not_by_its_label(kind: str) -> None:
    assert answer(b"[1]", kind).json() == [1]


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><p>Just a moment", b"\n <html>"])
def test_a_page_instead_of_json_is_told(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload, match="HTML page instead of JSON"):
        answer(body).json()


@pytest.mark.parametrize("body", [b"", b"   ", codecs.BOM_UTF8])
def test_an_empty_body_is_told(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload, match="empty body"):
        answer(body).json()


@pytest.mark.parametrize(
    "body", [b'{"a": ', b"Please ensure", b"{'a': 1}", b'{"a": "\\d"}', b"[" * 100_000, b"1" * 5000]
)
def test_broken_json_is_told_without_repeating_it(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload, match="broken JSON") as raised:
        answer(body).json()
    assert len(str(raised.value)) < 200


def test_control_characters_in_strings_pass() -> None:
    assert answer(b'{"a": "one\ntwo\x00"}').json() == {"a": "one\ntwo\x00"}


def test_wrong_bytes_become_marks_of_doubt() -> None:
    assert answer(b'{"a": "caf\xe9"}').json() == {"a": "caf\ufffd"}


def test_numbers_that_are_none_are_not_told() -> None:
    assert answer(b"[NaN, Infinity, -Infinity, 1e400]").json()[:3] == [None, None, None]


@pytest.mark.parametrize("half", [rb'"\ud83d"', rb'"\uDE00 x"', rb'{"\ud800": 1}'])
def test_half_a_pair_can_be_written_again(half: bytes) -> None:
    json.dumps(answer(half).json(), ensure_ascii=False).encode()


def test_a_whole_pair_is_kept() -> None:
    assert answer(rb'"\ud83d\ude00 \u062d\u0644\u0628"').json() == "😀 حلب"


def test_no_query_is_ever_printed() -> None:
    with pytest.raises(UnexpectedPayload) as raised:
        answer(b"<").json()
    assert "s3cret" not in str(raised.value)
    assert shown("https://ada:pw@social.example:8443/a%0Ab/حلب?key=1#x") == "https://social.example:8443/a?b/حلب"


@pytest.mark.parametrize("charset", ["unicode-escape", "utf-7", "zlib", "rot13", "\x00", "undefined"])
def test_no_charset_makes_text_that_can_not_be_written_again(charset: str) -> None:
    assert answer(rb"\ud83d +2D0- x", f"text/html; charset={charset}").text().encode().endswith(b"x")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("حلب".encode(), "text/html"),
        ("حلب".encode("cp1256"), "text/html; charset=windows-1256"),
        ("حلب".encode(), "text/html; charset=no-such-thing"),
        ("حلب".encode(), 'text/html; charset="UTF-8"; x=y'),
        ("حلب".encode("utf-8-sig"), "text/html; charset=iso-8859-6"),
        ("حلب".encode("utf-16"), "text/html"),
    ],
)
def test_text_is_read_in_the_charset_it_is_written_in(body: bytes, kind: str) -> None:
    assert answer(body, kind).text() == "حلب"


def test_text_with_a_wrong_label_is_read_all_the_same() -> None:
    assert answer("café".encode("cp1252"), "text/html; charset=utf-8").text() == "café"


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_body_is_text_and_json_or_an_error_in_words(body: bytes, charset: str) -> None:
    kind = f"text/plain; charset={charset.encode('ascii', 'ignore').decode()}"
    received = Answer(200, httpx.Headers([(b"content-type", kind.encode())]), body, "https://social.example")
    received.text().encode()
    with suppress(UnexpectedPayload):
        json.dumps(received.json(), ensure_ascii=False).encode()


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_written_well_is_read_as_it_was_meant(value: object) -> None:
    assert read_json(json.dumps(value).encode("utf-8", "surrogatepass")) == json.loads(json.dumps(value))
