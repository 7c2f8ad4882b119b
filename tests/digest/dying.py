"""A sender that kills itself (SIGKILL) at a named step; run by test_crash as a process of its own."""

import asyncio
import json
import os
import signal
import sys
from datetime import datetime
from email.message import EmailMessage
from typing import Any

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
from tests.digest.briefs import PNG, SURGE
from tests.digest.office import HOST
from tests.people import ALEPPO

STEP = sys.argv[1] if __name__ == "__main__" else ""
DESK = Recipient(address="desk@example.org", timezone="Asia/Damascus")


def die_at(step: str, wanted: str) -> None:
    if step == wanted:
        os.kill(os.getpid(), signal.SIGKILL)


class Dying(Smtp):
    """SMTP that dies before it connects, or after the server has taken the mail."""

    async def send(self, mail: EmailMessage) -> str:
        die_at("claimed", STEP)
        answer = await super().send(mail)
        die_at("accepted", STEP)
        return answer


def draw(_brief: Brief, _language: str) -> bytes:
    die_at("drawn", STEP)
    return PNG


async def gather(*_: Any) -> Brief:
    die_at("read", STEP)
    return SURGE


async def main(url: str, prefix: str, port: int, now: str) -> None:
    client = redis.connect(url)
    store = Store(client, Keys(prefix), secret=b"a secret of the tests")
    moment = datetime.fromisoformat(now)
    mail = Dying(Settings(host=HOST, port=port, security="none", timeout_seconds=10.0))
    edition = Edition(store, moment, gather, draw)
    tried = await send_due(store, [ALEPPO], Rules(recipients=(DESK,)), mail, Simulated(moment), edition=edition)
    die_at("marked", STEP)
    print(json.dumps([delivery.state for delivery in tried]))  # noqa: T201
    await client.aclose()


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[2])))
