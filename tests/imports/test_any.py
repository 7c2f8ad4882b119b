"""Whatever a file holds: it is read, rejected piece by piece, or refused in words; nothing else."""

import gzip
import json
from contextlib import suppress
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import UnexpectedPayload
from monitor.imports import rows
from monitor.imports.found import Rejected
from monitor.imports.mapping import Mapping, known
from monitor.imports.recognise import formats
from tests.imports import taken

STARTS = st.sampled_from((b"", b"{", b"[\n", b"window.YTD.tweets.part0 = [", b'{"data": [', b'{"statuses": ['))
MARKS = st.sampled_from((b"", b"\x1f\x8b\x08", b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"))
HEADER = b"id,thread_id,timestamp,chat,views,reactions,body,author\n"
WORDS = """id id_str text data tweet statuses reblog uri record value commit did time_us kind posts feed thread post
    legacy rest_id views account payload event created_at createdAt retweeted_status entities hashtags includes user
    indexed_at like_count edit_history_tweet_ids referenced_tweets note_tweet body"""
NAMES = st.sampled_from(WORDS.split())
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=15,
)
CELLS = st.text(max_size=12) | st.sampled_from(("1,234", "2023-03-03", "[", '["a"]', "1e5", "yes", "at://x", "NaN"))


def written(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> Path:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    return path


@settings(max_examples=200, deadline=None)
@given(start=STARTS | MARKS | st.just(HEADER), rest=st.binary(max_size=200), packed=st.booleans())
def test_any_file_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes, *, packed: bool
) -> None:
    content = start + rest
    with suppress(UnexpectedPayload):
        taken.rows(written(tmp_path_factory, gzip.compress(content) if packed else content))


@pytest.mark.parametrize("form", [form.name for form in formats() if not form.about.startswith("CSV")])
@settings(max_examples=100, deadline=None)
@given(row=ODD)
def test_any_json_is_read_or_rejected_whatever_it_is_taken_for(
    tmp_path_factory: pytest.TempPathFactory, form: str, row: object
) -> None:
    with suppress(UnexpectedPayload):  # such as an empty list
        for found in taken.rows(written(tmp_path_factory, json.dumps(row).encode()), format=form):
            assert isinstance(found, Rejected) or found.post.created_at.tzinfo is UTC


@pytest.mark.parametrize("one", known(), ids=lambda one: one.name)
@settings(max_examples=50, deadline=None)
@given(drawn=st.data())
def test_any_row_is_read_or_rejected(one: Mapping, drawn: st.DataObject) -> None:
    columns = one.all_columns
    read = rows.reader(one, columns)(drawn.draw(st.lists(CELLS, min_size=len(columns), max_size=len(columns))))
    assert len(read.posts) + len(read.flaws) + read.unchosen == 1
