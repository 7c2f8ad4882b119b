"""Whatever is asked of the API, it answers as it describes: some cases for every address; docs/api.md tells of more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig

from monitor.clock import Simulated
from monitor.model.person import Role, Scope, User
from monitor.store import people
from monitor.store.store import Store
from monitor.web.api import PREFIX, api
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.health import Facts
from monitor.web.metrics import Metrics
from monitor.web.pages import pages, server
from monitor.web.server import Settings, listen
from tests.digest.test_gather import NOW
from tests.web.api.test_api import Home, friday, vote  # noqa: F401 - fixtures

CASES = 2  # of each kind and address; always the same ones
CONFIG = Path(__file__).with_name("schemathesis.toml")
FEW = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
async def key(store) -> str:
    """A token where somebody may sign in: without it nothing is told."""
    await people.put_user(store, User(name="desk", role=Role.OPERATOR, password="-", made_at=NOW))
    return await people.make_token(store, "any", tuple(Scope), NOW, None)


async def _no_facts() -> Facts:
    raise AssertionError("nobody asks")


@asynccontextmanager
async def serving(store: Store) -> AsyncIterator[str]:
    """Serve the API as the daemon does, on a free port of this machine."""
    web, clock = Settings.model_construct(port=0), Simulated(NOW)
    app = pages(_no_facts, Metrics())
    app.mount(PREFIX, api(Desk(store, clock, Home()), Gate(store, clock)))
    listening, running = listen(web), server(app, web)
    answering = asyncio.create_task(running.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        running.should_exit = True
        await answering


def ask_all(address: str, key: str, mode: GenerationMode) -> int:
    """Ask every address with what its description allows, or forbids; return how often."""
    config = SchemathesisConfig.from_path(CONFIG)
    headers = {"Authorization": f"Bearer {key}"}
    schema = schemathesis.openapi.from_url(f"{address}{PREFIX}/openapi.json", config=config, headers=headers)
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @FEW
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers=headers)

        ask()
    return asked


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # the server draws its own in the loop beside
@pytest.mark.parametrize("mode", GenerationMode)
async def test_it_answers_as_it_describes(store, friday, vote, key, mode):  # noqa: F811
    async with serving(store) as address:
        assert await asyncio.to_thread(ask_all, address, key, mode) > 20
