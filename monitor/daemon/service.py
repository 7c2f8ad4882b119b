"""Keeping it all running: lease, jobs, files, web server and signals, each in a loop of its own."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor import app, log
from monitor.app import Monitor
from monitor.collect.lease import Lease
from monitor.collect.schedule import Schedule
from monitor.daemon.alarm import HAND_OVER_EVERY, LOOK_EVERY
from monitor.daemon.duties import Duties
from monitor.daemon.front import answer, keep_settled, measure_lag, settle
from monitor.daemon.home import served
from monitor.daemon.orders import Life, Orders
from monitor.daemon.watch import EVERY, Watch
from monitor.errors import StoreError
from monitor.settings.load import load
from monitor.settings.schema import Settings
from monitor.store.embedded import GivenUp
from monitor.store.embedded import Server as Private
from monitor.store.redis import problems, warnings
from monitor.store.store import Store
from monitor.web.health import Facts
from monitor.web.metrics import Metrics

GRACE = 2.0  # seconds that runs in hand have to end when the daemon stops; the whole stop may take five
NAMES_EVERY = 20.0  # seconds until a name is watched that another program confirmed; it costs three reads a poll
ANSWER_WITHIN = 2.0  # seconds: a store that is slower is called unwell

_logger = log.get("daemon")


async def run(folder: Path, env: Mapping[str, str]) -> None:
    """Be the daemon until SIGTERM or SIGINT; raises what keeps it from starting."""
    watch, orders = Watch(folder, env, load(folder, env)), Orders()
    _speak(watch.settings)
    with orders.heard(), suppress(GivenUp):
        _logger.info("opening the store")
        async with app.started(watch.settings, orders.stop.is_set) as private, AsyncExitStack() as stack:
            connecting = stack.enter_async_context(app.connected(watch.settings, private))
            store = await Life(orders).finish(connecting)
            if store is not None:
                for sentence in await Life(orders).finish(warnings(store.redis)) or ():
                    _logger.warning("redis", problem=sentence)
                await live(watch, orders, store, private)
    _logger.info("stopped")


async def live(watch: Watch, orders: Orders, store: Store, private: Private | None = None) -> None:
    """Live one life after the other, each with the settings then in force, until told to stop."""
    metrics = Metrics()
    while not orders.stop.is_set():
        _speak(watch.settings)
        async with app.built(watch.settings, store) as monitor:
            await Daemon(replace(monitor, server=private), watch, orders, metrics).serve()


def _speak(settings: Settings) -> None:
    rules = settings.monitor.log
    log.configure(level=rules.level, as_json=rules.json_lines)


class Daemon:
    """One life of the daemon: it ends when it is told to stop, or when other settings than campaigns change."""

    def __init__(self, monitor: Monitor, watch: Watch, orders: Orders, metrics: Metrics) -> None:
        self._monitor, self._watch, self._orders, self._metrics = monitor, watch, orders, metrics
        rules = monitor.settings.monitor.collect
        self._lease = Lease(monitor.store, rules.lease_seconds)
        self._schedule = Schedule(at_once=rules.at_once, misfire=timedelta(seconds=rules.misfire_seconds))
        self._duties = Duties(monitor, metrics)
        self._leading = False
        self._life = Life(orders)
        self._changing = asyncio.Lock()

    async def serve(self) -> None:
        """Run all loops until the end; when one breaks, all end and the error is raised."""
        settle()
        self._schedule.start()
        _logger.info("started", who=self._lease.who, sources=len(self._monitor.collectors))
        web = self._monitor.settings.monitor.web
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._lead())
            loops.create_task(self._follow_files())
            loops.create_task(self._follow_names())
            loops.create_task(self._watch_rules())
            loops.create_task(self._hand_over_alerts())
            loops.create_task(answer(self._life, web, served(lambda: self._duties.monitor, self._facts, self._metrics)))
            loops.create_task(measure_lag(self._life, self._metrics))
            loops.create_task(keep_settled(self._life))

    async def _lead(self) -> None:
        try:
            while True:
                await self._life.finish(self._renew())
                if not self._lease.answered:
                    await self._revive()
                if not await self._life.pause(self._lease.pause):
                    return
        finally:
            grace = GRACE if self._lease.answered else 0.0
            await asyncio.gather(self._schedule.stop(grace=grace), self._duties.rest(grace=grace))
            await self._lease.release()

    async def _renew(self) -> None:
        before, held = self._lease.held, await self._lease.renew()
        if before is None and held is False and not self._leading:
            _logger.info("standing by: another daemon collects here")
        await self._collect_or_stand_by(collect=bool(held))

    async def _collect_or_stand_by(self, *, collect: bool) -> None:
        async with self._changing:
            if collect == self._leading:
                return
            if collect:
                try:
                    jobs = await self._duties.begin()
                    await self._duties.listen()
                    self._schedule.become(jobs)
                except StoreError as error:
                    _logger.warning("cannot begin to collect", problem=str(error))
                    return
            else:
                await asyncio.gather(self._schedule.clear(grace=0.0), self._duties.rest(grace=0.0))
            self._leading = collect
            self._metrics.led(collect)
            _logger.info("collecting" if collect else "standing by")

    async def _revive(self) -> None:
        """Start the private Redis again if it is gone."""
        private = self._monitor.server
        if private is None:
            return
        before = private.pid
        try:
            await asyncio.to_thread(private.revive, self._orders.stop.is_set)
        except GivenUp:
            return  # told to stop meanwhile
        except StoreError as error:
            _logger.warning("the private Redis does not start", problem=str(error))
        if private.pid != before:
            _logger.warning("the private Redis was gone and is started again")

    async def _follow_files(self) -> None:
        while await self._life.pause(EVERY, self._orders.reread):
            told = self._orders.reread.is_set()
            self._orders.reread.clear()
            if not self._watch.look(at_once=told):
                continue
            if self._watch.settings.monitor != self._monitor.settings.monitor:
                self._life.end()  # a new life begins with them
                return
            await self._life.finish(self._change())

    async def _follow_names(self) -> None:
        """Watch what people vote on, and what they chose, when it changes; also when another program said so."""
        while await self._life.pause(NAMES_EVERY, self._duties.looked):
            self._duties.looked.clear()
            settings = await self._life.finish(self._watched()) if self._leading else None
            if settings is not None and settings != self._monitor.settings:
                _logger.info("other names are watched")
                await self._life.finish(self._change())

    async def _watch_rules(self) -> None:
        """Look at what stirred as soon as it did, and at everything every so often."""
        while await self._life.pause(LOOK_EVERY, self._duties.alarm.stirred):
            if self._leading:
                await self._life.finish(self._duties.alarm.look())

    async def _hand_over_alerts(self) -> None:
        """Hand over what is to be told, and try again what was not taken."""
        while await self._life.pause(HAND_OVER_EVERY, self._duties.alarm.filled):
            if self._leading:
                await self._life.finish(self._duties.alarm.hand_over())

    async def _watched(self) -> Settings | None:
        return await app.watched(self._watch.settings, self._monitor.store, self._monitor.clock.now())

    async def _change(self) -> None:
        async with self._changing:
            self._monitor = self._monitor.rebuilt(await self._watched() or self._watch.settings)
            try:
                jobs = await self._duties.change(self._monitor)
            except StoreError as error:
                _logger.warning("the store does not know the new settings yet", problem=str(error))
                self._leading = False  # the next renewal of the lease begins anew, with them
            else:
                if self._leading:
                    await self._duties.listen()
                    self._schedule.become(jobs)

    async def _facts(self) -> Facts:
        notes = [self._watch.problem] if self._watch.problem else []
        return Facts(
            now=self._monitor.clock.now(),
            store=await self._what_ails_the_store(),
            leading=self._leading or (None if self._lease.held else self._lease.held),
            sources=self._duties.dues() if self._leading else (),
            notes=(*notes, *(self._duties.notes() if self._leading else ())),
        )

    async def _what_ails_the_store(self) -> str | None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                found = await problems(self._monitor.store.redis)
        except TimeoutError:
            return f"no answer within {ANSWER_WITHIN:g} seconds"
        return "; ".join(found) or None
