"""How requests come through proxies, under names and paths, asked over HTTP."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import ValidationError

from monitor.clock import Simulated
from monitor.errors import MonitorError
from monitor.model.person import Role, User
from monitor.store import people
from monitor.web.api import api
from monitor.web.approach import LARGEST, Approach
from monitor.web.desk import Desk
from monitor.web.gate import COOKIE, Gate, of_same_site
from monitor.web.problem import MEDIA_TYPE, told_as_json
from monitor.web.server import Settings, name_of
from tests.people import NOON

PROXY, STRANGER = "10.1.2.3", "192.0.2.7"
TOLD = {"x-forwarded-for": "198.51.100.4", "x-forwarded-proto": "https", "x-forwarded-host": "news.example"}
NETWORK = Settings(host="0.0.0.0", trusted_proxies=("10.0.0.0/8",))  # noqa: S104 - nothing listens


def house() -> FastAPI:
    """Pages that tell how a request came, below a mount as the API is."""
    inner, outer = FastAPI(exception_handlers={MonitorError: told_as_json}), FastAPI()

    @inner.get("/came")
    async def came(request: Request) -> list[str | None]:
        return [request.client and request.client.host, str(request.url_for("came"))]

    @inner.post("/change")
    async def change(request: Request) -> str:
        of_same_site(request)
        return "changed"

    @inner.post("/read")
    async def read(request: Request) -> int:
        return len(await request.body())

    outer.mount("/api", inner)
    return outer


@pytest.fixture
async def call() -> AsyncIterator:
    """Ask a daemon with these settings from some place."""
    opened: list[httpx.AsyncClient] = []

    def client(settings: Settings, place: str = STRANGER, name: str = "here", **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(Approach(house(), settings), client=(place, 50_000))
        opened.append(httpx.AsyncClient(transport=transport, base_url=f"http://{name}", headers=headers))
        return opened[-1]

    yield client
    for one in opened:
        await one.aclose()


async def test_a_trusted_proxy_tells_who_asks_and_under_which_name(call):
    told = (await call(NETWORK, PROXY, **TOLD).get("/api/came")).json()
    assert told == ["198.51.100.4", "https://news.example/api/came"]


async def test_a_stranger_is_not_believed(call):
    told = (await call(NETWORK, STRANGER, **TOLD).get("/api/came")).json()
    assert told == [STRANGER, "http://here/api/came"]


async def test_nobody_is_believed_while_no_proxy_is_named(call):
    told = (await call(Settings(), "127.0.0.1", "localhost", **TOLD).get("/api/came")).json()
    assert told == ["127.0.0.1", "http://localhost/api/came"]


async def test_what_a_client_wrote_before_the_proxy_is_not_who_asks(call):
    said = TOLD | {"x-forwarded-for": "127.0.0.1, 198.51.100.4"}
    assert (await call(NETWORK, PROXY, **said).get("/api/came")).json()[0] == "198.51.100.4"


@pytest.mark.parametrize("path", ["/monitor/api/came", "/api/came"])
async def test_a_proxy_may_take_the_prefix_away_or_leave_it(call, path):
    told = (await call(Settings(host="::", prefix="/monitor")).get(path)).json()
    assert told[1] == "http://here/monitor/api/came"


async def test_another_path_that_begins_like_the_prefix_is_not_it(call):
    assert (await call(Settings(host="::", prefix="/mon")).get("/monitor/api/came")).status_code == 404


async def test_a_form_is_of_the_same_site_under_the_name_that_a_trusted_proxy_tells(call):
    told = TOLD | {"origin": "https://news.example"}
    assert (await call(NETWORK, PROXY, **told).post("/api/change")).status_code == 200
    assert (await call(NETWORK, STRANGER, **told).post("/api/change")).status_code == 403


@pytest.mark.parametrize("name", ["localhost:8787", "127.0.0.1", "[::1]:8787", "LOCALHOST", "m.example.org"])
async def test_on_this_machine_alone_its_own_names_and_the_public_one_are_known(call, name):
    settings = Settings(public_url="https://m.example.org/m")
    assert (await call(settings, name=name).get("/api/came")).status_code == 200


@pytest.mark.parametrize("settings", [Settings(), Settings(host="localhost"), Settings(host="::", hosts=("m.lan",))])
async def test_a_foreign_name_is_refused_with_what_to_write(call, settings):
    refused = await call(settings, "127.0.0.1", "rebound.example").get("/api/came")
    assert (refused.status_code, refused.headers["content-type"]) == (421, MEDIA_TYPE)
    assert "add the name to hosts" in refused.json()["detail"]


async def test_on_a_network_every_name_is_answered_until_some_are_named(call):
    assert (await call(Settings(host="::"), name="box.lan").get("/api/came")).status_code == 200
    assert (await call(Settings(host="::", hosts=("box.lan",)), name="box.lan").get("/api/came")).status_code == 200


async def test_its_own_address_is_always_known(call):
    settings = Settings(host="2001:db8::5:1", hosts=("box.lan",))
    assert (await call(settings, name="[2001:db8::5:1]:8787").get("/api/came")).status_code == 200


@pytest.mark.parametrize(("size", "status"), [(LARGEST, 200), (LARGEST + 1, 413)])
async def test_a_body_that_nobody_needs_is_not_read(call, size, status):
    assert (await call(NETWORK).post("/api/read", content=b"x" * size)).status_code == status


async def test_nor_is_one_that_comes_in_many_pieces(call):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 1000 + 1):
            yield b"x" * 1000

    assert (await call(NETWORK).post("/api/read", content=pieces())).status_code == 413


@pytest.mark.parametrize(
    ("host", "name"),
    [("a.lan:80", "a.lan"), ("[::1]:80", "[::1]"), ("[::1]", "[::1]"), ("A.lan", "a.lan"), ("a.lan:", "a.lan")],
)
def test_the_name_of_a_host_has_no_port(host, name):
    assert name_of(host) == name


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("prefix", "monitor"),
        ("prefix", "/monitor/"),
        ("prefix", "//evil.example"),
        ("trusted_proxies", ("10.0.0.1/8",)),
        ("trusted_proxies", ("*",)),
        ("hosts", ("https://m.lan",)),
        ("hosts", ("m.lan:80",)),
        ("cors", ("*",)),
        ("cors", ("https://m.lan/",)),
    ],
)
def test_what_can_not_be_meant_is_refused(key, value):
    with pytest.raises(ValidationError):
        Settings.model_validate({key: value})


@pytest.mark.parametrize(
    "settings", [Settings(prefix="/m"), Settings(public_url="https://m.example"), Settings(trusted_proxies=("::1",))]
)
def test_where_others_are_sent_here_this_machine_may_be_anybody(settings):
    assert settings.is_behind_proxy


@pytest.fixture
async def program(store) -> AsyncIterator:
    """A page of another origin that asks the API of a daemon."""
    clock, opened = Simulated(NOON), []

    def client(*origins: str, behind_proxy: bool = False) -> httpx.AsyncClient:
        desk, gate = Desk(store, clock, _Nothing()), Gate(store, clock, is_behind_proxy=behind_proxy)
        transport = httpx.ASGITransport(api(desk, gate, origins), client=("127.0.0.1", 50_000))
        headers = {"origin": "https://board.example"}
        opened.append(httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers))
        return opened[-1]

    yield client
    for one in opened:
        await one.aclose()


class _Nothing:
    """A daemon that watches nothing."""

    def campaigns(self):
        return ()


async def test_pages_of_other_origins_may_not_read_answers(program):
    assert "access-control-allow-origin" not in (await program().get("/campaigns")).headers


async def test_pages_of_named_origins_may_also_read_refusals(program):
    page = program("https://board.example")
    for path in ("/campaigns", "/nowhere"):
        assert (await page.get(path)).headers["access-control-allow-origin"] == "https://board.example"
    asked = {"access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    assert (await page.options("/campaigns", headers=asked)).status_code == 200


async def test_cookies_never_cross(program, store):
    user = User(name="desk", role=Role.OPERATOR, password="-", made_at=NOON)
    await people.put_user(store, user)
    cookie, _ = await people.begin_session(store, user, NOON)
    answer = await program("https://board.example").get("/campaigns", headers={"cookie": f"{COOKIE}={cookie}"})
    assert "access-control-allow-credentials" not in answer.headers


async def test_behind_a_proxy_nobody_is_taken_for_the_user_of_this_machine(program):
    assert (await program(behind_proxy=True).get("/campaigns")).status_code == 403
