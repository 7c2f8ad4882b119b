"""What the tests of commands share: settings of a store of one's own on the private server."""

import secrets
from pathlib import Path

import pytest

from monitor.store.embedded import Server


@pytest.fixture
def own_redis(redis_server: Server) -> str:
    """The table [redis] of a monitor.toml, with a prefix that no other test has."""
    return f'[redis]\nurl = "{redis_server.url}"\nprefix = "t{secrets.token_hex(6)}"\n'


@pytest.fixture
def rules(own_redis: str, tmp_path: Path) -> str:
    """A monitor.toml whose store is its own, and whose keys lie in the folder of the test."""
    (tmp_path / "privacy.key").write_text(secrets.token_hex(32))
    return f'{own_redis}[privacy]\nfolder = "{tmp_path}"\n'
