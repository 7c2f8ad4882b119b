"""Who carried it: spellings, platforms, outlets and languages, with their share and what they brought before."""

from collections.abc import Iterable

import pandas as pd

from monitor.model.brief import Share
from monitor.model.campaign import OTHER, Campaign, Family
from monitor.model.metric import Metric, spelling_subject
from monitor.model.spelling import spelled
from monitor.trends.facts import Facts
from monitor.trends.frame import block, level, subjects, within

OUTLET, LANGUAGE = "outlet/", "language/"


def spellings(facts: Facts) -> tuple[Share, ...]:
    """Return the spellings people used; a post with two counts for both, so the shares may add up to more than 1.

    What the campaign does not list is one entry per family, `#SaveAleppo ~`.
    """
    named = named_spellings(facts.campaign)
    whole = block(facts.cells, Metric.POSTS, facts.social)
    parts = [(name, block(facts.spellings, Metric.POSTS, facts.social, subject)) for subject, name in named.items()]
    return _ranked(facts, parts, whole)


def named_spellings(campaign: Campaign) -> dict[str, str]:
    """Return the subject of every spelling, and of the unlisted ones of every family, with the name it is shown by."""
    return {
        spelling_subject(family.key, spelling): _shown(family, spelling)
        for family in campaign.families
        for spelling in (*family.spellings, OTHER)
    }


def platforms(facts: Facts) -> tuple[Share, ...]:
    """Return the share of posts of every platform that was watched; a blind one has no share."""
    whole = block(facts.cells, Metric.POSTS, facts.social)
    return _ranked(facts, [(name, whole[[name]]) for name in facts.social], whole, keep_empty=True)


def outlets(facts: Facts) -> tuple[Share, ...]:
    """Return the share of articles of every outlet that wrote in this window or the one before."""
    return _press(facts, OUTLET)


def languages(facts: Facts) -> tuple[Share, ...]:
    """Return the share of articles in every language."""
    return _press(facts, LANGUAGE)


def _press(facts: Facts, prefix: str) -> tuple[Share, ...]:
    whole = block(facts.cells, Metric.ARTICLES, facts.papers)
    parts = [
        (subject.removeprefix(prefix), block(facts.outlets, Metric.ARTICLES, facts.papers, subject))
        for subject in subjects(facts.outlets, prefix)
    ]
    return _ranked(facts, parts, whole)


def _ranked(
    facts: Facts, parts: Iterable[tuple[str, pd.DataFrame]], whole: pd.DataFrame, *, keep_empty: bool = False
) -> tuple[Share, ...]:
    """Return the parts that brought something now or before, largest first."""
    total = _seen(within(whole, facts.windows.now)) or 0.0
    found = []
    for name, cells in parts:
        value, before = _seen(within(cells, facts.windows.now)), _seen(within(cells, facts.windows.before))
        if value is not None and (value or before or keep_empty):
            found.append(Share(name=name, value=value, share=value / total if total else 0.0, before=before))
    return tuple(sorted(found, key=lambda share: (-share.value, share.name)))


def _seen(cells: pd.DataFrame) -> float | None:
    return level(cells, partial=False).value


def _shown(family: Family, spelling: str) -> str:
    """Return a spelling as the operator wrote it where that is known."""
    tag = family.tag.lstrip("#")
    if spelling == OTHER:
        return f"#{tag} {OTHER}"
    return f"#{tag}" if spelled(tag) == spelling else f"#{spelling}"
