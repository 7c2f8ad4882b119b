"""What no file can tell by itself: two campaigns with one slug, recipients of unknown campaigns, unknown variables."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from monitor.errors import Problem
from monitor.settings.advice import unknown
from monitor.settings.files import File, Place
from monitor.settings.schema import Monitor, Watched
from monitor.settings.secret import Variables, variable
from monitor.sources import platforms

OTHER_VARIABLES = frozenset({"MONITOR_CONFIG"})
"""Variables that are no secrets: where the folder is."""


def same_slugs(campaigns: Sequence[Watched]) -> Iterator[Problem]:
    """Yield a problem for every campaign whose slug an earlier file has already."""
    first: dict[str, Watched] = {}
    for watched in campaigns:
        other = first.setdefault(watched.campaign.slug, watched)
        if other is not watched:
            advice = f'"{watched.campaign.slug}" is also the slug of {other.file}; give one of them another'
            yield Problem(str(watched.file), "slug", advice)


def unknown_campaigns(monitor: Monitor, file: File, campaigns: Sequence[Watched]) -> Iterator[Problem]:
    """Yield a problem for every campaign that a recipient or a channel wants and nobody watches."""
    slugs = {watched.campaign.slug for watched in campaigns}
    for place, slug in _wanted(monitor):
        if slug not in slugs:
            yield file.problem(place, f'the campaign "{slug}" {unknown(slug, slugs)}')


def _wanted(monitor: Monitor) -> Iterator[tuple[Place, str]]:
    """Yield every campaign that somebody wants, with the place where that stands."""
    lists = [(("digest", "recipients", number), one.campaigns) for number, one in enumerate(monitor.digest.recipients)]
    lists += [(("alerts", "channels", number), one.campaigns) for number, one in enumerate(monitor.alerts.channels)]
    for whose, slugs in lists:
        for index, slug in enumerate(slugs):
            yield (*whose, "campaigns", index), slug


def unknown_platforms(monitor: Monitor, file: File) -> Iterator[Problem]:
    """Yield a problem for every break of a platform that there is not: it would part nothing."""
    for number, one in enumerate(monitor.breaks):
        if one.platform not in platforms():
            advice = f'the platform "{one.platform}" {unknown(one.platform, platforms())}'
            yield file.problem(("breaks", number, "platform"), advice)


def unknown_variables(env: Variables) -> Iterator[Problem]:
    """Yield a problem for every MONITOR_* variable that nothing listens to."""
    for name in sorted(env.given.keys() - env.known - OTHER_VARIABLES):
        if name.startswith(variable("")) and not name.startswith(tuple(env.unread)):
            near = next((other for other in sorted(env.known - env.given.keys()) if _slip(name, other)), None)
            advice = f"did you mean {near}?" if near else "no campaign listens to it; check it, or take it away"
            yield Problem("", name, f"this variable is not known; {advice}")


def _slip(written: str, meant: str) -> bool:
    """Tell whether a name is another one word by word but for a letter or so: a secret must not go to another place."""
    words, others = written.split("_"), meant.split("_")
    return len(words) == len(others) and all(
        get_close_matches(word, [other], cutoff=0.8) for word, other in zip(words, others, strict=True)
    )
