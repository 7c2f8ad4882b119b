"""Our own webhook: JSON that is signed, so that the receiver knows who sent it and never takes it twice."""

import asyncio
import hmac
import json
from dataclasses import dataclass
from datetime import datetime

import httpx
from pydantic import SecretStr

from monitor.alerts.finding import Parcel
from monitor.errors import DeliveryError

WITHIN = 10.0
"""Seconds for the whole answer: one that comes byte by byte holds up what else waits for the channel."""

LATER = frozenset({408, 425, 429})
"""Refusals that ask for another try; the others of 4xx are for good."""


@dataclass(frozen=True)
class Webhook:
    """One receiver, and the secret it shares with us."""

    http: httpx.AsyncClient
    url: SecretStr
    secret: SecretStr
    within: float = WITHIN

    async def send(self, body: bytes, identity: str, now: datetime) -> str:
        """Hand over one message and return what was answered; raises DeliveryError only."""
        headers = {
            "Content-Type": "application/json",
            "Monitor-Id": identity,
            "Monitor-Timestamp": str(int(now.timestamp())),
            "Monitor-Signature": signature(self.secret.get_secret_value(), int(now.timestamp()), body),
        }
        try:
            asked = self.http.stream(
                "POST",
                self.url.get_secret_value(),
                content=body,
                headers=headers,
                timeout=self.within,
                follow_redirects=False,
            )
            async with asyncio.timeout(self.within), asked as answer:  # whatever it says beside its status is not read
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            kind = type(error).__name__  # no more of it: it may repeat the address
            raise DeliveryError(f"the webhook did not answer ({kind}); it is tried again later") from error
        if 200 <= status < 300:  # noqa: PLR2004 - success
            return f"answered {status}"
        permanent = 400 <= status < 500 and status not in LATER  # noqa: PLR2004 - the sender's fault
        advice = "it is not tried again" if permanent else "it is tried again later"
        if 300 <= status < 400:  # noqa: PLR2004 - it is somewhere else now
            advice = f"correct the channel's url, no redirect is followed; {advice}"
        raise DeliveryError(f"the webhook answered {status}; {advice}", permanent=permanent)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a body sent at that second: HMAC-SHA256 over `timestamp.body`, in hex."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest()


def document(parcel: Parcel, *, title: str, body: str, language: str) -> bytes:
    """Return what a webhook gets: the sentences, and the findings they are made of."""
    content = {
        "id": parcel.id,
        "channel": parcel.channel,
        "language": language,
        "title": title,
        "text": body,
        "messages": [
            {**one.model_dump(mode="json", exclude={"ended"}), "severity": one.severity, "campaigns": one.campaigns}
            for one in parcel.messages
        ],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
