"""Where the daemon's own small web server listens; light, because every command reads these settings."""

import socket
from ipaddress import ip_address, ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from monitor.model.table import Table

PUBLIC = "write the address at which a reader finds the daemon, with https:// and no slash at its end"
PREFIX = 'write the path that a proxy puts before all others, such as "/monitor", without a slash at its end'
HOSTS = 'write names as browsers call them, without https:// and port, such as "monitor.example.org"'
ORIGINS = 'write whole origins and nothing behind them, such as "https://board.example.org"'
HERE = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""What a browser on this machine calls it."""


def checked_network(written: str) -> str:
    """Return an address or a network; a ValueError says how one is written."""
    try:
        return str(ip_network(written))
    except ValueError as error:
        raise ValueError(f'is no address or network ({error}); write "127.0.0.1" or "10.0.0.0/8"') from error


class Settings(Table):
    """The table [web]."""

    enabled: bool = True
    host: str = Field(default="127.0.0.1", min_length=1, max_length=255)  # 0.0.0.0 inside a container
    port: int = Field(default=8787, ge=1, le=65535)
    public_url: str | None = Field(  # where the world finds the page that ends mails
        default=None, max_length=200, pattern=r"^https://[^/\s?#]+(/[^\s?#]*[^/\s?#])?$", description=PUBLIC
    )
    prefix: str = Field(default="", max_length=100, pattern=r"^(/[A-Za-z0-9._~-]+)*$", description=PREFIX)
    trusted_proxies: tuple[Annotated[str, AfterValidator(checked_network)], ...] = ()  # whose X-Forwarded-* is believed
    hosts: tuple[Annotated[str, Field(pattern=r"^([\w.-]+|\[[0-9a-f:.]+\])$")], ...] = Field(
        default=(), description=HOSTS
    )
    cors: tuple[Annotated[str, Field(pattern=r"^https?://[^/\s?#*]+$")], ...] = Field(default=(), description=ORIGINS)

    @property
    def reachable_at(self) -> str | None:
        """Where the page that ends mails is found; nowhere while the server is switched off."""
        return self.public_url if self.enabled else None

    @property
    def is_behind_proxy(self) -> bool:
        """Whether others than this machine are sent here: then who asks from this machine may be anybody."""
        return bool(self.prefix or self.trusted_proxies or self.public_url)

    @property
    def names(self) -> frozenset[str] | None:
        """Under which names is answered; None: under any. At this machine alone, a foreign name is a trick."""
        if not self.hosts and not self._is_here:
            return None
        public = [urlsplit(self.public_url).netloc] if self.public_url else []
        own = f"[{self.host}]" if ":" in self.host else self.host
        return HERE | {name_of(host) for host in (*self.hosts, *public, own)}

    @property
    def _is_here(self) -> bool:
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host in HERE


def name_of(host: str) -> str:
    """Return the name in a Host header, without the port."""
    name, _, port = host.rpartition(":")
    return (name if name and (port.isdigit() or not port) and not name.endswith(":") else host).casefold()


def listen(settings: Settings) -> socket.socket:
    """Take the port, or raise OSError: another daemon on this machine may have it, and stand down later."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.create_server((settings.host, settings.port), family=family)
    # asyncio sets this only where the protocol is named; without it an answer waits 40 ms for its head to be confirmed
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
