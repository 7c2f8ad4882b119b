"""What the mail asks of mail programs, held against caniemail.com (skipped where its tables are not at hand)."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.digest.render import rendered
from monitor.words.voice import voice
from tests.digest.briefs import BLIND, PNG, QUIET, SURGE

TABLES = Path(__file__).parents[3] / "shared" / "data" / "email" / "caniemail"
PROGRAMS = ("gmail", "outlook", "apple-mail", "yahoo")
FALLS_BACK = {
    "css-at-media-prefers-color-scheme": "the light mail is shown",
    "css-border-spacing": "cellspacing says it too",
    "css-height": "pictures keep their own",
    "css-max-height": "hides the preview line, which is white and one point high anyway",
    "css-opacity": "as above",
    "css-overflow": "as above",
    "css-outline": "there is nothing to focus",
    "css-table-layout": "automatic is what they do",
    "css-word-break": "long words break elsewhere",
    "css-word-spacing": "normal is what they do",
    "html-aria-label": "the verdict is the first line",
    "html-body": "its colour is that of the tables in it",
    "html-role": "table cells are read one by one",
    "html-style": "all that matters in the light stands in style attributes",
}
"""Where one of the programs does not support a thing: what is seen instead."""
NO_ENTRY = {"color", "border-bottom", "border-color", "font-family", "text-size-adjust", "box-shadow"}
ELEMENTS = {"a": None, "td": "html-table", "th": "html-table", "tr": "html-table", "tbody": "html-table", "br": None}


@cache
def features() -> Mapping[str, Mapping[str, object]]:
    found = sorted(TABLES.glob("features_*.json"))
    if not found:
        pytest.skip("the tables of caniemail.com are not at hand")
    return {feature["slug"]: feature for feature in json.loads(found[-1].read_text())}


@cache
def page(language: str) -> LexborHTMLParser:
    return LexborHTMLParser(
        rendered([SURGE, QUIET, BLIND], voice(language, "Asia/Damascus"), {SURGE.campaign: PNG}).html
    )


def properties(language: str) -> set[str]:
    tree = page(language)
    styles = [node.attributes["style"] or "" for node in tree.css("[style]")]
    blocks = re.findall(r"\{([^{}]*)\}", " ".join(node.text() for node in tree.css("style")))
    return {name for text in (*styles, *blocks) for name in re.findall(r"(?:^|;)\s*([a-z-]+)\s*:", text)}


def slugs(language: str) -> Iterator[str]:
    """Yield every feature of the tables that the mail makes use of."""
    known = features()
    for name in properties(language):
        if not name.startswith(("-", "mso-")) and name not in NO_ENTRY:
            yield next(slug for slug in (f"css-{name}", f"css-{name.split('-', maxsplit=1)[0]}") if slug in known)
    for node in page(language).css("body, body *"):
        slug = ELEMENTS.get(node.tag, f"html-{node.tag}")
        if slug is not None and slug in known:
            yield slug
        yield from (f"html-{name}" for name in node.attributes if f"html-{name}" in known)
    yield from ("html-style", "css-at-media-prefers-color-scheme", "image-png")


def lacking(slug: str) -> list[str]:
    """Return the programs whose newest version does not support a feature at all."""
    stats = features()[slug]["stats"]
    newest = {
        f"{program} {system}": list(versions.values())[-1]
        for program in PROGRAMS
        for system, versions in stats.get(program, {}).items()  # type: ignore[attr-defined]
    }
    return sorted(name for name, answer in newest.items() if answer.startswith("n"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_a_program_does_not_support_falls_back_on_purpose(language: str):
    unplanned = {slug: lacking(slug) for slug in set(slugs(language)) - FALLS_BACK.keys()}
    assert not {slug: programs for slug, programs in unplanned.items() if programs}


def test_every_fallback_is_still_needed():
    used = {slug for slug in (*slugs("en"), *slugs("ar")) if lacking(slug)}
    assert FALLS_BACK.keys() - used == set()
