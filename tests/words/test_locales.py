"""No message is left untranslated, none is translated for nothing, and what is filled in stays what it was."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from monitor.words.voice import LOCALES, languages

ROOMS = LOCALES.parent.parent
SPEAK = ("alerts", "charts", "digest", "exports", "web", "words")
KEYWORDS = {"say": None, "message": None, "count": (1, 2), "plural": (1, 2), "ngettext": (1, 2)}
TRANSLATED = [language for language in languages() if language != "en"]


def said() -> set[str | tuple[str, ...]]:
    """Return every message that the rooms that speak can say."""
    kinds = {"*.py": "python", "*.html": "jinja2.ext:babel_extract"}
    files = [(path, kinds[kind]) for room in SPEAK for kind in kinds for path in sorted((ROOMS / room).rglob(kind))]
    return {found[1] for path, how in files for found in extract_from_file(how, str(path), keywords=KEYWORDS)}


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "monitor.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogue(language) if message.id)


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def holes(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_arabic_is_there_with_its_six_plural_forms():
    assert "ar" in TRANSLATED
    assert get_plural("ar").num_plurals == 6


def test_the_extraction_sees_tables_plurals_and_sentences():
    assert {"Impressions", ("{n} post", "{n} posts"), "n/a"} <= said()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_every_translation_is_said(language: str):
    assert {message.id for message in messages(language)} == said()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_empty_fuzzy_or_left_over(language: str):
    assert not catalogue(language).obsolete
    assert not [message.id for message in messages(language) if message.fuzzy or not all(forms(message))]


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_in_what_the_message_fills_in(language: str):
    for message in messages(language):
        if isinstance(message.id, str):
            assert holes(message.string) == holes(message.id), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_plural_form_is_there_and_asks_for_nothing_unknown(language: str):
    for message in messages(language):
        if isinstance(message.id, tuple):
            assert len(forms(message)) == get_plural(language).num_plurals
            assert all(holes(form) <= holes(message.id[1]) for form in forms(message)), message.id


def test_nothing_compiled_lies_in_the_repository():
    assert not list(Path(LOCALES).rglob("*.mo"))
