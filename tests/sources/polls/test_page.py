import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.errors import SourceError, UnexpectedPayload
from monitor.model.poll import State, Tally
from monitor.sources.polls.page import Settings, Source, cells, read
from tests.people import NOON
from tests.sources import ask

URL = "https://poll.example/77"
JSON = Settings(
    url=URL, kind="json", rows="$.poll.options[*]", label="$.label", votes="$.votes", total="$$.poll.total",
    question="$$.poll.question", closes_at="$$.poll.closes", closed_if={"path": "$$.poll.status", "equals": "closed"},
)  # fmt: skip
HTML = Settings(
    url=URL, kind="html", rows="li.option", label=".name", votes=".votes", total="$$ .total", question="$$ h1",
    closes_at="$$ time::attr(datetime)",
)  # fmt: skip
CSV = Settings(url=URL, kind="csv", label="Name", votes="Votes")
QUESTION = "ما اسم الجمعة القادمة؟"
SETTINGS = JSON


def body(**fields: Any) -> bytes:
    options = [{"label": "جمعة الغضب", "votes": 30}, {"label": "الصمود", "votes": "٢٠"}]
    poll = {"question": QUESTION, "options": options, "total": 50, "closes": "2012-04-11T21:00:00Z", "status": "open"}
    return json.dumps({"poll": {**poll, **fields}}).encode()


def page(*rows: str, total: str = "1,250 votes") -> bytes:
    options = "".join(f'<li class="option">{row}</li>' for row in rows)
    when = '<time datetime="2012-04-11T21:00:00Z">Wednesday</time>'
    return f'<html dir="rtl"><h1>{QUESTION}</h1><ul>{options}</ul><p class="total">{total}</p>{when}</html>'.encode()


def option(name: str, votes: str) -> str:
    return f'<b class="name">{name}</b> <i class="votes">{votes}</i>'


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=body())


def seen(told: bytes, settings: Settings = JSON, **changes: Any) -> Tally:
    return read(told, settings.model_copy(update=changes), NOON)


def test_json_is_read_by_rows_and_fields_relative_to_them():
    tally = seen(body())
    assert [one.label for one in tally.options] == ["جمعة الغضب", "الصمود"]
    assert [(one.votes, one.share) for one in tally.votes] == [(30, 0.6), (20, 0.4)]
    assert (tally.question, tally.total, tally.state) == (QUESTION, 50, State.OPEN)
    assert tally.closes_at == datetime(2012, 4, 11, 21, tzinfo=UTC)


def test_html_is_read_by_css():
    tally = seen(page(option("جمعة الغضب", "٧٥٠ صوت"), option("الصمود", "500")), HTML)
    assert [one.votes for one in tally.votes] == [750, 500]
    assert (tally.total, tally.question) == (1250, QUESTION)
    assert tally.closes_at == datetime(2012, 4, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Name,Votes\nالغضب,30\nالصمود,20\n",
        "Name;Votes\nالغضب;30\nالصمود;20",
        "\ufeffname\tVOTES\nالغضب\t30\n\nالصمود\t20",
    ],
)
def test_a_table_is_read_by_the_names_of_its_columns_whatever_divides_them(written):
    assert [one.votes for one in seen(written.encode(), CSV).votes] == [30, 20]


def test_the_raw_answer_is_the_proof():
    assert seen(body()).raw == body()


def test_an_option_without_a_number_is_unknown_and_shifts_nobody():
    rows = [{"label": "a", "votes": 30}, {"label": "b"}, {"label": "c", "votes": 10}]
    assert [one.votes for one in seen(body(options=rows)).votes] == [30, None, 10]


def test_percents_and_a_total_bound_the_votes():
    rows = [{"label": "a", "p": "61%"}, {"label": "b", "p": "39%"}]
    tally = seen(body(options=rows, total=1234), votes=None, percent="$.p")
    assert [(one.votes, one.low, one.high) for one in tally.votes] == [(None, 747, 758), (None, 476, 487)]


def test_an_abbreviated_count_has_bounds():
    (first, _) = seen(page(option("a", "1.2K"), option("b", "300")), HTML).votes
    assert (first.votes, first.low, first.high) == (None, 1150, 1250)


def test_a_poll_that_says_it_is_closed_is():
    assert seen(body(status="Closed")).state is State.CLOSED


