"""What all tests share: one private real Redis per run, and a store with a key prefix of its own per test.

`pytest tests/digest tests/alerts --update` rewrites the golden mails; look at the difference before committing it.
"""

import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import structlog

from bench.lifeline import bound
from monitor.store import embedded, redis
from monitor.store.embedded import Server
from monitor.store.keys import Keys
from monitor.store.store import Store


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden mails")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a golden file beside the test, whole."""

    def compare(name: str, text: str) -> None:
        path = request.path.parent / "golden" / name
        if request.config.getoption("--update"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    with (
        tempfile.TemporaryDirectory(prefix="monitor-") as folder,
        embedded.start(Path(folder)) as server,
        bound(server),
    ):
        yield server


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """Let no test be silenced by how a command before it set the logs."""
    yield
    structlog.reset_defaults()


@pytest.fixture
async def store(redis_server: Server) -> AsyncIterator[Store]:
    client = redis.connect(redis_server.url)
    keys = Keys(f"t{secrets.token_hex(6)}")
    yield Store(client, keys, secret=b"a secret of the tests")
    if left := await client.keys(f"{keys.prefix}:*"):
        await client.unlink(*left)
    await client.aclose()
