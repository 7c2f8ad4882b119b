"""One file per kind of place where polls appear; the folder is the registry.

A file offers `Settings` (a `PollSettings` whose `platform` defaults to the file's name) and `Source` (the port of
`monitor.model.poll_source`, made as `Source(settings, client)`, with `spacing` seconds between two calls).
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from monitor.fetch.client import Client
from monitor.model.poll_source import PollSettings, PollSource


@dataclass(frozen=True)
class PollPlatform:
    """One kind of place: what it can be told, and how it is made."""

    name: str
    Settings: type[PollSettings]
    Source: Callable[[Any, Client], PollSource]

    @property
    def spacing(self) -> float:
        """Seconds between two calls to one host."""
        return cast("float", getattr(self.Source, "spacing", 0.0))


@cache
def places() -> Mapping[str, PollPlatform]:
    """Return every kind of place by name, in order of names."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in found}
    return {name: PollPlatform(name, module.Settings, module.Source) for name, module in modules.items()}