@pytest.mark.parametrize("told", [1334178000, 1334178000000, "1334178000"])
def test_an_end_may_be_told_in_seconds_or_milliseconds(told):
    assert seen(body(closes=told)).closes_at == datetime(2012, 4, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize("told", ["soon", None, -1, 10**30, "٢٠١٢"])
def test_an_end_that_can_not_be_read_is_not_told(told):
    assert seen(body(closes=told)).closes_at is None


LOGIN = b"<html><title>Log in</title><form><input type=password></form><p>Please log in to go on</p></html>"


@pytest.mark.parametrize(
    ("told", "settings", "words"),
    [
        (LOGIN, HTML, "no poll but .Log in"),
        (LOGIN, JSON, "HTML page came instead of JSON"),
        (LOGIN, CSV, "HTML page came instead of a table"),
        (b"<html><p>Error 500</p></html>", HTML, "match 0 times"),
        (b"{broken", JSON, "no JSON"),
        (b"", CSV, "empty"),
        (b"Name,Votes\n", CSV, "match 0 times"),
        (b"Name,Points\na,1\nb,2\n", CSV, "has no column 'Votes'; it has: name, points"),
        (b"Name,Po\x1bints\na,1\nb,2\n", CSV, "has no column 'Votes'; it has: name, po[?]ints"),
        (b"Name,Votes,Votes\na,1,2\nb,2,3\n", CSV, "several columns 'Votes'"),
        (body(options=[{"label": "a", "votes": 1}]), JSON, "match 1 times"),
        (body(options=[{"label": "", "votes": 1}, {"label": "b", "votes": 1}]), JSON, "no name"),
        (body(options=[{"label": "الغضب", "votes": 1}, {"label": "جمعة الغضب", "votes": 1}]), JSON, "the same name"),
        (body(options=[{"label": "a", "votes": 2**40}, {"label": "b", "votes": 1}]), JSON, "more than anybody counts"),
        (body(options=[{"label": "a", "votes": "—"}, {"label": "b", "votes": "none"}]), JSON, "no option has a number"),
    ],
)
def test_what_is_no_poll_is_told_in_words_and_nothing_is_made_up(told, settings, words):
    with pytest.raises(UnexpectedPayload, match=words):
        seen(told, settings)


def test_another_poll_is_told_by_its_options():
    with pytest.raises(UnexpectedPayload, match="another poll"):
        seen(body(), some_label=("جمعة الوفاء",))
    assert seen(body(), some_label=("«الغضب»",))


def test_a_selector_that_finds_two_things_is_refused():
    twice = option("a", "1") + '<i class="votes">2</i>'
    with pytest.raises(UnexpectedPayload, match="finds 2 things"):
        seen(page(twice, option("b", "3")), HTML)


@pytest.mark.parametrize(("settings", "told"), [(JSON, body()), (HTML, page(option("a", "1"), option("b", "2")))])
def test_a_selector_that_is_none_says_how_one_is_written(settings, told):
    with pytest.raises(UnexpectedPayload, match="write one such as"):
        seen(told, settings, rows="[[[")


def test_what_scripts_hold_is_not_on_the_page():
    hidden = b'<script>document.write("<li class=option><b class=name>x</b><i class=votes>9</i></li>")</script>'
    with pytest.raises(UnexpectedPayload, match="JavaScript"):
        seen(b"<html>" + hidden + b"</html>", HTML)


async def test_the_page_is_fetched_and_fetched_again():
    asked = Source(JSON, ask.client(answer))
    (tally,) = await asked.newest(NOON)
    assert (await asked.look(tally.place, NOON)).votes == tally.votes
    assert "2 options, 2 with votes" in await asked.probe(NOON)


@pytest.mark.parametrize("fields", [{"votes": None}, {"rows": ""}, {"url": "poll.example"}, {"kind": "xml"}])
def test_settings_that_say_too_little_are_refused(fields):
    with pytest.raises(ValidationError):
        Settings(**{"url": URL, "kind": "json", "rows": "$[*]", "label": "$.a", "votes": "$.b", **fields})


@given(st.binary(max_size=200), st.sampled_from([JSON, HTML, CSV]))
def test_any_bytes_are_read_or_refused_in_words(told, settings):
    try:
        seen(told, settings)
    except SourceError as error:
        assert len(str(error).split()) > 3  # noqa: PT017 - both endings are fine


def test_what_the_selectors_find_is_shown_before_it_is_judged():
    told = page(option("جمعة الغضب", "1,2,3"), '<b class="name">الصمود</b>')
    assert [(one.label, one.votes, one.percent) for one in cells(told, HTML, told.decode())] == [
        ("جمعة الغضب", "1,2,3", None),
        ("الصمود", None, None),
    ]


@pytest.mark.parametrize(("percent", "low", "high"), [(61, 747, 758), (61.3, 756, 757), (61.375, 757, 758)])
def test_a_percent_that_is_a_number_is_no_more_precise_than_one_that_is_written(percent, low, high):
    options = [{"label": "الغضب", "percent": percent}, {"label": "الصمود", "percent": 39}]
    told = seen(body(options=options, total=1234), JSON, votes=None, percent="$.percent", numbers="de").votes[0]
    assert (told.low, told.high) == (low, high)


def test_a_percent_that_no_number_of_votes_makes_is_told_with_both_that_come_next():
    options = [{"label": "الغضب", "percent": 61.3}, {"label": "الصمود", "percent": 38.7}]
    told = seen(body(options=options, total=10), JSON, votes=None, percent="$.percent").votes[0]
    assert (told.votes, told.low, told.high) == (None, 6, 7)


def test_an_abbreviated_total_is_no_more_than_it_says():
    tally = seen(page(option("الغضب", "640"), option("الصمود", "594"), total="1.2K"), HTML)
    assert (tally.total, tally.votes[0].share) == (1234, pytest.approx(640 / 1234))


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("2012-04-11T23:59", None),
        ("2012-04-11", None),
        ("2012-04-11 23:59:00+03:00", datetime(2012, 4, 11, 20, 59, tzinfo=UTC)),
        ("2012-04-11T20:59:00Z", datetime(2012, 4, 11, 20, 59, tzinfo=UTC)),
    ],
)
def test_an_end_without_a_zone_is_nobodys_midnight(told, read):
    assert seen(body(closes=told)).closes_at == read
