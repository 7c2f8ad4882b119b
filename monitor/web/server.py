"""Where the daemon's own small web server listens; light, because every command reads these settings."""

import socket

from pydantic import Field

from monitor.model.table import Table


class Settings(Table):
    """The table [web]."""

    enabled: bool = True
    host: str = Field(default="127.0.0.1", min_length=1, max_length=255)  # 0.0.0.0 inside a container
    port: int = Field(default=8787, ge=1, le=65535)


def listen(settings: Settings) -> socket.socket:
    """Take the port, or raise OSError: another daemon on this machine may have it, and stand down later."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)
