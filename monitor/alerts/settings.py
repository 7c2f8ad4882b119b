"""The table [alerts]: rules for every campaign, where messages go, and how often."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, model_validator

from monitor.alerts.channels import Channel, is_address
from monitor.alerts.decide import Policy
from monitor.alerts.rules import HOUSE, Rule
from monitor.model.table import Table

GATHER = timedelta(minutes=2)
"""Sources fail together: whoever is first waits for the others."""


def _checked_heartbeat(url: SecretStr) -> SecretStr:
    """Return the address of a dead-man's switch; a ValueError says how one is written, without repeating it."""
    if not is_address(url.get_secret_value()):
        raise ValueError('is no address; write one such as "https://hc-ping.com/…"')
    return url


class Settings(Table):
    """Alerts of the whole house; a campaign's file may add rules of its own."""

    rules: tuple[Rule, ...] = ()
    channels: tuple[Channel, ...] = ()
    cool_down_minutes: float = Field(default=30.0, ge=0.0, le=1440.0)  # between two messages of one campaign and topic
    repeat_hours: float = Field(default=24.0, ge=1.0, le=720.0)  # until what goes on is told again
    resolve: bool = True  # tell when it is over
    heartbeat_url: Annotated[SecretStr, AfterValidator(_checked_heartbeat)] | None = (
        None  # asked every minute while all is well
    )
    heartbeat_url_file: Path | None = None  # a file that holds it

    @property
    def cool_down(self) -> timedelta:
        return timedelta(minutes=self.cool_down_minutes)

    @property
    def repeat(self) -> timedelta:
        return timedelta(hours=self.repeat_hours)

    def policy(self, scope: str) -> Policy:
        """Return how often a scope may speak."""
        gather = GATHER if scope == HOUSE else timedelta(0)
        return Policy(cool_down=self.cool_down, repeat=self.repeat, resolve=self.resolve, gather=gather)

    @model_validator(mode="after")
    def _each_name_once(self) -> "Settings":
        twice = next(_doubled([channel.name for channel in self.channels]), None)
        if twice:
            raise ValueError(f"has two channels that are called {twice}; give one another name")
        return self


def _doubled(names: list[str]) -> Iterator[str]:
    yield from (name for index, name in enumerate(names) if name in names[:index])
