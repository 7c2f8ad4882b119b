"""What a visitor's browser sees: when the first of a page is painted, and what was fetched for it.

A part of `python -m bench.web`. The server is warm, the browser was never here: each visit has an empty cache.
"""

import shutil
import statistics
import sys

from playwright.async_api import Browser, Page, Request, async_playwright

from monitor.web.site.interactive import LIBRARY

PAGES = {"overview": "/", "campaign_30d": "/campaigns/c00?last=30d"}
NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
PAINTED = """() => new Promise(done => new PerformanceObserver(list => {
  for (const paint of list.getEntriesByName('first-contentful-paint')) done(paint.startTime);
}).observe({type: 'paint', buffered: true}))"""
STILL = 1500  # milliseconds after a page is loaded until its scripts have fetched what they want
KB = 1000.0


async def painted(url: str, visits: int) -> dict[str, float]:
    """Return the figures of each page; without a Chromium none, and say so."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        print("no Chromium here: nothing is painted and weighed (apt install chromium)", file=sys.stderr)
        return {}
    figures: dict[str, float] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=SWITCHES)
        for name, address in PAGES.items():
            await visit(browser, url + address)
            paints = sorted([await visit(browser, url + address) for _ in range(visits)])
            sent, raw = await weighed(browser, url + address)
            figures |= {f"{name}_paint_ms": statistics.median(paints), f"{name}_paint_worst_ms": paints[-1]}
            figures |= {f"{name}_sent_kb": sent, f"{name}_raw_kb": raw}
        await browser.close()
    return figures


async def opened(browser: Browser) -> Page:
    return await browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")


async def visit(browser: Browser, address: str) -> float:
    """Return after how many milliseconds something was painted."""
    page = await opened(browser)
    await page.goto(address)
    paint = float(await page.evaluate(PAINTED))
    await page.close()
    return paint


async def weighed(browser: Browser, address: str) -> tuple[float, float]:
    """Return what came over the line with its headers, and what it is unpacked, without the library of charts."""
    page, fetched = await opened(browser), list[Request]()

    def note(request: Request) -> None:
        fetched.append(request)

    page.on("requestfinished", note)
    await page.goto(address)
    await page.wait_for_timeout(STILL)
    sent = raw = 0
    for request in fetched:
        answer = await request.response()
        if answer is None or LIBRARY in request.url:
            continue
        sizes = await request.sizes()
        sent += sizes["responseBodySize"] + sizes["responseHeadersSize"]
        raw += len(await answer.body())
    await page.close()
    return sent / KB, raw / KB
