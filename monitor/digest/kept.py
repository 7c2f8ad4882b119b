"""Digests as they are kept once they were sent: the mail itself, without its reader's address and link."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from monitor import log
from monitor.clock import Clock
from monitor.digest.leaving import HERE
from monitor.digest.letter import Envelope, letter
from monitor.digest.render import Rendered
from monitor.errors import StoreError
from monitor.fetch.beside import beside
from monitor.model.address import domain
from monitor.store import mails, readers
from monitor.store.mails import Sent
from monitor.store.store import Store

NOBODY = "undisclosed-recipients:;"

_logger = log.get("digest")


@dataclass(frozen=True)
class Archive:
    """Where digests are kept for so many days, to be looked at; 0: not at all."""

    store: Store
    clock: Clock
    sender: str
    days: int

    async def keep(self, content: Rendered, day: date, campaigns: Sequence[str], address: str) -> None:
        """Keep what a server has just taken for a reader; that this fails changes nothing for them."""
        if not self.days:
            return
        try:
            await self._keep(content, day, campaigns, readers.reader(self.store, address))
        except StoreError as error:
            _logger.warning("a digest that was sent is not kept", problem=str(error))

    async def _keep(self, content: Rendered, day: date, campaigns: Sequence[str], who: bytes) -> None:
        name = identity(content, day)
        if await mails.count(self.store, name, who):
            return
        sent = Sent(
            id=name,
            day=day,
            campaigns=tuple(campaigns),
            language=content.language,
            subject=content.subject,
            sent_at=self.clock.now(),
        )
        raw = await beside(unaddressed, content, sent, self.sender)
        await mails.keep(self.store, sent, raw, who, timedelta(days=self.days))


def identity(content: Rendered, day: date) -> str:
    """Return what a content is known by: the same for all who got the very same."""
    parts = (day.isoformat(), content.language, content.subject, content.text, content.html)
    found = hashlib.blake2b("\0".join(parts).encode(), digest_size=12)
    for picture in content.charts.values():
        found.update(picture)
    return found.hexdigest()


def unaddressed(content: Rendered, sent: Sent, sender: str) -> bytes:
    """Return the mail as a file: to nobody, with a link that leads nowhere."""
    message_id = f"<digest.{sent.day}.{sent.id}@{domain(sender)}>"
    mail = letter(content, Envelope(sender, "nobody@localhost", message_id, sent.sent_at, leave=HERE))
    for header in ("List-Unsubscribe", "List-Unsubscribe-Post"):
        del mail[header]
    mail.replace_header("To", NOBODY)
    return mail.as_bytes()


def content_of(mail: bytes) -> Rendered:
    """Return what a mail that is kept says."""
    read = message_from_bytes(mail, policy=default)
    text, html = (cast("EmailMessage", read.get_body((kind,))) for kind in ("plain", "html"))
    pictures = {part["Content-ID"].strip("<>"): part.get_content() for part in read.walk() if part["Content-ID"]}
    return Rendered(
        str(read["Subject"]), text.get_content(), html.get_content(), str(read["Content-Language"]), (), pictures
    )
