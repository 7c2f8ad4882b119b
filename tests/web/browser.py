"""Debian's Chromium in front of the real pages: what it is asked to open, what it complains of, what axe finds."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright

from monitor.clock import Clock
from monitor.store.store import Store
from monitor.web.api import PREFIX, api
from monitor.web.desk import Desk, House
from monitor.web.gate import Gate
from monitor.web.pages import server
from monitor.web.pulse import Pace, Pulse
from monitor.web.server import Settings, listen
from monitor.web.site import site

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
LOCALES = {"en": "en-GB", "ar": "ar-SY"}
SOON = Pace(look=0.05, rest=0, short_rest=0)
GRAVE = frozenset({"serious", "critical"})


def chromium() -> str:
    """Return where Chromium is; without one the test is skipped, and where everything must be tested it fails."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium: install it with `apt install chromium`")
    return str(found)


@asynccontextmanager
async def opened() -> AsyncIterator[Browser]:
    """Start a browser without a window, and end it."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        await browser.close()


@asynccontextmanager
async def serving(store: Store, clock: Clock, house: House, settings: Settings | None = None) -> AsyncIterator[str]:
    """Serve pages and API over a store on a free port of this machine; yield the address."""
    app, desk, gate = FastAPI(openapi_url=None), Desk(store, clock, house), Gate(store, clock)
    app.mount(PREFIX, api(desk, gate))
    app.mount("/", site(desk, gate, Pulse(desk, SOON)))
    settings = settings or Settings.model_construct(port=0)
    listening = listen(settings)
    running = server(app, settings)
    serve = asyncio.create_task(running.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}{settings.prefix}"
    running.should_exit = True
    await serve


class Look:
    """Opens pages as visitors do; `complaints` is what the console said in red."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self._address = browser, address
        self._pages: list[Page] = []
        self.complaints: list[str] = []

    async def __call__(
        self, path: str, *, language: str = "en", width: int = 1280, dark: bool = False, scripts: bool = True
    ) -> Page:
        """Return a page that was opened in a window of its own, by somebody who was never here."""
        page = await self._browser.new_page(
            viewport={"width": width, "height": 800},
            locale=LOCALES[language],
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        page.set_default_timeout(30_000)
        page.on("console", lambda told: self._heard(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self._heard(str(error)))
        self._pages.append(page)
        await page.goto(self._address + path)
        return page

    async def close(self) -> None:
        """Close every window."""
        for page in self._pages:
            await page.close()

    def _heard(self, complaint: str) -> None:
        self.complaints.append(complaint)


async def grave(page: Page) -> Sequence[str]:
    """Return what axe finds on a page that keeps people out: each with the first place where it is."""
    found = (await Axe().run(page)).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in GRAVE]


async def is_wider_than_its_window(page: Page) -> bool:
    """Tell whether a page must be scrolled sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
