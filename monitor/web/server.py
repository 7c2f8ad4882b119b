"""Where the daemon's own small web server listens; light, because every command reads these settings."""

import socket

from pydantic import Field

from monitor.model.table import Table

PUBLIC = "write the address at which a reader finds the daemon, with https:// and no slash at its end"


class Settings(Table):
    """The table [web]."""

    enabled: bool = True
    host: str = Field(default="127.0.0.1", min_length=1, max_length=255)  # 0.0.0.0 inside a container
    port: int = Field(default=8787, ge=1, le=65535)
    public_url: str | None = Field(  # where the world finds the page that ends mails
        default=None, max_length=200, pattern=r"^https://[^/\s?#]+(/[^\s?#]*[^/\s?#])?$", description=PUBLIC
    )

    @property
    def reachable_at(self) -> str | None:
        """Where the page that ends mails is found; nowhere while the server is switched off."""
        return self.public_url if self.enabled else None


def listen(settings: Settings) -> socket.socket:
    """Take the port, or raise OSError: another daemon on this machine may have it, and stand down later."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)
