"""Templates of the operator: used where they work; a slip in one keeps no mail from its readers, and is told."""

from pathlib import Path

import pytest

from monitor.digest.layout import BUILT_IN, PAGE, TEXT, Layout
from monitor.digest.render import Rendered, rendered
from monitor.words.voice import voice
from tests.digest.briefs import SURGE

ENGLISH = voice("en", "Asia/Damascus")
STANDARD = rendered([SURGE], ENGLISH, {})
WITHOUT_END = "<mjml><mj-body>{% for told in full %}</mj-body></mjml>"
SLIPS = {
    "syntax": (WITHOUT_END, "line 1: Unexpected end of template"),
    "an unknown name": ("{{ nobody }}", "'nobody' is undefined"),
    "an unknown field": ("{{ outlines[0].nothing }}", "nothing"),
    "a campaign too many": ("{{ outlines[9].title }}", "9"),
    "a sum that fails": ("{{ 1 // 0 }}", "zero"),
    "words in a sum": ("{{ 'a' + 1 }}", "concatenate"),
    "a filter that is none": ("{{ outlines|prettier }}", "prettier"),
    "another template": ("{% include 'missing.mjml' %}", "missing.mjml"),
    "itself": ("{% include 'digest.txt' %}", "recursion"),
    "nothing": ("  \n", "empty"),
}


def mail(folder: Path, **templates: str) -> tuple[Rendered, Layout]:
    """Return a mail made with the operator's templates, called `page` and `text`."""
    for name, text in templates.items():
        (folder / {"page": PAGE, "text": TEXT}[name]).write_text(text, encoding="utf-8")
    layout = Layout(folder)
    return rendered([SURGE], ENGLISH, {}, layout), layout


def test_templates_of_the_operator_are_used(tmp_path: Path):
    content, layout = mail(tmp_path, text="Our desk: {{ outlines[0].verdict }}")
    assert content.text.startswith("Our desk: Save Aleppo jumped")
    assert content.html == STANDARD.html
    assert not layout.troubles


def test_an_operators_template_may_build_on_the_one_that_came_with_the_monitor(tmp_path: Path):
    own = (BUILT_IN / PAGE).read_text(encoding="utf-8").replace("#eef1f5", "#ffeecc")
    content, _ = mail(tmp_path, page=own)
    assert "#ffeecc" in content.html


def test_what_strangers_write_is_escaped_in_an_operators_page_too(tmp_path: Path):
    brief = SURGE.model_copy(update={"title": "<script>"})
    (tmp_path / PAGE).write_text((BUILT_IN / PAGE).read_text(encoding="utf-8"), encoding="utf-8")
    assert "<script>" not in rendered([brief], ENGLISH, {}, Layout(tmp_path)).html


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_template_is_told_and_the_built_in_one_stands_in(tmp_path: Path, slip: str):
    written, told = SLIPS[slip]
    content, layout = mail(tmp_path, page=written, text=written)
    assert (content.html, content.text) == (STANDARD.html, STANDARD.text)
    assert told in layout.troubles[TEXT]
    assert [line.partition(" ")[0] for line in layout.told()] == [PAGE, TEXT]


def test_a_page_that_is_no_mjml_is_told(tmp_path: Path):
    content, layout = mail(tmp_path, page="<p>hello</p>")
    assert content.html == STANDARD.html
    assert layout.troubles[PAGE]


def test_a_template_that_can_not_be_read_is_told(tmp_path: Path):
    (tmp_path / TEXT).write_bytes(b"\xff\xfe verdict")
    content, layout = mail(tmp_path)
    assert content.text == STANDARD.text
    assert layout.troubles[TEXT]


def test_a_template_that_failed_once_is_not_tried_for_the_next_reader(tmp_path: Path):
    _, layout = mail(tmp_path, text="{{ nobody }}")
    (tmp_path / TEXT).write_text("better now", encoding="utf-8")
    assert rendered([SURGE], ENGLISH, {}, layout).text == STANDARD.text


def test_an_empty_or_missing_folder_is_no_trouble(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        layout = Layout(folder)
        assert rendered([SURGE], ENGLISH, {}, layout).html == STANDARD.html
        assert not layout.troubles


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_method_note_links_to_the_definitions_where_they_can_be_read(language: str):
    speaker = voice(language, "Asia/Damascus")
    content = rendered([SURGE], speaker, {}, Layout(methods="https://desk.example/methods"))
    assert 'href="https://desk.example/methods"' in content.html
    assert "\nhttps://desk.example/methods\n" in content.text
    assert "methods" not in rendered([SURGE], speaker, {}).html
