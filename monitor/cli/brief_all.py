"""All campaigns beside each other in the terminal: how each is doing, and which part of the posts it has."""

import json
from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from monitor.digest.outline import outline
from monitor.digest.parts import between
from monitor.digest.render import ordered
from monitor.digest.words import spoken
from monitor.model.brief import Brief
from monitor.model.spelling import visible
from monitor.trends.voice import across


def overview(briefs: Sequence[Brief], language: str) -> RenderableType:
    """Return one row per campaign, the most urgent first, in words of a language."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for brief in ordered(briefs):
        voice = spoken(language, brief)
        part = between(briefs, voice).get(brief.campaign, "")
        table.add_row(Text(visible(outline(brief, voice).short)), Text(visible(part), style="dim"))
    return table


def all_as_json(briefs: Sequence[Brief]) -> str:
    """Return all briefs, and each campaign's share of the posts of all, for scripts."""
    told = {"briefs": [brief.model_dump(mode="json") for brief in briefs]}
    return json.dumps({**told, "voices": [share.model_dump(mode="json") for share in across(briefs)]})
