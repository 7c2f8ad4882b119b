"""Each channel's own way out: by mail, by Apprise, or to a signed webhook."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import httpx
from pydantic import SecretStr

from monitor import log
from monitor.alerts.channels import Channel
from monitor.alerts.finding import Message, Parcel
from monitor.alerts.post import Mail, Post
from monitor.alerts.services import Service
from monitor.alerts.text import Speaker, Words
from monitor.alerts.webhook import Webhook, document
from monitor.clock import Clock
from monitor.model.campaign import Campaign
from monitor.words.voice import Voice, voice

Draw = Callable[[Message, Voice], Awaitable[bytes | None]]
"""Draws the chart of a message in a voice; None when there is nothing to see."""

_NOTHING = SecretStr("")
_logger = log.get("alerts")


@dataclass(frozen=True)
class Doors:
    """Says a parcel in the channel's language and hands it over."""

    http: httpx.AsyncClient
    post: Post
    clock: Clock
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    draw: Draw | None = None

    async def send(self, channel: Channel, parcel: Parcel) -> str:
        """Hand over one parcel and return what was answered; raises DeliveryError only."""
        speaker = Speaker(self._voice(channel, parcel), self.campaigns, self.words)
        title, body = speaker.title(parcel.messages), speaker.body(parcel.messages)
        now = self.clock.now()
        if channel.url is not None:
            content = document(parcel, title=title, body=body, language=channel.language)
            return await Webhook(self.http, channel.url, channel.secret or _NOTHING).send(content, parcel.id, now)
        picture = await self._picture(channel, parcel)
        if channel.address is not None:
            return await Mail(self.post, channel.address).send(title, body, picture, parcel.id, now)
        return await Service(channel.apprise_url or _NOTHING).send(title, body, picture)

    def _voice(self, channel: Channel, parcel: Parcel) -> Voice:
        """Return how a channel is spoken to; one that names no clock is told times on that of the campaigns."""
        zones = {self.campaigns[one.scope].zone for one in parcel.messages if one.scope in self.campaigns}
        if "timezone" in channel.model_fields_set or len(zones) != 1:
            return channel.voice
        return voice(channel.language, zones.pop(), channel.digits)

    async def _picture(self, channel: Channel, parcel: Parcel) -> bytes | None:
        if self.draw is None or not channel.images:
            return None
        try:
            return await self.draw(parcel.messages[0], self._voice(channel, parcel))
        except TimeoutError:
            _logger.info("an alert went without its chart: it took too long", id=parcel.id)
            return None
        except Exception:  # the edge of a picture: words must not wait for it
            _logger.exception("the chart of an alert could not be drawn", id=parcel.id)
            return None
