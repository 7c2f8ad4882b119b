"""Who gets the digest, when, in which language, and about which campaigns."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, Field, model_validator

from monitor.digest.voice import Digits, Voice, languages, voice
from monitor.model.table import Table
from monitor.model.zone import Zone

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}")


def checked_address(address: str) -> str:
    """Return a mail address that can break out of no header; a ValueError says how one is written."""
    if _ADDRESS.fullmatch(address) and ".." not in address:
        return address
    raise ValueError('is not a plain mail address; write one such as "desk@example.org"')


def checked_language(name: str) -> str:
    """Return a language we have words for; `ar-EG` is Arabic with the month names of Egypt."""
    spoken = ", ".join(languages())
    if name.split("-", maxsplit=1)[0] not in languages():
        raise ValueError(f"has no words yet; write one of {spoken}, with a region where wanted, such as ar-EG")
    try:
        Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError(f"is not a language with a region; write one of {spoken}, or such as ar-EG") from error
    return name


Address = Annotated[str, AfterValidator(checked_address)]
Language = Annotated[str, AfterValidator(checked_language)]


class Recipient(Table):
    """One reader of the digest."""

    address: Address
    language: Language = "en"
    timezone: Zone = "UTC"  # the clock on which `hour` and all times in the mail are read
    hour: int = Field(default=7, ge=0, le=23)
    digits: Digits = "western"
    campaigns: tuple[str, ...] = ()  # slugs; none: all campaigns

    @property
    def voice(self) -> Voice:
        return voice(self.language, self.timezone, self.digits)

    def wants(self, slug: str) -> bool:
        return not self.campaigns or slug in self.campaigns

    def due_at(self, day: date) -> datetime:
        """Return when the mail about `day` is wanted: at `hour` of the next morning."""
        return datetime.combine(day + timedelta(days=1), time(self.hour), ZoneInfo(self.timezone))

    def yesterday(self, now: datetime) -> date:
        """Return the latest day whose mail was wanted by `now`."""
        day = now.astimezone(ZoneInfo(self.timezone)).date() - timedelta(days=1)
        return day if self.due_at(day) <= now else day - timedelta(days=1)


class Settings(Table):
    """The daily digest."""

    recipients: tuple[Recipient, ...] = ()

    @model_validator(mode="after")
    def _each_address_once(self) -> "Settings":
        addresses = [recipient.address.casefold() for recipient in self.recipients]
        twice = next((address for address in addresses if addresses.count(address) > 1), None)
        if twice:
            raise ValueError(f"lists {twice} twice; an address gets one mail a day, name all its campaigns there")
        return self
