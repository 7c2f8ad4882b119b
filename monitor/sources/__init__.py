"""One file per platform: its typed settings and its translation; the folder is the registry.

A platform's file offers `Settings` (a `SourceSettings` whose `platform` defaults to the file's name) and `Source`
(the port of `monitor.model.source`, made as `Source(settings, client)`, with `spacing` seconds between two calls). It
may offer `tags`, the hashtags of a plain text as the platform cuts them.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from monitor.fetch.client import Client
from monitor.model.source import Source, SourceSettings


@dataclass(frozen=True)
class Platform:
    """One kind of source: what it can be told, and how it is made."""

    name: str
    Settings: type[SourceSettings]
    Source: Callable[[Any, Client], Source]
    tags: Callable[[str], list[str]] | None = None

    @property
    def spacing(self) -> float:
        """Seconds between two calls to one host of this platform."""
        return cast("float", getattr(self.Source, "spacing", 0.0))


@cache
def platforms() -> Mapping[str, Platform]:
    """Return every platform of this folder by name, in order of names."""
    found = sorted(
        module.name for module in pkgutil.iter_modules(__path__) if not (module.ispkg or module.name.startswith("_"))
    )
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in found}
    return {
        name: Platform(name, module.Settings, module.Source, getattr(module, "tags", None))
        for name, module in modules.items()
    }


def is_press(platform: str) -> bool:
    """Tell whether a platform brings articles; what only ever came from files brings posts."""
    found = platforms().get(platform)
    return found is not None and found.Settings.KIND == "articles"
