import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from monitor.demo.loopback import Server
from monitor.store import embedded
from tests.daemon.machine import Machine
from tests.daemon.town import Town


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
async def server(town: Town) -> AsyncIterator[str]:
    async with Server(town) as running:
        yield running.url


@pytest.fixture
def house(tmp_path: Path, redis_server: embedded.Server) -> Machine:
    """A machine whose daemons live in this process, on the Redis of all tests."""
    return Machine(tmp_path, redis=f'url = "{redis_server.url}"', lease=1.0)


@pytest.fixture
def machine() -> Iterator[Machine]:
    home = Path(tempfile.mkdtemp(prefix="machine-"))
    yield Machine(home, lease=1.0)
    if (
        home / "redis"
    ).exists():  # a daemon that was killed leaves its Redis running: join it, and be the last to leave
        embedded.start(home / "redis").stop()
    shutil.rmtree(home)
