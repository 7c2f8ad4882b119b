"""Where alerts go: a mail address, one of the many services that Apprise knows, or a signed webhook."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, model_validator

from monitor.alerts.rules import SEVERITIES, Severity
from monitor.model.address import Address
from monitor.model.table import Table
from monitor.model.zone import Zone
from monitor.words.language import Language
from monitor.words.voice import Digits, Voice, voice

SHORTEST_SECRET = 16  # characters
_HOW = 'write two times of day, such as "22:00-07:00"'


def _hours(written: str) -> str:
    begin, end = hours(written)
    if begin == end:
        raise ValueError(_HOW)
    return written


def hours(written: str) -> tuple[time, time]:
    """Return the two ends of quiet hours; a ValueError says how they are written."""
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in written.split("-"))
    except ValueError as error:
        raise ValueError(_HOW) from error
    if begin.tzinfo or end.tzinfo:
        raise ValueError(_HOW)
    return begin, end


class Channel(Table):
    """One place that alerts are sent to, and which of them: exactly one of `address`, `apprise_url` and `url`."""

    name: str = Field(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    address: Address | None = None  # mail, by the server of [mail]
    apprise_url: SecretStr | None = None
    apprise_url_file: Path | None = None  # a file that holds it
    url: SecretStr | None = None  # of a webhook
    url_file: Path | None = None  # a file that holds it
    secret: SecretStr | None = None  # what a webhook's messages are signed with
    secret_file: Path | None = None  # a file that holds it
    language: Language = "en"
    timezone: Zone = "UTC"  # the clock of all times in the message, and of `quiet`
    digits: Digits = "western"
    campaigns: tuple[str, ...] = ()  # slugs; none: all
    least: Severity = "info"
    quiet: Annotated[str, AfterValidator(_hours)] | None = None  # held meanwhile, then sent as one
    images: bool = True

    @model_validator(mode="after")
    def _goes_to_one_place(self) -> "Channel":
        ways = [key for key in ("address", "apprise_url", "url") if getattr(self, key) is not None]
        if len(ways) > 1:
            raise ValueError(f"goes to {' and '.join(ways)}; make two channels of it")
        if not ways:
            raise ValueError("goes nowhere; give it an address, an apprise_url or a url, or the file of one")
        if self.url is not None:
            _check_webhook(self.url.get_secret_value(), self.secret)
        elif self.secret is not None:
            raise ValueError("has a secret, but only webhooks (url) are signed")
        return self

    @property
    def voice(self) -> Voice:
        return voice(self.language, self.timezone, self.digits)

    def wants(self, scope: str, campaigns: tuple[str, ...], severity: Severity) -> bool:
        """Tell whether a message about these campaigns belongs here; what belongs to none goes to all."""
        ours = not self.campaigns or not campaigns or bool({scope, *campaigns} & set(self.campaigns))
        return ours and SEVERITIES.index(severity) >= SEVERITIES.index(self.least)

    def quiet_until(self, now: datetime) -> datetime | None:
        """Return when the quiet hours that run at `now` end; None outside of them."""
        if self.quiet is None:
            return None
        begin, end = hours(self.quiet)
        local = now.astimezone(ZoneInfo(self.timezone))
        here, over_night = local.time(), begin > end
        is_quiet = (here >= begin or here < end) if over_night else begin <= here < end
        if not is_quiet:
            return None
        day = local.date() + timedelta(days=int(over_night and here >= begin))
        return datetime.combine(day, end, ZoneInfo(self.timezone))


def is_address(url: str) -> bool:
    """Tell whether a program can ask this address."""
    try:
        parts = urlsplit(url)
        can_be_asked = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return can_be_asked and not any(letter <= " " for letter in url)


def _check_webhook(url: str, secret: SecretStr | None) -> None:
    """Raise what is wrong with a webhook, without repeating it; one without a secret is told elsewhere."""
    if not is_address(url):
        raise ValueError('its url is no address; write one such as "https://example.org/hook"')
    if secret is not None and len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError(f"its secret is too short; give at least {SHORTEST_SECRET} characters")
