"""What the mail asks of mail programs: it works in all four, or docs/digest.md says what is seen instead.

The facts are those of caniemail.com (MIT licence) for the newest version of each program; where its tables are at hand
ours are held against them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.digest.catch_up import caught_up
from monitor.digest.render import rendered
from monitor.words.voice import voice
from tests.digest.briefs import BLIND, PNG, QUIET, SURGE, UNASKED, VOTE

ROOT = Path(__file__).parents[2]
TABLES = ROOT.parent / "shared" / "data" / "email" / "caniemail"
PROGRAMS = {"gmail": "Gmail", "outlook": "Outlook", "apple-mail": "Apple Mail", "yahoo": "Yahoo"}
EVERYWHERE = {
    "css-background", "css-background-color", "css-border", "css-border-collapse", "css-direction", "css-display",
    "css-font", "css-font-size", "css-font-weight", "css-important", "css-line-height", "css-margin", "css-max-width",
    "css-padding", "css-text-align", "css-text-decoration", "css-vertical-align", "css-width", "html-align",
    "html-cellpadding", "html-cellspacing", "html-dir", "html-div", "html-height", "html-img", "html-lang",
    "html-span", "html-strong", "html-table", "html-valign", "html-width", "image-png",
}  # fmt: skip
"""What each of the programs supports."""
NO_ENTRY = {"color", "border-bottom", "border-color", "font-family", "text-size-adjust", "box-shadow"}
"""Properties that caniemail.com does not list: as old as mail in HTML, or for one program only."""
SELECTORS = {
    "css-selector-class": r"\.",
    "css-selector-id": "#",
    "css-selector-type": r"(?:^|[\s,])[a-z]",
    "css-selector-descendant": r"[\w-]\s+[\w.#]",
    "css-selector-grouping": ",",
    "css-selector-chaining": r"[\w-][.#]",
}
"""How kinds of selectors are known."""
UNKNOWN = re.compile(r"[^\w\s.,#-]")  # what no selector of ours has: children, siblings, attributes, pseudo-classes
ELEMENTS = {"a": None, "td": "html-table", "th": "html-table", "tr": "html-table", "tbody": "html-table", "br": None}
OLD = {
    "src",
    "href",
    "style",
    "class",
    "id",
    "alt",
    "border",
    "bgcolor",
    "colspan",
    "rel",
    "aria-roledescription",
}
"""Attributes that need no table."""


@cache
def fallbacks() -> Mapping[str, tuple[str, str]]:
    """Return the table of docs/digest.md: what is not supported, by whom, and what is seen instead."""
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \|$", (ROOT / "docs/digest.md").read_text(), re.MULTILINE)
    return {slug: (programs.strip(), instead.strip()) for slug, programs, instead in rows}


@cache
def page(language: str) -> LexborHTMLParser:
    speaker = voice(language, "Asia/Damascus")
    briefs = [SURGE, QUIET, BLIND, VOTE, UNASKED]
    charts = {SURGE.campaign: PNG} | {f"{VOTE.campaign}.{week.picture}": PNG for week in VOTE.polls}
    return LexborHTMLParser(caught_up(rendered(briefs, speaker, charts), ["a day before"], speaker).html)


def properties(language: str) -> set[str]:
    tree = page(language)
    styles = [node.attributes["style"] or "" for node in tree.css("[style]")]
    blocks = re.findall(r"\{([^{}]*)\}", " ".join(node.text() for node in tree.css("style")))
    return {name for text in (*styles, *blocks) for name in re.findall(r"(?:^|;)\s*([a-z-]+)\s*:", text)}


def rules(language: str) -> Iterator[tuple[str, str]]:
    """Yield the rules of the style sheet, those within @media too: selectors and what they ask for."""
    style = " ".join(node.text() for node in page(language).css("style"))
    for selectors, asked in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"@media[^{]*\{", "", style)):
        yield selectors.strip(" \n}"), asked


def used_by_rules(language: str) -> Iterator[str]:
    """Yield what the style sheet makes use of beside properties."""
    for selectors, asked in rules(language):
        yield from (slug for slug, mark in SELECTORS.items() if re.search(mark, selectors))
        yield from (f"unknown {found}" for found in UNKNOWN.findall(selectors))
        if "!important" in asked:
            yield "css-important"
    conditions = [found for node in page(language).css("style") for found in re.findall(r"@[^{]+", node.text())]
    yield from ("css-at-media" if found.startswith("@media") else f"unknown {found}" for found in conditions)
    yield from ("html-meta-color-scheme" for _ in page(language).css("meta[name*=color-scheme]"))


def used(language: str) -> Iterator[str]:
    """Yield every feature that the mail makes use of, as caniemail.com calls it."""
    known = EVERYWHERE | fallbacks().keys()
    for name in properties(language):
        if not name.startswith(("-", "mso-")) and name not in NO_ENTRY:
            whole, short = f"css-{name}", f"css-{name.split('-', maxsplit=1)[0]}"
            yield short if whole not in known and short in known else whole
    for node in page(language).css("body, body *"):
        slug = ELEMENTS.get(node.tag, f"html-{node.tag}")
        if slug is not None:
            yield slug
        yield from (f"html-{name}" for name in node.attributes if name not in OLD)
    yield from used_by_rules(language)
    yield from ("html-doctype", "html-style", "css-at-media-prefers-color-scheme", "image-png")


def told_by_caniemail() -> Mapping[str, Mapping[str, Any]]:
    found = sorted(TABLES.glob("features_*.json"))
    if not found:
        pytest.skip("the tables of caniemail.com are not at hand")
    return {feature["slug"]: feature["stats"] for feature in json.loads(found[-1].read_text())}


def lacking(stats: Mapping[str, Any]) -> str:
    """Return the programs of which the newest version on any system does not support a feature at all."""
    newest = {name: [list(each.values())[-1] for each in stats.get(name, {}).values()] for name in PROGRAMS}
    return ", ".join(
        PROGRAMS[name] for name, answers in newest.items() if any(answer.startswith("n") for answer in answers)
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_everything_works_everywhere_or_falls_back_on_purpose(language: str):
    assert set(used(language)) - EVERYWHERE - fallbacks().keys() == set()


def test_every_fallback_is_still_needed():
    assert fallbacks().keys() - {*used("en"), *used("ar")} == set()


def test_every_fallback_says_who_needs_it_and_what_is_seen_instead():
    assert fallbacks()
    assert all(set(programs.split(", ")) <= {*PROGRAMS.values()} for programs, _ in fallbacks().values())
    assert all(len(instead.split()) > 2 for _, instead in fallbacks().values())


def test_our_facts_are_those_of_caniemail():
    told = told_by_caniemail()
    ours = dict.fromkeys(EVERYWHERE, "") | {slug: programs for slug, (programs, _) in fallbacks().items()}
    assert {slug: lacking(told[slug]) for slug in ours} == ours


def test_nothing_lies_outside_of_the_page():
    """No picture, font or style is fetched: a mail that is opened tells nobody."""
    tree = page("en")
    assert {node.attributes["src"].partition(":")[0] for node in tree.css("img")} == {"cid"}
    assert not tree.css("link, script, iframe, object, embed, video, audio, form, input")
    assert "url(" not in (tree.html or "")
    assert "@import" not in (tree.html or "")
