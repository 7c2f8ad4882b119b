"""Where mails go: over SMTP with verified TLS, or into a folder while no server is set."""

import os
import re
import ssl
import tempfile
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal, Protocol

import aiosmtplib
from pydantic import AfterValidator, Field, SecretStr, model_validator

from monitor.errors import AddressRefused, DeliveryError
from monitor.model.address import Address, checked_address, domain
from monitor.model.table import Table

PERMANENT = range(500, 600)
UNREADY = frozenset({530, 534, 535, 538})
"""The server wants TLS or a login (RFC 3207, RFC 4954): no fault of the mail, and for the operator to repair."""

UNREACHED = "no mail server answers at this port; look at host and port in the table [mail]"

ACCEPTANCE_SECONDS = 600.0
"""How long to wait for the answer after the last byte: RFC 5321 (4.5.3.2.6) asks for 10 minutes, as giving up sooner
sends twice what a slow server has taken."""


def checked_sender(sender: str) -> str:
    """Return a sender whose address is plain; a ValueError says how one is written."""
    if "\n" in sender or "\r" in sender:
        raise ValueError("must be one line")
    checked_address(parseaddr(sender)[1])
    return sender


class Settings(Table):
    """How mails leave; without a `host` they are written into the folder `outbox`."""

    host: str | None = None
    port: int = Field(default=587, ge=1, le=65535)  # 465 for tls
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None  # a file that holds the password
    sender: Annotated[str, AfterValidator(checked_sender)] = "Campaign monitor <monitor@localhost>"
    reply_to: Annotated[str, AfterValidator(checked_sender)] | None = None  # who reads answers, if not the sender
    return_path: Address | None = None  # where servers report mails they took and could not deliver, if not the sender
    timeout_seconds: float = Field(default=60.0, ge=1.0, le=600.0)  # for each step but the server's final answer
    authority_file: Path | None = None  # certificates to trust instead of the system's, for a server of one's own
    outbox: Path = Path("var/outbox")

    @model_validator(mode="after")
    def _login_is_covered(self) -> "Settings":
        if self.user and self.security == "none":
            raise ValueError('would send the password in the clear; write security = "starttls" or "tls"')
        return self


class Mail(Protocol):
    """Where a mail is handed over."""

    @property
    def sender(self) -> str: ...

    @property
    def reply_to(self) -> str | None: ...

    async def send(self, mail: EmailMessage) -> str:
        """Hand over one mail and return what was answered; raises DeliveryError only."""
        ...

    async def probe(self) -> str:
        """Say in one sentence whether mails would be taken, without sending one; raises DeliveryError only."""
        ...


def door(settings: Settings) -> Mail:
    """Return where mails go by the settings."""
    return Smtp(settings) if settings.host else Outbox(settings.outbox, settings.sender, settings.reply_to)


@dataclass(frozen=True)
class Outbox:
    """A folder of .eml files, each written whole or not at all; the same mail is the same file."""

    folder: Path
    sender: str
    reply_to: str | None = None

    async def send(self, mail: EmailMessage) -> str:
        name = re.sub(r"[^\w.-]", "_", str(mail["Message-ID"]).strip("<>").partition("@")[0])
        path = self.folder / f"{name}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, mail.as_bytes())
        except OSError as error:
            raise DeliveryError(
                f"{path} can not be written ({error.strerror}); give this folder to the monitor"
            ) from error
        return f"written to {path}"

    async def probe(self) -> str:
        return f"no mail server is set: mails are written into {self.folder}"


@dataclass(frozen=True)
class Smtp:
    """A mail server; one connection per mail, so that one bad recipient harms no other."""

    settings: Settings
    acceptance_seconds: float = ACCEPTANCE_SECONDS

    @property
    def sender(self) -> str:
        return self.settings.sender

    @property
    def reply_to(self) -> str | None:
        return self.settings.reply_to

    async def send(self, mail: EmailMessage) -> str:
        sender = self.settings.return_path or parseaddr(str(mail["From"]))[1]
        addresses = (sender, parseaddr(str(mail["To"]))[1])
        server = f"{self.settings.host}:{self.settings.port}"
        try:
            async with self._connection() as smtp:
                return await self._hand_over(smtp, *addresses, mail.as_bytes())
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
            raise _refusal(server, error) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            # login, TLS and a dead server are for the operator to repair: the mail waits, whatever the code
            raise DeliveryError(f"{server}: {_words(error)}; it is tried again later") from error

    async def probe(self) -> str:
        server = f"{self.settings.host}:{self.settings.port}"
        try:
            async with self._connection() as smtp:
                answer = await smtp.noop()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise DeliveryError(f"{server}: {_words(error)}; correct the table [mail]") from error
        return f"{server} answers{' and takes the login' if self.settings.user else ''} ({answer.code})"

    def _connection(self) -> aiosmtplib.SMTP:
        settings = self.settings
        return aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.user,
            password=settings.password.get_secret_value() if settings.password else None,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=None if settings.security == "none" else _context(settings.authority_file),
            timeout=settings.timeout_seconds,
            local_hostname=domain(settings.sender),  # else the machine's name is looked up and told
        )

    async def _hand_over(self, smtp: aiosmtplib.SMTP, sender: str, recipient: str, raw: bytes) -> str:
        await smtp.mail(sender)
        await smtp.rcpt(recipient)
        answer = await smtp.data(raw, timeout=self.acceptance_seconds)
        return f"{answer.code} {answer.message}"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file aside and move it into place, so that nobody ever reads half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as aside:
        aside.write(content)
        aside.flush()
        os.fsync(aside.fileno())
    Path(aside.name).replace(path)


def _context(authority: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority)


def _refusal(server: str, error: aiosmtplib.SMTPResponseException) -> DeliveryError:
    words = f"{server}: {_words(error)}"
    if error.code in UNREADY:
        return DeliveryError(f"{words}; correct the table [mail], it is tried again later")
    if error.code in PERMANENT and _is_of_the_address(error):
        return AddressRefused(words)
    return DeliveryError(words, permanent=error.code in PERMANENT)


def _is_of_the_address(error: aiosmtplib.SMTPResponseException) -> bool:
    """Tell whether it is this mailbox that is refused; a server that may not relay for us refuses everybody's.

    RFC 3463: 5.1 is about addresses (of which .7 and .8 are the sender's), 5.2 about mailboxes, 5.7 about permissions.
    """
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return False
    if code := re.match(r"5\.(\d{1,3})\.(\d{1,3})\b", error.message):
        return code[1] in {"1", "2"} and code[0] not in {"5.1.7", "5.1.8"}
    return isinstance(error, aiosmtplib.SMTPRecipientRefused)


def _words(error: Exception) -> str:
    """Return what went wrong on one short line; a server's answer is no more than that."""
    if isinstance(error.__cause__, ConnectionRefusedError):
        return UNREACHED
    text = f"{error.code} {error.message}" if isinstance(error, aiosmtplib.SMTPResponseException) else str(error)
    return " ".join(text.split())[:300] or type(error).__name__
