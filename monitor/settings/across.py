"""What no file can tell by itself: two campaigns with one slug, recipients of unknown campaigns, unknown variables."""

from collections.abc import Iterator, Mapping, Sequence

from monitor.errors import Problem
from monitor.settings.advice import unknown
from monitor.settings.files import File
from monitor.settings.schema import Monitor, Watched
from monitor.settings.secret import variable, variables

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
    """Yield a problem for every campaign that a recipient wants and nobody watches."""
    slugs = {watched.campaign.slug for watched in campaigns}
    for number, recipient in enumerate(monitor.digest.recipients):
        for index, slug in enumerate(recipient.campaigns):
            if slug not in slugs:
                place = ("digest", "recipients", number, "campaigns", index)
                yield file.problem(place, f'the campaign "{slug}" {unknown(slug, slugs)}')


def unknown_variables(campaigns: Sequence[Watched], env: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for every MONITOR_* variable that nothing listens to."""
    known = {*OTHER_VARIABLES, *variables(Monitor)}
    for watched in campaigns:
        for source in watched.sources:
            known |= set(variables(type(source), (watched.campaign.slug, source.name)))
        for poll in watched.polls:
            known |= set(variables(type(poll.at), (watched.campaign.slug, poll.poll.name)))
    for name in sorted(env):
        if name.startswith(variable("")) and name not in known:
            yield Problem("", name, f"this variable {unknown(name, known)}")
