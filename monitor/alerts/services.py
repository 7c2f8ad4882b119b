"""Alerts to the many services that Apprise knows: Telegram, Slack, Matrix, ntfy and a hundred others.

The library is loaded when the first channel needs it: it takes half a second.
"""

import asyncio
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from apprise import Apprise

WITHIN = 60.0
"""Seconds for all that a service asks for: a picture is a second request at some."""


@dataclass(frozen=True)
class Service:
    """One address in the way Apprise writes it."""

    url: SecretStr

    async def send(self, title: str, body: str, picture: bytes | None) -> str:
        """Hand over one alert; raises DeliveryError only. Apprise does not say why something failed."""
        from apprise import NotifyFormat
        from apprise.attachment.memory import AttachMemory

        post = reached(self.url.get_secret_value())
        if post is None:
            raise DeliveryError("Apprise does not know this address; correct the channel's apprise_url", permanent=True)
        chart = AttachMemory(content=picture, name="chart.png", mimetype="image/png") if picture else None  # type: ignore[no-untyped-call]
        try:
            async with asyncio.timeout(WITHIN):
                taken = await post.async_notify(body=body, title=title, body_format=NotifyFormat.TEXT, attach=chart)
        except TimeoutError as error:
            raise DeliveryError("the service did not answer in time; it is tried again later") from error
        if not taken:
            raise DeliveryError("the service did not take it; it is tried again later")
        return "taken by the service"


def reached(url: str) -> "Apprise | None":
    """Return the service behind an address; None when Apprise does not understand it."""
    with warnings.catch_warnings():  # of modules that other services would need
        warnings.simplefilter("ignore")
        import apprise

        post = apprise.Apprise()
        return post if post.add(url) else None
