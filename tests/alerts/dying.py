"""A sender that kills itself (SIGKILL) at a named step; run by test_crash as a process of its own."""

import asyncio
import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

import httpx

from monitor.alerts.channels import Channel
from monitor.alerts.dispatch import deliver
from monitor.alerts.doors import Doors
from monitor.alerts.finding import Message, Parcel
from monitor.clock import Simulated
from monitor.digest.mail import Outbox
from monitor.store import redis
from monitor.store.keys import Keys
from monitor.store.store import Store
from tests.alerts.cases import channel
from tests.alerts.street import rounds
from tests.alerts.test_rounds import MANY

STEP = sys.argv[1] if __name__ == "__main__" else ""


def die_at(step: str) -> None:
    if step == STEP:
        os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, prefix: str, hook: str, now: str) -> None:
    client, moment = redis.connect(url), datetime.fromisoformat(now)
    store, way = Store(client, Keys(prefix), secret=b"a secret of the tests"), channel("hook", hook)
    looking = rounds(store, MANY, now=moment, channels=[way])
    die_at("before")
    told: tuple[Message, ...] = await looking.look(looking.watched[0])
    die_at("decided")
    async with httpx.AsyncClient() as http:
        doors = Doors(http, Outbox(Path(), "m@example.org"), Simulated(moment))

        async def send(one: Channel, parcel: Parcel) -> str:
            die_at("claimed")
            answer = await doors.send(one, parcel)
            die_at("accepted")
            return answer

        await deliver(store, way, send, Simulated(moment))
    die_at("marked")
    print(len(told))  # noqa: T201
    await client.aclose()


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[2])))
