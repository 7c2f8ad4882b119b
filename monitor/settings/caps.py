"""Sources that spend from one key but were given other caps: said by `monitor check`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from monitor.collect.accounts import keys_of, place_of
from monitor.errors import Problem
from monitor.model.source import SourceSettings
from monitor.settings.schema import Settings, Watched

_CAPS = ("_per_day", "_per_month", "weekly_")


def uneven(settings: Settings) -> Iterator[Problem]:
    """Yield each source whose caps are not those of the first one with its key: what all spend is added up."""
    sharing = defaultdict[tuple[str, ...], list[tuple[Watched, SourceSettings]]](list)
    for watched in settings.campaigns:
        for source in watched.sources:
            if source.off is None and (keys := keys_of(source)):
                sharing[source.platform, place_of(source), *keys].append((watched, source))
    for (first, known), *others in sharing.values():
        for watched, source in others:
            if told := ", ".join(name for name, cap in caps(source).items() if caps(known)[name] != cap):
                advice = f"spends from the same key as {first.campaign.slug}/{known.name}, but has another {told}"
                yield Problem(
                    str(watched.file), source.name, f"{advice}: each stops at its own; write the same in both"
                )


def caps(source: SourceSettings) -> Mapping[str, object]:
    """Return how much a source may use of its key, by setting."""
    named = (name for name in type(source).model_fields if any(part in name for part in _CAPS))
    return {name: getattr(source, name) for name in named}
