"""A mapping of the operator: which column of a table is what, checked like every other file of theirs."""

from pathlib import Path
from typing import cast

from monitor.imports.mapping import Mapping, known_platforms
from monitor.settings.advice import unknown
from monitor.settings.files import File, read
from monitor.settings.findings import Findings
from monitor.settings.place import checked

_OLD_NAMES = {"twitter": "x"}
_NEW = "where the monitor has no such platform, add platform_is_new = true"


def mapping(path: Path) -> Mapping:
    """Return the mapping in a file, or raise SettingsError with all that is wrong in it."""
    file, found = read(path), Findings()
    told = found.attempt(checked, Mapping, file.content, file)
    found.add(file, ("platform",), _platform_fault(file))
    found.raise_any()
    return cast("Mapping", told)


def _platform_fault(file: File) -> str | None:
    """Return what to write for a platform under whose name nobody counts: its posts would count twice."""
    told = file.content.get("platform")
    if not isinstance(told, str) or told in known_platforms():
        return None
    name = told.lower()
    meant = name if name in known_platforms() else _OLD_NAMES.get(name)
    if meant:
        return f'"{told}" is not known; did you mean {meant}?'
    return (
        None if file.content.get("platform_is_new") is True else f'"{told}" {unknown(told, known_platforms())}; {_NEW}'
    )
