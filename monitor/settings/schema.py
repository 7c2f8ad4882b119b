"""What the operator's files may say: the tables of every room put together, and the value that comes out of them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from monitor.model.campaign import Campaign
from monitor.model.source import SourceSettings
from monitor.model.table import Table
from monitor.model.zone import Zone

Slug = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Language = Literal["ar", "en"]


class Redis(Table):
    url: SecretStr | None = None
    url_file: Path | None = None
    prefix: str = Field(default="cm", pattern=r"^[a-z0-9]+$")
    folder: Path = Path("var/redis")


class Privacy(Table):
    """The key that people's and posts' ids are hashed with before they are stored."""

    key: SecretStr | None = None
    key_file: Path | None = None
    folder: Path = Path("var")


class Fetch(Table):
    """Manners towards other people's servers."""

    contact: str = ""


class Log(Table):
    """What the daemon writes to standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    json_lines: bool = False


class Monitor(Table):
    """The file monitor.toml."""

    redis: Redis = Redis()
    privacy: Privacy = Privacy()
    fetch: Fetch = Fetch()
    log: Log = Log()


class CampaignFile(Table):
    """One file of campaigns/; its `sources` are read apart, each by its platform's own table."""

    slug: Slug | None = None
    title: str = Field(min_length=1, max_length=120)
    titles: dict[Language, str] = {}
    timezone: Zone = "UTC"
    since: date | None = None
    hashtags: tuple[str, ...] = ()
    spellings: dict[str, tuple[str, ...]] = {}
    words: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watched:
    """One campaign with the places it is looked for; `file` is where the operator wrote it."""

    campaign: Campaign
    sources: tuple[SourceSettings, ...]
    file: Path


@dataclass(frozen=True)
class Settings:
    """Everything the operator wrote, checked."""

    monitor: Monitor
    campaigns: tuple[Watched, ...]
