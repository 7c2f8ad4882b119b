"""`monitor poll try`: what would be read from a page, and what would be refused, before it is followed."""

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.cli.options import CONFIG, Config
from monitor.clock import System
from monitor.digest import race
from monitor.errors import MonitorError, SourceError
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.poll import Option, Tally, Votes
from monitor.model.race import Line
from monitor.settings.load import load
from monitor.sources.polls import page
from monitor.words.voice import harmless, voice

NO_ADDRESS = "https://file.invalid/poll"
"""A file has no address, and the settings want one."""

NEEDED = "say how the page is read: --campaign SLUG, or --kind, --label and --votes (html and json: --rows, too)"
ENGLISH = voice("en")


def try_(
    what: Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="A saved page, or the address of one.")],
    *,
    campaign: Annotated[
        str | None, typer.Option(metavar="CAMPAIGN", help="Read as the [polls.at] of this campaign's file says.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="json, html or csv.")] = None,
    rows: Annotated[str | None, typer.Option(metavar="SELECTOR", help="What all options have in common.")] = None,
    label: Annotated[str | None, typer.Option(metavar="SELECTOR", help="Where in a row the name stands.")] = None,
    votes: Annotated[str | None, typer.Option(metavar="SELECTOR", help="Where in a row the votes stand.")] = None,
    percent: Annotated[str | None, typer.Option(metavar="SELECTOR", help="Where in a row the percent stand.")] = None,
    total: Annotated[str | None, typer.Option(metavar="SELECTOR", help="All votes; $$ begins at the page.")] = None,
    question: Annotated[str | None, typer.Option(metavar="SELECTOR", help="Where the question stands.")] = None,
    closes_at: Annotated[str | None, typer.Option(metavar="SELECTOR", help="Where the end stands.")] = None,
    numbers: Annotated[str | None, typer.Option(metavar="LOCALE", help="auto, en, de or ar.")] = None,
    config: Config = CONFIG,
) -> None:
    """Show option by option what would be read from a page, and why something is refused. Nothing is stored.

    The options stand in place of what the campaign's file says. Ends with 1 when the page would be refused.
    """
    said = {
        "kind": kind, "rows": rows, "label": label, "votes": votes, "percent": percent, "total": total,
        "question": question, "closes_at": closes_at, "numbers": numbers,
    }  # fmt: skip
    declared = _declared(campaign, config) if campaign else {}
    settings = described(what, declared | {key: value for key, value in said.items() if value is not None})
    try:
        body, text = _shown_by(what)
        for part in tried(body, text, settings, System().now()):
            Console(highlight=False).print(part)
    except SourceError as error:
        raise MonitorError(f"It would be refused: {error}") from error


def described(what: str, said: Mapping[str, object]) -> page.Settings:
    """Return the settings that were said, or say in words what is missing."""
    url = what if _is_address(what) else NO_ADDRESS
    try:
        return page.Settings.model_validate({**said, "url": url}, strict=False)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'])) or 'settings'}: {fault['msg']}" for fault in error.errors()]
        raise MonitorError("\n".join([*faults, NEEDED])) from error


def tried(body: bytes, text: str, settings: page.Settings, now: datetime) -> Iterator[Table | Text]:
    """Yield what the selectors find and what is made of it; raises SourceError, after that, for what is refused."""
    found = page.cells(body, settings, text)
    try:
        tally = page.read(body, settings, now, text=text)
    except SourceError:
        yield _table(found, [Votes()] * len(found))
        raise
    yield _table(found, tally.votes)
    yield Text(_whole(tally))


def _table(found: list[page.Cells], read: Sequence[Votes]) -> Table:
    """Return a row for each option: as it stands there, what it is known by, and what is read."""
    table = Table("name", "is known as", "stands there", "is read as", box=None, pad_edge=False)
    for cells, votes in zip(found, read, strict=True):
        there = " ".join(harmless(one) for one in (cells.votes, cells.percent) if one is not None)
        key = Option.of(cells.label).key if cells.label else ""
        row = (
            ENGLISH.foreign(cells.label) or "no name",
            ENGLISH.foreign(key),
            ENGLISH.foreign(there),
            _read(there, votes),
        )
        table.add_row(*map(Text, row))
    return table


def _read(there: str, votes: Votes) -> str:
    line = Line(key="", label="", votes=votes.votes, low=votes.low, high=votes.high, share=votes.share)
    share = f", {ENGLISH.percent(line.share, fine=True)}" if line.share is not None else ""
    if line.low is not None:
        return f"{race.votes(line, ENGLISH)}{share}"
    if line.share is not None:
        return f"{share[2:]} of a total that is not told"
    return "not read: no number that is clear" if there else "not read: nothing stands there"


def _whole(tally: Tally) -> str:
    """Return what is read of the page as a whole."""
    total = "not told" if tally.total is None else f"{tally.total:,}"
    closes_at = "not told" if tally.closes_at is None else f"{tally.closes_at:%Y-%m-%d %H:%M} UTC"
    question = ENGLISH.foreign(tally.question) if tally.question else "not told"
    return f"question: {question}\ntotal: {total}; closes: {closes_at}; state: {tally.state}; SHA-256: {tally.digest}"


def _declared(slug: str, config: Path) -> dict[str, object]:
    """Return what a campaign's file says of its page."""
    watched = load(config, os.environ).watched(slug)
    pages = [poll.at for poll in watched.polls if isinstance(poll.at, page.Settings)]
    if not pages:
        raise MonitorError(f"no poll of {slug} stands on a page of its own; `monitor check --live` asks other places")
    return pages[0].model_dump(exclude_defaults=True)


def _shown_by(what: str) -> tuple[bytes, str]:
    """Return a page as it came, and as text."""
    if _is_address(what):
        return asyncio.run(_answer(what))
    try:
        body = Path(what).read_bytes()
    except OSError as error:
        raise MonitorError(f"{what} can not be read: {error.strerror}") from error
    return body, body.decode("utf-8-sig", "replace")


async def _answer(url: str) -> tuple[bytes, str]:
    async with http("") as pool:
        answer = await Client(pool, System(), Hosts(), tries=1).get(url, limit=page.LIMIT)
        return answer.body, answer.text()


def _is_address(what: str) -> bool:
    return what.startswith(("http://", "https://"))
