"""Who gets the digest, when, in which language, and about which campaigns."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from monitor.model.address import Address
from monitor.model.table import Table
from monitor.model.zone import Zone
from monitor.words.language import Language
from monitor.words.voice import Digits, Voice, voice

Weekday = Literal["saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday"]
_IN_ORDER: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Recipient(Table):
    """One reader of the digest."""

    address: Address
    language: Language = "en"
    timezone: Zone = "UTC"  # the clock on which `hour` and all times in the mail are read
    hour: int = Field(default=7, ge=0, le=23)
    digits: Digits = "western"
    campaigns: tuple[str, ...] = ()  # slugs; none: all campaigns
    days: tuple[Weekday, ...] = ()  # on whose mornings a mail is wanted; none: on all
    pause: bool = False  # no mails for now

    @property
    def voice(self) -> Voice:
        return voice(self.language, self.timezone, self.digits)

    def wants(self, slug: str) -> bool:
        return not self.campaigns or slug in self.campaigns

    def is_told_of(self, day: date) -> bool:
        """Tell whether a mail about `day` is wanted: it would come on the next morning."""
        return not self.days or _IN_ORDER[(day + timedelta(days=1)).weekday()] in self.days

    def due_at(self, day: date) -> datetime:
        """Return when the mail about `day` is wanted: at `hour` of the next morning."""
        return datetime.combine(day + timedelta(days=1), time(self.hour), ZoneInfo(self.timezone))

    def yesterday(self, now: datetime) -> date:
        """Return the latest day whose mail was wanted by `now`."""
        day = now.astimezone(ZoneInfo(self.timezone)).date() - timedelta(days=1)
        return day if self.due_at(day) <= now else day - timedelta(days=1)


CatchUp = Literal["one", "each", "latest"]
"""After days without a mail: one that tells the days before in a line each, a mail for each, or yesterday's alone."""


class Settings(Table):
    """The daily digest."""

    recipients: tuple[Recipient, ...] = ()
    templates: Path | None = None  # a folder with digest.mjml or digest.txt of one's own
    methods: Annotated[str, Field(pattern=r"^https?://[^\s\"<>]+$")] | None = None  # where docs/methods.md can be read
    catch_up: CatchUp = "one"  # after a pause of the daemon
    keep_days: int = Field(default=90, ge=0, le=3650)  # how long is kept what was sent; 0: not at all

    @model_validator(mode="after")
    def _each_address_once(self) -> "Settings":
        addresses = [recipient.address.casefold() for recipient in self.recipients]
        twice = next((address for address in addresses if addresses.count(address) > 1), None)
        if twice:
            raise ValueError(f"lists {twice} twice; an address gets one mail a day, name all its campaigns there")
        return self
