"""A small world on the stage, a clock to move, and plain httpx to ask it with: no code of the monitor in between."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx

from monitor.clock import Simulated
from monitor.demo.plan import Plan, Trouble
from monitor.demo.stage import make, stage
from monitor.demo.world import World

TINY = Plan(days=2, size=0.5)
SOUK, CITADEL = "souk.example", "citadel.example"


def troubled(*troubles: Trouble) -> Plan:
    return Plan(days=2, size=0.5, troubles=frozenset(troubles))


@cache
def made(plan: Plan) -> World:
    """Return the world of a plan, made once for all tests: to serve it changes nothing in it."""
    return make(plan)


@dataclass
class Play:
    """A world being served; `get` asks one of its servers."""

    world: World
    clock: Simulated
    urls: dict[str, str]
    http: httpx.AsyncClient

    async def get(self, server: str, path: str, params: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.get(self.urls[server] + path, params=params, headers=named)

    async def tag(
        self, name: str, server: str = SOUK, also: tuple[str, ...] = (), **params: int | str
    ) -> list[dict[str, Any]]:
        """Return one page of a tag's timeline."""
        asked = [*params.items(), *(("any[]", tag) for tag in also)]
        answer = await self.get(server, f"/api/v1/timelines/tag/{name}", asked)
        statuses: list[dict[str, Any]] = answer.json()
        return statuses


@asynccontextmanager
async def play(plan: Plan = TINY, *, hours: float | None = None) -> AsyncIterator[Play]:
    """Put a world on, `hours` after its start (its end when not told)."""
    clock = Simulated(plan.end if hours is None else plan.start + timedelta(hours=hours))
    async with stage(made(plan), clock) as on, httpx.AsyncClient(trust_env=False) as http:
        yield Play(on.world, clock, dict(on.urls), http)
