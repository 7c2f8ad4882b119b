"""Who may look, asked over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Annotated

import httpx
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi import Depends, FastAPI

from monitor.clock import Simulated
from monitor.errors import MonitorError
from monitor.model.person import Role, Scope, User
from monitor.store import people
from monitor.web.gate import COOKIE, FORM, Gate, Who
from monitor.web.health import Facts
from monitor.web.metrics import Metrics
from monitor.web.pages import pages
from monitor.web.passwords import GUESSES_OF_A_NAME, GUESSES_THERE, hashed, neighbourhood, signed_in
from monitor.web.problem import MEDIA_TYPE, Problem, told_as_json
from tests.people import NOON

Watch = Callable[..., Awaitable[httpx.Response]]
PASSWORD = "four quite unusual words"
HASHED = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)  # is verified in no time


@pytest.fixture
def house(store) -> FastAPI:
    """Two pages: one to read, one to change something."""
    app, gate = FastAPI(exception_handlers={MonitorError: told_as_json}), Gate(store, Simulated(NOON))

    @app.get("/read")
    async def read(who: Annotated[Who, Depends(gate.needs(Scope.READ))]) -> str:
        return who.name

    @app.post("/silence")
    async def silence(who: Annotated[Who, Depends(gate.needs(Scope.SILENCE))]) -> str:
        return who.name

    return app


@pytest.fixture
async def visit(house):
    """A browser at some address, which calls the page by some name."""
    opened: list[httpx.AsyncClient] = []

    def client(place: str = "127.0.0.1", name: str = "localhost:8787", **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(house, client=(place, 50_000))
        opened.append(httpx.AsyncClient(transport=transport, base_url=f"http://{name}", headers=headers))
        return opened[-1]

    yield client
    for one in opened:
        await one.aclose()


@pytest.fixture
async def desk(store) -> AsyncIterator[User]:
    user = User(name="desk", role=Role.READER, password=HASHED, made_at=NOON)
    await people.put_user(store, user)
    return user


async def _browser(store, visit, user: User, name: str = "monitor.example"):
    cookie, session = await people.begin_session(store, user, NOON)
    browser = visit("192.0.2.7", name)
    browser.cookies.set(COOKIE, cookie)
    return browser, session.form


@pytest.mark.parametrize("name", ["localhost:8787", "127.0.0.1:8787", "[::1]:8787", "localhost"])
async def test_while_nobody_can_sign_in_the_machine_itself_sees_everything(visit, name):
    answer = await visit(name=name).get("/read")
    assert (answer.status_code, answer.json()) == (200, "this machine")


@pytest.mark.parametrize(
    ("place", "name", "headers"),
    [
        ("192.0.2.7", "localhost", {}),
        ("127.0.0.1", "rebound.example", {}),
        ("127.0.0.1", "localhost", {"x-forwarded-for": "192.0.2.7"}),
        ("127.0.0.1", "localhost", {"forwarded": "for=192.0.2.7"}),
    ],
)
async def test_and_nobody_else_sees_anything(visit, place, name, headers):
    answer = await visit(place, name, **headers).get("/read")
    assert answer.status_code == 403
    assert "monitor user add" in answer.json()["detail"]


async def test_once_somebody_can_sign_in_the_machine_itself_must_too(visit, desk):
    answer = await visit().get("/read")
    assert (answer.status_code, answer.headers["content-type"]) == (401, MEDIA_TYPE)


async def test_a_session_is_let_pass_from_anywhere(store, visit, desk):
    browser, _ = await _browser(store, visit, desk)
    assert (await browser.get("/read")).json() == "desk"


async def test_a_reader_may_not_silence(store, visit, desk):
    browser, form = await _browser(store, visit, desk)
    answer = await browser.post("/silence", data={FORM: form})
    assert (answer.status_code, "the right to silence" in answer.text) == (403, True)


async def test_an_operator_may_with_the_form_of_the_page(store, visit, desk):
    operator = desk.model_copy(update={"role": Role.OPERATOR})
    await people.put_user(store, operator)
    browser, form = await _browser(store, visit, operator)
    assert (await browser.post("/silence", data={FORM: form})).json() == "desk"
    assert (await browser.post("/silence", headers={"x-form": form})).json() == "desk"
    assert (await browser.post("/silence", data={FORM: "another"})).status_code == 403
    assert (await browser.post("/silence")).status_code == 403


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
async def test_what_another_site_sends_is_refused(visit, headers):
    answer = await visit(**headers).post("/silence")
    assert (answer.status_code, "another site" in answer.text) == (403, True)


async def test_the_page_itself_may_send(visit):
    answer = await visit(origin="http://localhost:8787").post("/silence")
    assert answer.status_code == 200


async def test_a_token_is_good_for_its_scopes_and_needs_no_form(store, visit):
    key = await people.make_token(store, "bot", (Scope.SILENCE,), NOON, None)
    program = visit("192.0.2.7", "monitor.example", authorization=f"Bearer {key}")
    assert (await program.post("/silence")).json() == "bot"
    assert (await program.get("/read")).status_code == 403


@pytest.mark.parametrize("key", ["cm_wrong", "", "x" * 5000])
async def test_a_wrong_token_says_how_to_make_one(visit, desk, key):
    answer = await visit(authorization=f"Bearer {key}").get("/read")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_token_whose_time_is_over_is_refused(store, visit):
    key = await people.make_token(store, "visit", (Scope.READ,), NOON, NOON - timedelta(seconds=1))
    assert (await visit(authorization=f"Bearer {key}").get("/read")).status_code == 401


@pytest.fixture
async def watching(store) -> Watch:
    """Asks for /metrics and /healthz from a place, also of a daemon that stands behind a proxy."""

    async def ask(
        path: str, place: str = "127.0.0.1", *, is_behind_proxy: bool = False, key: str = ""
    ) -> httpx.Response:
        gate = Gate(store, Simulated(NOON), is_behind_proxy=is_behind_proxy)
        transport = httpx.ASGITransport(pages(_unwell, Metrics(), watcher=gate.watcher), client=(place, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path, headers={"authorization": f"Bearer {key}"} if key else {})

    return ask


async def _unwell() -> Facts:
    return Facts(now=NOON, leading=True, store="nothing answers at redis:6379")


async def test_what_watches_the_daemon_on_its_machine_needs_no_token(watching, desk):
    assert (await watching("/metrics")).status_code == 200
    assert "redis:6379" in (await watching("/healthz")).text


@pytest.mark.parametrize(("place", "is_behind_proxy"), [("192.0.2.7", False), ("127.0.0.1", True)])
async def test_any_other_is_told_whether_all_is_well_and_no_more(watching, desk, place, is_behind_proxy):
    health = await watching("/healthz", place, is_behind_proxy=is_behind_proxy)
    assert (health.status_code, health.json()["reasons"]) == (503, [])
    assert (await watching("/metrics", place, is_behind_proxy=is_behind_proxy)).status_code == 401


async def test_a_token_that_may_read_watches_from_anywhere(store, watching, desk):
    key = await people.make_token(store, "prometheus", (Scope.READ,), NOON, None)
    assert (await watching("/metrics", "192.0.2.7", key=key)).status_code == 200
    assert "redis:6379" in (await watching("/healthz", "192.0.2.7", key=key)).text


async def test_the_right_password_signs_in(store):
    desk = User(name="desk", role=Role.READER, password=hashed(PASSWORD), made_at=NOON)
    await people.put_user(store, desk)
    assert await signed_in(store, "desk", PASSWORD, "192.0.2.7") == desk


@pytest.mark.parametrize(("name", "password"), [("desk", "wrong"), ("nobody", PASSWORD), ("desk", ""), ("", "")])
async def test_a_wrong_one_does_not_tell_what_was_wrong(store, desk, name, password):
    with pytest.raises(Problem, match="do not belong together"):
        await signed_in(store, name, password, "192.0.2.7")


async def test_guessing_ends_soon_even_with_the_right_password(store, desk):
    for _ in range(GUESSES_THERE):
        with pytest.raises(Problem, match="do not belong together"):
            await signed_in(store, "desk", "guess", "192.0.2.7")
    with pytest.raises(Problem, match="wait a quarter of an hour") as refused:
        await signed_in(store, "desk", PASSWORD, "192.0.2.7")
    assert refused.value.headers["retry-after"] == "900"


async def test_a_stranger_keeps_nobody_out_of_their_own_place(store, desk):
    for _ in range(GUESSES_THERE + 1):
        with pytest.raises(Problem):
            await signed_in(store, "desk", "guess", "192.0.2.66")
    assert await signed_in(store, "desk", PASSWORD, "192.0.2.7") == desk


async def test_a_stranger_with_a_whole_network_guesses_no_more_often(store, desk):
    for number in range(GUESSES_THERE):
        with pytest.raises(Problem, match="do not belong together"):
            await signed_in(store, "desk", "guess", f"2001:db8:0:7:{number:x}::1")
    with pytest.raises(Problem, match="wait a quarter of an hour"):
        await signed_in(store, "desk", PASSWORD, "2001:db8:0:7::1")
    assert await signed_in(store, "desk", PASSWORD, "2001:db8:0:8::1") == desk


@pytest.mark.parametrize(
    ("address", "place"),
    [("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:DB8:0:7::1", "2001:db8:0:7::/64"),
     ("fe80::1%eth0", "fe80::/64"), ("::1", "::/64"), ("", ""), ("a name", "a name")],
)  # fmt: skip
def test_guesses_are_counted_by_what_one_person_holds(address, place):
    assert neighbourhood(address) == place


async def test_guessing_from_many_places_ends_too(store, desk):
    for _ in range(GUESSES_OF_A_NAME):
        await people.guesses(store, "name:desk", timedelta(minutes=15))
    with pytest.raises(Problem, match="wait a quarter of an hour"):
        await signed_in(store, "desk", PASSWORD, "192.0.2.7")


async def test_who_gets_it_right_begins_anew(store, desk):
    for _ in range(2 * GUESSES_THERE):
        await signed_in(store, "desk", PASSWORD, "192.0.2.7")


@pytest.mark.parametrize("password", ["", "short", "x" * 1001])
def test_a_password_that_can_be_guessed_is_refused(password):
    with pytest.raises(MonitorError, match="12 characters or more"):
        hashed(password)


def test_a_hash_is_argon2id_and_never_twice_the_same():
    once, again = hashed(PASSWORD), hashed(PASSWORD)
    assert once.startswith("$argon2id$")
    assert once != again
