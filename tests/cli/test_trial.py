"""`monitor poll try`: what would be read, and what would be refused."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.cli.command import Said, monitor
from tests.settings.folder import folder

HTML = """<html dir="rtl"><h1>ما اسم الجمعة القادمة؟</h1><p class="all">1,300</p>
<li class="option"><b>جمعة الأمل</b> <i>١٬٢٣٤ صوت</i></li>
<li class="option"><b>الصمود</b> <i>3 تقريبا</i></li></html>"""
WORDS = ("--kind", "html", "--rows", "li.option", "--label", "b", "--votes", "i")
AT = '[polls.at]\nplatform = "page"\nurl = "https://poll.example"\nkind = "html"\nrows = "li.option"\nlabel = "b"\n'


@pytest.fixture
def saved(tmp_path: Path):
    """Save a page, and try it."""

    def tried(text: str, *words: str) -> Said:
        (tmp_path / "poll.html").write_text(text, encoding="utf-8")
        return monitor("poll", "try", tmp_path / "poll.html", *words)

    return tried


@pytest.fixture
def served() -> Iterator[str]:
    """The address of a page on this machine."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(HTML.encode())

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/poll"
        server.shutdown()


def test_option_by_option_it_shows_what_stands_there_and_what_is_read(saved):
    said = saved(HTML, *WORDS, "--total", "$$ .all", "--question", "$$ h1")
    assert said.code == 0
    assert "١٬٢٣٤ صوت" in said.out
    assert "1,234 votes" in said.out
    assert "total: 1,300" in said.out
    assert "ما اسم الجمعة القادمة؟" in said.out


def test_a_number_that_is_not_clear_is_not_read_and_it_says_so(saved):
    (line,) = [line for line in saved(HTML, *WORDS).out.splitlines() if "الصمود" in line]
    assert "not read: no number that is clear" in line


def test_an_option_without_a_number_is_said_to_have_none(saved):
    assert "nothing stands there" in saved(HTML.replace("<i>3 تقريبا</i>", ""), *WORDS).out


def test_percents_with_a_total_are_read_as_bounds(saved):
    said = saved(HTML.replace("١٬٢٣٤ صوت", "61%"), *WORDS[:-2], "--percent", "i", "--total", "$$ .all")
    assert "787 to 799 votes, 61%" in said.out


def test_percents_without_a_total_are_shares_alone(saved):
    assert (
        "61% of a total that is not told" in saved(HTML.replace("١٬٢٣٤ صوت", "61%"), *WORDS[:-2], "--percent", "i").out
    )


@pytest.mark.parametrize(("page", "words", "why"), [
    ("<html>Please log in</html>", WORDS, "'log in'"),
    (HTML, (*WORDS[:3], "li.nothing", *WORDS[4:]), "match 0 times"),
    (HTML.replace("الصمود", "الأمل"), WORDS, "two options have the same name"),
    (HTML, ("--kind", "json", *WORDS[2:]), "an HTML page came instead of JSON"),
    (HTML.replace("<i>3 تقريبا</i>", "<i>9</i><i>8</i>"), WORDS, "finds 2 things where one is meant"),
])  # fmt: skip
def test_what_would_be_refused_is_said_with_the_reason(saved, page, words, why):
    said = saved(page, *words)
    assert (said.code, said.err.startswith("It would be refused: ")) == (1, True)
    assert why in said.err


def test_what_was_found_is_shown_even_when_the_whole_is_refused(saved):
    assert "جمعة الأمل" in saved(HTML.replace("الصمود", "الأمل"), *WORDS).out


def test_settings_that_are_missing_or_wrong_are_said_together(saved):
    said = saved(HTML, "--kind", "htlm")
    assert said.code == 1
    assert "kind" in said.err
    assert "label" in said.err


def test_the_campaigns_own_description_is_used_and_may_be_changed(tmp_path: Path, saved):
    buses = f'title = "Buses"\nhashtags = ["#buses"]\n[[polls]]\n{AT}votes = "i"\n'
    words = ("--campaign", "buses", "--config", folder(tmp_path / "config", buses=buses))
    assert "1,234 votes" in saved(HTML, *words).out
    assert "match 0 times" in saved(HTML, *words, "--rows", "li.other").err


def test_a_campaign_whose_poll_is_elsewhere_says_what_to_do(tmp_path: Path, saved):
    words = ("--campaign", "buses", "--config", folder(tmp_path / "config"))
    assert "monitor check --live" in saved(HTML, *words).err
    assert "no campaign is called cars" in saved(HTML, "--campaign", "cars", *words[2:]).err


def test_an_address_is_asked(served: str):
    assert "1,234 votes" in monitor("poll", "try", served, *WORDS).out


def test_an_address_that_does_not_answer_is_told_in_words(served: str):
    said = monitor("poll", "try", "http://127.0.0.1:1/poll", *WORDS)
    assert (said.code, "Traceback" in said.err) == (1, False)


def test_a_file_that_is_not_there_is_told_in_words(tmp_path: Path):
    assert "can not be read: No such file" in monitor("poll", "try", tmp_path / "none", *WORDS).err
