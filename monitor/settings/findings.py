"""Gathering problems: a step that fails adds to the list, and the next step is taken all the same."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from monitor.errors import Problem, SettingsError
from monitor.settings.files import File, Place

Value = TypeVar("Value")
Given = ParamSpec("Given")


@dataclass
class Findings:
    """All problems found so far."""

    problems: list[Problem] = field(default_factory=list)

    def attempt(self, step: Callable[Given, Value], *args: Given.args, **named: Given.kwargs) -> Value | None:
        """Return what `step` returns; None when it failed, its problems added here."""
        try:
            return step(*args, **named)
        except SettingsError as error:
            self.problems.extend(error.problems)
            return None

    def add(self, file: File, place: Place, advice: str | None) -> None:
        """Add a problem at `place`; an advice of None is none."""
        if advice:
            self.problems.append(file.problem(place, advice))

    def raise_any(self) -> None:
        """Raise all problems at once, if there are any, each once."""
        if self.problems:
            raise SettingsError(tuple(dict.fromkeys(self.problems)))
