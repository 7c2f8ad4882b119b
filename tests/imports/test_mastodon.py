import json
from pathlib import Path
from typing import Any

import pytest

from monitor.model.mention import Counts
from monitor.sources import _mastodon_status
from tests.imports import taken
from tests.imports.twarc import LATER, file
from tests.people import ALEPPO
from tests.sources import recordings

URI = "https://social.example/users/ada/statuses/17"


def status(number: int = 17, **fields: Any) -> dict[str, Any]:
    told = {
        "id": str(number),
        "uri": f"https://social.example/users/ada/statuses/{number}",
        "created_at": LATER.isoformat(),
        "visibility": "public",
        "account": {"acct": "ada", "followers_count": 120},
        "tags": [{"name": "savealeppo", "url": "https://social.example/tags/savealeppo"}],
        "favourites_count": 3,
        "reblogs_count": 2,
        "replies_count": 1,
        "language": "ar",
        "reblog": None,
    }
    return {**told, **fields}


def test_a_status_on_a_line_is_a_post(tmp_path: Path) -> None:
    (post,) = taken.posts(file(tmp_path, [status()]))
    assert (post.platform, post.id) == ("mastodon", URI)
    assert (post.tags, post.counts) == (("savealeppo",), Counts(likes=3, reposts=2, replies=1))


def test_the_words_of_a_status_are_told_without_its_markup(tmp_path: Path) -> None:
    content = '<p>Vigil &amp; songs</p><p>tonight <a href="https://social.example/tags/x">#<span>x</span></a></p>'
    (post,) = taken.posts(file(tmp_path, [status(content=content)]))
    assert post.text == "Vigil & songs\ntonight #x\n"


@pytest.mark.parametrize(
    "lines",
    [
        [{"statuses": [status()], "accounts": [], "hashtags": []}],
        [{"event": "update", "payload": json.dumps(status())}],
        [json.dumps([status()], indent=2).encode()],
        [json.dumps([status()]).encode()],
    ],
)
def test_every_shape_of_statuses_is_read(tmp_path: Path, lines: list[Any]) -> None:
    assert [post.id for post in taken.posts(file(tmp_path, lines))] == [URI]


def test_of_a_boost_counts_what_it_repeats(tmp_path: Path) -> None:
    boost = status(18, reblog=status(17), tags=[], favourites_count=0)
    (row,) = taken.rows(file(tmp_path, [boost]))
    assert isinstance(row, taken.Found)
    assert (row.post.id, row.asked) == (URI, False)


@pytest.mark.parametrize("hidden", [{"visibility": "private"}, {"visibility": "direct"}])
def test_what_is_not_public_is_passed_by(tmp_path: Path, hidden: dict[str, Any]) -> None:
    path = file(tmp_path, [status(), status(18, **hidden), {"event": "delete", "payload": "18"}])
    assert (len(taken.posts(path)), taken.passed(path), taken.reasons(path)) == (1, 2, [])


@pytest.mark.parametrize(
    "broken", [status(uri=None), status(created_at="today"), {"event": "update", "payload": "{"}, 7]
)
def test_what_is_no_status_is_rejected(tmp_path: Path, broken: Any) -> None:
    path = file(tmp_path, [status(), broken])
    assert (len(taken.posts(path)), len(taken.reasons(path))) == (1, 1)


@recordings.needed
def test_recorded_statuses_are_the_posts_that_a_live_source_makes_of_them(tmp_path: Path) -> None:
    recorded = list(recordings.statuses().values())
    live, _ = _mastodon_status.Reader.of("localhost:3000", ALEPPO.spellings).posts(recorded)
    imported = {post.id: post for post in taken.posts(file(tmp_path, recorded))}
    assert {post.id for post in live} <= imported.keys()
    assert [post.counts for post in live] == [imported[post.id].counts for post in live]
