"""A third language is one folder: what a reader sees in it comes from its catalogue, charts included."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from selectolax.lexbor import LexborHTMLParser

from monitor.charts import numbers
from monitor.digest.render import rendered
from monitor.words.voice import Voice, languages, voice
from tests.digest.briefs import BLIND, QUIET, SURGE, VOTE
from tests.words.test_locales import said

SIGN = "¤"


@pytest.fixture
def third(tmp_path: Path) -> Voice:
    """French of which every message is its English, signed."""
    catalogue = Catalog(locale="fr")
    for message in said():
        forms = [f"{SIGN}{form}" for form in message] if isinstance(message, tuple) else f"{SIGN}{message}"
        catalogue.add(message, forms)
    (tmp_path / "fr").mkdir()
    with (tmp_path / "fr" / "monitor.po").open("wb") as file:
        write_po(file, catalogue)
    return voice("fr", "Asia/Damascus", locales=tmp_path)


def test_a_folder_is_a_language(tmp_path: Path):
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "monitor.po").touch()
    assert languages(tmp_path) == ("en", "fr")


def test_every_line_of_a_mail_is_spoken_in_it(third: Voice):
    content = rendered([SURGE, BLIND, QUIET, VOTE], third, {})
    lines = [line for line in content.text.splitlines() if line and not line.lstrip().startswith(("http", "===="))]
    foreign = [line for line in lines if SIGN not in line and not line.lstrip().startswith("- ")]
    assert foreign == []
    assert content.language == "fr"


def test_days_and_numbers_are_those_of_the_language(third: Voice):
    text = rendered([SURGE], third, {}).text
    assert "vendredi 29 avril" in text
    assert "1\u202f223\u202f700" in text


def test_every_heading_of_the_page_is_spoken_in_it(third: Voice):
    tree = LexborHTMLParser(rendered([SURGE], third, {}).html)
    headings = [node.text(strip=True) for node in tree.css("strong")]
    assert headings
    assert tree.css_first("html").attributes["lang"] == "fr"
    assert any(SIGN in heading for heading in headings)


def test_charts_speak_it(third: Voice):
    spec = str(numbers.chart(SURGE, third))
    assert f"{SIGN}Usual level" in spec
    assert "29 avril 2016" in spec
