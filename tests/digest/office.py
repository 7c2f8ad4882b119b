"""A real mail server on loopback that answers as it is told, with certificates of an authority of its own."""

# ruff: noqa: ARG002 - the arguments of hooks are those of aiosmtpd

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HOST = "localhost"
USER, PASSWORD = "monitor", "a good password"
AUTHORITY = trustme.CA()
STRANGER = trustme.CA()


@dataclass
class Office:
    """What the server took, and what it will say: `rcpt` and `data` answers in turn, then always 250."""

    rcpt: Iterator[str] = field(default_factory=lambda: iter(()))
    data: Iterator[str] = field(default_factory=lambda: iter(()))
    holds_back: float = 0.0  # seconds between the last byte and the answer
    hangs_up: bool = False  # close the line right after accepting
    lost: Iterator[bool] = field(default_factory=lambda: iter(()))  # break the line before the answer, in turn
    taken: list[EmailMessage] = field(default_factory=list)
    senders: list[str | None] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = next(self.rcpt, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.holds_back)
        answer = next(self.data, "250 taken")
        if answer.startswith("250"):
            self.senders.append(envelope.mail_from)
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        if next(self.lost, False):
            server.transport.abort()
        elif self.hangs_up:
            server.transport.write(answer.encode() + b"\r\n")
            server.transport.close()
        return answer

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, facts: Any) -> AuthResult:
        self.logins.append(facts.login)
        is_right = (facts.login, facts.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)


@asynccontextmanager
async def opened(office: Office, security: str = "none", authority: trustme.CA = AUTHORITY) -> AsyncIterator[Office]:
    """Serve on a free port of loopback with `security` starttls, tls or none."""
    context = _context(authority)
    options: dict[str, Any] = {"hostname": "office.example", "ident": "office"}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if security != "none":
        options |= {"authenticator": office.login, "auth_required": True, "auth_require_tls": security == "starttls"}
    loop = asyncio.get_running_loop()

    def serve() -> SMTP:
        with warnings.catch_warnings():  # of a login without STARTTLS, where all is TLS already
            warnings.simplefilter("ignore")
            return SMTP(office, loop=loop, **options)

    server = await loop.create_server(serve, HOST, 0, family=2, ssl=context if security == "tls" else None)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def talking(*lines: bytes, close: bool = True) -> AsyncIterator[int]:
    """Serve something that is no mail server: it says `lines`, then closes or says nothing more; yield its port."""
    over = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.writelines(lines)
        if not close:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(talk, HOST, 0, family=2)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()
        await server.wait_closed()


def authority_file(folder: Path) -> Path:
    path = folder / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    return path


def _context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    return context
