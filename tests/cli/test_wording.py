"""A slip on the command line is told in our words."""

import pytest

from monitor.cli.wording import said
from tests.cli.command import monitor

SLIPS = [
    (("export", "buses", "--last", "3h"), "'--last': \"3h\" will not do; write one of 24h, 7d, 30d, 90d"),
    (("export", "buses", "--format", "doc"), "'--format': \"doc\" will not do; write one of csv, xlsx"),
    (("digest", "--preview", "--day", "2026-13-45"), "'--day': \"2026-13-45\" will not do; write it like 2016-04-29 "),
    (("poll", "--week", "next"), "'--week': \"next\" will not do; write it like 2016-04-29 "),
    (
        ("export", "buses", "--start", "noon"),
        "'--start': \"noon\" will not do; write it like 2016-04-29 or 2016-04-29T18:00 or",
    ),
    (("brief", "buses", "--days", "abc"), "'--days': \"abc\" will not do; write a whole number, such as 5"),
    (("brief", "buses", "--days", "0"), "'--days': \"0\" will not do; write 1 or more"),
    (("brief", "buses", "--days", "1000"), "'--days': \"1000\" will not do; write 365 or less"),
    (("alerts", "--history", "x"), "'--history': \"x\" will not do; write a whole number, such as 5"),
]


@pytest.mark.parametrize(("words", "told"), SLIPS, ids=lambda part: " ".join(part) if isinstance(part, tuple) else "")
def test_it_says_what_to_write_instead(words: tuple[str, ...], told: str):
    ended = monitor(*words)
    assert (ended.code, ended.out) == (2, "")
    assert told in " ".join(ended.err.replace("│", " ").split()) + " "


def test_what_nobody_has_better_words_for_is_said_as_it_came():
    error = {"type": "value_error", "msg": "", "input": "sky", "ctx": {"error": ValueError("it is too blue")}}
    assert said(error) == '"sky" will not do; it is too blue'
