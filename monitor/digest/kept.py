"""Digests as they are kept once they were sent: the mail itself, without its reader's address and link."""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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
QUICK = 1  # of zlib: a mail's words come to a fifth of their size; level 6 takes twice as long for a tenth less
PICTURE = "picture:"  # what the names of parts begin with that are PNGs; the rest is their content id

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
        parts = await beside(packed, content, self.sender)
        await mails.keep(self.store, sent, parts, who, timedelta(days=self.days))


def identity(content: Rendered, day: date) -> str:
    """Return what a content is known by: the same for all who got the very same."""
    parts = (day.isoformat(), content.language, content.subject, content.text, content.html)
    found = hashlib.blake2b("\0".join(parts).encode(), digest_size=12)
    for picture in content.charts.values():
        found.update(picture)
    return found.hexdigest()


def packed(content: Rendered, sender: str) -> dict[str, bytes]:
    """Return the parts of a mail as they are kept; what `Sent` tells of it is not among them."""
    words = {"text": content.text, "html": content.html}
    return {
        "sender": sender.encode(),
        **{name: zlib.compress(said.encode(), QUICK) for name, said in words.items()},
        **{f"{PICTURE}{cid}": png for cid, png in content.charts.items()},
    }


def content_of(sent: Sent, parts: Mapping[str, bytes]) -> Rendered:
    """Return what a mail that is kept says."""
    text, html = (zlib.decompress(parts[name]).decode() for name in ("text", "html"))
    charts = {name.removeprefix(PICTURE): png for name, png in parts.items() if name.startswith(PICTURE)}
    return Rendered(sent.subject, text, html, sent.language, (), charts)


def unaddressed(sent: Sent, parts: Mapping[str, bytes]) -> bytes:
    """Return a mail that is kept as a file: to nobody, with a link that leads nowhere."""
    sender = parts["sender"].decode()
    message_id = f"<digest.{sent.day}.{sent.id}@{domain(sender)}>"
    envelope = Envelope(sender, "nobody@localhost", message_id, sent.sent_at, leave=HERE)
    mail = letter(content_of(sent, parts), envelope)
    for header in ("List-Unsubscribe", "List-Unsubscribe-Post"):
        del mail[header]
    mail.replace_header("To", NOBODY)
    return mail.as_bytes()
