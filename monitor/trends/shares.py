"""Who carried it: spellings, platforms, outlets, languages, parts of the world; their share, and what they had."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from monitor.model.brief import Share
from monitor.model.campaign import OTHER, Campaign, Family
from monitor.model.finding import Move
from monitor.model.metric import Metric, spelling_subject
from monitor.model.series import Frame
from monitor.model.spelling import spelled
from monitor.trends.facts import Facts
from monitor.trends.frame import block, counted, level, sums, within
from monitor.trends.voice import moves, platform_moves

OUTLET, LANGUAGE, REGION, COUNTRY = "outlet/", "language/", "region/", "country/"


def spellings(facts: Facts) -> tuple[Share, ...]:
    """Return the spellings people used; a post with two counts for both, so the shares may add up to more than 1.

    What the campaign does not list is one entry per family, `#SaveAleppo ~`.
    """
    return _told(facts, facts.spellings, Metric.POSTS, named_spellings(facts.campaign))


def named_spellings(campaign: Campaign) -> dict[str, str]:
    """Return the subject of every spelling, and of the unlisted ones of every family, with the name it is shown by."""
    return {
        spelling_subject(family.key, spelling): _shown(family, spelling)
        for family in campaign.families
        for spelling in (*family.spellings, OTHER)
    }


def platforms(facts: Facts) -> tuple[Share, ...]:
    """Return the share of posts of every platform that was watched; a blind one has no share."""
    cells = counted(block(facts.cells, Metric.POSTS, facts.social), facts.usable_cells)
    now, before = (within(cells, span).sum(min_count=1) for span in (facts.windows.now, facts.windows.before))
    names = {name: name for name in facts.social}
    parts = pd.DataFrame({"now": now, "before": before})
    return _ranked(parts, names, float(now.sum()), platform_moves(facts), keep_empty=True)


def outlets(facts: Facts) -> tuple[Share, ...]:
    """Return the share of articles of every outlet that wrote in this window or the one before."""
    return _press(facts, OUTLET)


def languages(facts: Facts) -> tuple[Share, ...]:
    """Return the share of articles in every language."""
    return _press(facts, LANGUAGE)


def tongues(facts: Facts) -> tuple[Share, ...]:
    """Return the share of posts in every language, of all posts: those that tell none are in no part."""
    if facts.tongues is None:
        return ()
    return _told(facts, facts.tongues, Metric.POSTS, _codes(facts.tongues, LANGUAGE))


def regions(facts: Facts) -> tuple[Share, ...]:
    """Return the share of articles of the Arab, the Western and the other press."""
    return _press(facts, REGION)


def countries(facts: Facts) -> tuple[Share, ...]:
    """Return the share of articles of every country whose outlets are known."""
    return _press(facts, COUNTRY)


def _press(facts: Facts, prefix: str) -> tuple[Share, ...]:
    return _told(facts, facts.outlets, Metric.ARTICLES, _codes(facts.outlets, prefix))


def _codes(frame: Frame, prefix: str) -> dict[str, str]:
    subjects = frame.values.columns.get_level_values("subject")  # noqa: PD011 - our frame
    return {subject: subject.removeprefix(prefix) for subject in subjects if subject.startswith(prefix)}


def _told(facts: Facts, frame: Frame, metric: Metric, names: Mapping[str, str]) -> tuple[Share, ...]:
    """Return the share of every named subject, and by how much it moved."""
    platforms = facts.papers if metric is Metric.ARTICLES else facts.social
    parts = _parts(facts, frame, metric, platforms)
    moved = moves(facts, frame, metric, platforms, [subject for subject in names if subject in parts.index])
    return _ranked(parts, names, _whole(facts, metric, platforms), moved)


def _parts(facts: Facts, frame: Frame, metric: Metric, platforms: tuple[str, ...]) -> pd.DataFrame:
    """Return what every subject brought now and before, a row each."""
    spans = {"now": facts.windows.now, "before": facts.windows.before}
    return pd.DataFrame({key: sums(frame, metric, platforms, span, facts.usable_cells) for key, span in spans.items()})


def _whole(facts: Facts, metric: Metric, platforms: tuple[str, ...]) -> float:
    cells = within(block(facts.cells, metric, platforms), facts.windows.now)
    return level(counted(cells, facts.usable_cells), partial=False).value or 0.0


def _ranked(
    parts: pd.DataFrame,
    names: Mapping[str, str],
    whole: float,
    moved: Mapping[str, Move],
    *,
    keep_empty: bool = False,
) -> tuple[Share, ...]:
    """Return the named parts that brought something now or before, largest first; what was not seen now is left out."""
    seen = parts.loc[[subject for subject in names if subject in parts.index]]
    told = seen[seen["now"].notna() & (keep_empty | (seen.sum(axis=1) > 0))]
    found = [
        Share(
            name=names[subject],
            value=now,
            share=now / whole if whole else 0.0,
            before=None if np.isnan(before) else before,
            move=moved.get(subject),
        )
        for subject, now, before in told.itertuples()
    ]
    return tuple(sorted(found, key=lambda share: (-share.value, share.name)))


def _shown(family: Family, spelling: str) -> str:
    """Return a spelling as the operator wrote it where that is known."""
    tag = family.tag.lstrip("#")
    if spelling == OTHER:
        return f"#{tag} {OTHER}"
    return f"#{tag}" if spelled(tag) == spelling else f"#{spelling}"
