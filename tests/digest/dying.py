"""Senders that kill themselves (SIGKILL), each one line of the sending code later; run by test_crash as a process.

It prints how many lines there are. A process that is forked off runs up to its line and is gone: no `finally`, no
flush, no farewell to the mail server or to Redis.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import aiosmtplib

from monitor import log
from monitor.clock import Simulated
from monitor.digest.daily import send_due
from monitor.digest.edition import Edition
from monitor.digest.mail import Settings, Smtp
from monitor.digest.recipient import Recipient
from monitor.digest.recipient import Settings as Rules
from monitor.model.brief import Brief
from monitor.store import redis
from monitor.store.keys import Keys
from monitor.store.store import Store
from monitor.words.voice import Voice
from tests.digest.briefs import PNG, SURGE
from tests.digest.office import HOST
from tests.people import ALEPPO

ROOM = Path(__file__).parents[2] / "monitor"
WATCHED = {
    *(str(ROOM / "digest" / name) for name in ("daily.py", "due.py", "mail.py", "leaving.py")),
    *(str(ROOM / "store" / name) for name in ("ledger.py", "readers.py")),
    *(str(Path(aiosmtplib.__file__).parent / name) for name in ("smtp.py", "protocol.py", "esmtp.py")),
}


@dataclass
class Step:
    """Counts the lines that are run, and dies at one of them; at 0 it only counts."""

    fatal: int
    passed: int = 0

    def __call__(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            self.passed += 1
            if self.passed == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def draw(_brief: Brief, _voice: Voice) -> bytes:
    return PNG


async def gather(*_: Any) -> Brief:
    return SURGE


def named(reader: str) -> Recipient:
    return Recipient(address=f"{reader}@example.org", timezone="Asia/Damascus")


async def written(now: datetime) -> Edition:
    """Return the mails of the morning, written once for all senders: that takes longer than to send one."""
    edition = Edition(Store(redis.connect("unix:///none"), Keys("none"), b""), now, gather, draw)
    await edition.content([ALEPPO], now.date() - timedelta(days=1), named("desk").voice)
    return edition


async def send(edition: Edition, url: str, prefix: str, port: int, reader: str) -> None:
    client = redis.connect(url)
    store, clock = Store(client, Keys(prefix), secret=b"a secret of the tests"), Simulated(edition.now)
    mail = Smtp(Settings(host=HOST, port=port, security="none", timeout_seconds=10.0))
    own = replace(edition, store=store)
    await send_due(store, [ALEPPO], Rules(recipients=(named(reader),)), mail, clock, edition=own)
    await client.aclose()


def begin(step: Step, edition: Edition, facts: dict[str, Any]) -> None:
    """Send as a daemon does, watched line by line; the loop's own start is not counted."""
    with asyncio.Runner() as runner:
        runner.get_loop()
        sys.settrace(step)
        runner.run(send(edition, **facts))
        sys.settrace(None)


def forked(fatal: int, edition: Edition, facts: dict[str, Any]) -> int:
    """Run a sender that dies at a line, and return its exit code: 0 if it came to its end before that line."""
    child = os.fork()
    if not child:
        begin(Step(fatal), edition, facts)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(now: str, stride: int, **facts: Any) -> None:
    log.configure(level="ERROR")
    edition, counted = asyncio.run(written(datetime.fromisoformat(now))), Step(0)
    begin(counted, edition, {**facts, "reader": "desk"})
    for fatal in range(1, counted.passed, stride):
        reader = f"reader{fatal}"
        died = forked(fatal, edition, {**facts, "reader": reader})
        sys.stdout.write(f"{reader} {died}\n")


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
