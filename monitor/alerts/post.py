"""An alert as a mail: one plain text, the chart beside it, and an identity that a repeat has too."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

from monitor.model.address import domain
from monitor.words.envelope import MAIL
from monitor.words.voice import bare


class Post(Protocol):
    """Where mails are handed over: the digest's own way out."""

    @property
    def sender(self) -> str: ...

    async def send(self, mail: EmailMessage) -> str:
        """Hand over one mail and return what was answered; raises DeliveryError only."""
        ...


@dataclass(frozen=True)
class Mail:
    """The mail channel of one address."""

    post: Post
    address: str

    async def send(self, title: str, body: str, picture: bytes | None, identity: str, now: datetime) -> str:
        """Hand over one alert."""
        mail = EmailMessage(policy=MAIL)
        mail["From"] = self.post.sender
        mail["To"] = f"<{self.address}>"  # with brackets: SpamAssassin gives a point for an address without
        mail["Subject"] = bare(title)  # one line, whatever it was made of
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<alert.{identity}@{domain(self.post.sender)}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(f"{body}\n", charset="utf-8", cte="quoted-printable")
        if picture is not None:
            mail.add_attachment(picture, maintype="image", subtype="png", filename="chart.png", disposition="inline")
        return await self.post.send(mail)
