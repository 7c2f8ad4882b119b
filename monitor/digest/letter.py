"""From a rendered digest to a mail as receivers expect one; nothing of foreign origin can end a header line."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from html import escape
from typing import cast
from urllib.parse import quote

from monitor.digest.leaving import HERE
from monitor.digest.render import Rendered
from monitor.model.address import domain
from monitor.words.envelope import MAIL
from monitor.words.voice import bare

LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom, about which day, and under which id; `leave` is the recipient's link out of it."""

    sender: str  # as in a From line: Monitor <monitor@example.org>
    recipient: str
    message_id: str
    written_at: datetime
    reply_to: str | None = None
    leave: str | None = None

    @property
    def way_out(self) -> str:
        """Where the reader ends the mails: on our own page if there is one, else by a mail to whoever reads answers."""
        return self.leave or self.mailto

    @property
    def mailto(self) -> str:
        return f"mailto:{quote(parseaddr(self.reply_to or self.sender)[1], safe='@')}?subject=unsubscribe"


def message_id(day: date, recipient: str, slugs: Sequence[str], sender: str) -> str:
    """Return the same id for the same mail, however often and by whichever daemon it is sent."""
    facts = "\n".join((day.isoformat(), recipient, *sorted(slugs)))
    digest = hashlib.sha256(facts.encode()).hexdigest()[:32]
    return f"<digest.{day.isoformat()}.{digest}@{domain(sender)}>"


def addressed(content: Rendered, envelope: Envelope) -> Rendered:
    """Return what was rendered for all with the link of this one reader in it."""
    way_out = envelope.way_out
    return replace(content, text=content.text.replace(HERE, way_out), html=content.html.replace(HERE, escape(way_out)))


def letter(content: Rendered, envelope: Envelope) -> EmailMessage:
    """Return the mail: plain text, HTML beside it, pictures inside the HTML."""
    content, mail = addressed(content, envelope), EmailMessage(policy=MAIL)
    _headers(mail, content, envelope)
    mail.set_content(content.text, charset="utf-8", cte="quoted-printable")
    mail.add_alternative(content.html, subtype="html", charset="utf-8", cte="quoted-printable")
    page = cast("EmailMessage", list(mail.iter_parts())[-1])
    for cid, png in content.charts.items():
        page.add_related(
            png, "image", "png", cid=f"<{cid}>", filename=f"{cid.partition('@')[0]}.png", disposition="inline"
        )
    mail["Content-Language"] = content.language  # set_content drops what begins with Content-
    _set_boundaries(mail, envelope.message_id)
    return mail


def _headers(mail: EmailMessage, content: Rendered, envelope: Envelope) -> None:
    mail["From"] = _mailbox(envelope.sender)
    mail["To"] = f"<{envelope.recipient}>"  # with brackets: SpamAssassin gives a point for an address without
    if envelope.reply_to:
        mail["Reply-To"] = _mailbox(envelope.reply_to)
    mail["Subject"] = _one_line(content.subject)
    mail["Date"] = format_datetime(envelope.written_at)
    mail["Message-ID"] = envelope.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["Precedence"] = "bulk"
    mail["List-Id"] = f"Campaign digest <digest.{domain(envelope.sender)}>"
    _say_how_to_leave(mail, envelope)


def _say_how_to_leave(mail: EmailMessage, envelope: Envelope) -> None:
    """By one click (RFC 8058) where the daemon has a page, and by mail everywhere."""
    ways = [f"<{way}>" for way in (envelope.leave, envelope.mailto) if way]
    mail["List-Unsubscribe"] = ", ".join(ways)
    if envelope.leave:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _mailbox(written: str) -> Address:
    name, address = parseaddr(written)
    return Address(name, addr_spec=address)


def _one_line(subject: str) -> str:
    """Return a subject that is short enough to be read."""
    line = bare(subject)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 3] + "..."


def _set_boundaries(mail: EmailMessage, seed: str) -> None:
    """Give the same mail the same bytes each time it is written."""
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{hashlib.sha256(seed.encode()).hexdigest()[:24]}_{number}")
