"""What the operator's files may say: the tables of every room put together, and the value that comes out of them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from monitor.alerts.rules import Rule
from monitor.alerts.settings import Settings as Alerts
from monitor.archive.retention import Settings as Retention
from monitor.archive.settings import Settings as Archive
from monitor.collect.schedule import Settings as Collect
from monitor.digest.mail import Settings as Mail
from monitor.digest.recipient import Settings as Digest
from monitor.errors import MonitorError, instead
from monitor.model.campaign import Campaign
from monitor.model.definition import Break
from monitor.model.source import SourceSettings
from monitor.model.table import Table
from monitor.model.zone import Zone
from monitor.settings.hashtag import Hashtag, Word
from monitor.settings.polls import WatchedPoll
from monitor.store.redis import Settings as Redis
from monitor.web.server import Settings as Web

Slug = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Language = Literal["ar", "en"]


SHORTEST_KEY = 16  # characters: what can be guessed protects nobody


def _long_enough(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(f"the key is too short; give at least {SHORTEST_KEY} characters")
    return key


class Privacy(Table):
    """The key that people's and posts' ids are hashed with before they are stored, and whose posts may be linked to."""

    key: Annotated[SecretStr, AfterValidator(_long_enough)] | None = None
    key_file: Path | None = None  # a file that holds the key
    folder: Path = Path("var")  # where a key is made once and kept when none is given
    public_from_followers: int = Field(10_000, ge=1000)  # below, an account is a person, and no post of it is linked to


class Fetch(Table):
    """Manners towards other people's servers."""

    contact: str = ""  # an address that server owners can write to; part of every request


class Log(Table):
    """What the daemon writes to standard error."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    json_lines: bool = False  # for machines; people read key=value


class Monitor(Table):
    """The file monitor.toml."""

    redis: Redis = Redis()
    privacy: Privacy = Privacy()
    fetch: Fetch = Fetch()
    collect: Collect = Collect()
    digest: Digest = Digest()
    mail: Mail = Mail()
    alerts: Alerts = Alerts()
    web: Web = Web()
    archive: Archive = Archive()
    retention: Retention = Retention()
    log: Log = Log()
    breaks: tuple[Break, ...] = ()


class Whereabouts(Table):
    """Of the file monitor.toml what says which store is meant."""

    redis: Redis = Redis()
    privacy: Privacy = Privacy()


LIKELY = range(1971, 2100)


def _likely(day: date) -> date:
    """Refuse what is a slip, and what has no time in seconds everywhere on earth."""
    if day.year not in LIKELY:
        raise ValueError(f"write a day in the years {LIKELY[0]} to {LIKELY[-1]}, such as 2016-04-29")
    return day


class CampaignFile(Table):
    """One file of campaigns/; its `sources`, `polls` and `alerts` are read apart, each by its own table."""

    slug: Slug | None = None
    title: str = Field(min_length=1, max_length=120)
    titles: dict[Language, str] = {}
    timezone: Zone = "UTC"
    since: Annotated[date, AfterValidator(_likely)] | None = None
    hashtags: tuple[Hashtag, ...] = ()
    spellings: dict[str, tuple[Hashtag, ...]] = {}
    words: tuple[Word, ...] = ()
    exclude: tuple[Word, ...] = ()
    evidence: bool = False  # keep every item that was read, with the names in it, for groups that must document
    public: bool = False  # a page without login, at /live/SLUG


@dataclass(frozen=True)
class Watched:
    """One campaign with the places it is looked for; `file` is where the operator wrote it."""

    campaign: Campaign
    sources: tuple[SourceSettings, ...]
    file: Path
    polls: tuple[WatchedPoll, ...] = ()
    alerts: tuple[Rule, ...] = ()  # of this campaign alone


@dataclass(frozen=True)
class Settings:
    """Everything the operator wrote, checked."""

    monitor: Monitor
    campaigns: tuple[Watched, ...]

    def watched(self, slug: str) -> Watched:
        """Return the campaign with this slug; raises MonitorError that says which are near."""
        by_slug = {one.campaign.slug: one for one in self.campaigns}
        if slug not in by_slug:
            raise MonitorError(f"no campaign is called {slug}; {instead(slug, by_slug)}")
        return by_slug[slug]

    @property
    def zone(self) -> str:
        """The clock on which an operator is told what concerns no campaign alone: that of the first."""
        return self.campaigns[0].campaign.zone if self.campaigns else "UTC"
