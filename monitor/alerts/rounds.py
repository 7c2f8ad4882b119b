"""One round of looking: what is read, what is found in it, and what is told of it, kept in one write."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from monitor import log
from monitor.alerts import found
from monitor.alerts.board import silences
from monitor.alerts.channels import Channel
from monitor.alerts.decide import decide
from monitor.alerts.finding import Finding, Kind, Message, Parcel, Sought, State
from monitor.alerts.muting import SEEING, Blind
from monitor.alerts.reading import Seen, seen
from monitor.alerts.rules import HOUSE, Budget, Rule, Source
from monitor.alerts.settings import Settings
from monitor.clock import Clock
from monitor.errors import StoreError
from monitor.fetch.beside import beside
from monitor.model.brief import Stir
from monitor.model.campaign import Campaign
from monitor.model.spending import Spending
from monitor.store import alerts, runs
from monitor.store.store import Store

EXPLAINED_WITHIN = 1.0  # seconds: where much happens at once, what happened goes before why
ATTEMPTS = 5  # writes that somebody else came before

_logger = log.get("alerts")

Explain = Callable[[Campaign, datetime], Awaitable[Stir]]
"""Finds what stirs in a campaign, which tells why a number moved."""


@dataclass(frozen=True)
class Watched:
    """A campaign and every rule that holds for it."""

    campaign: Campaign
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Rounds:
    """Looks at campaigns and at the house; `explain` is asked only when there is a spike to tell of."""

    store: Store
    settings: Settings
    clock: Clock
    watched: Sequence[Watched]
    explain: Explain | None = None

    async def look(self, one: Watched) -> tuple[Message, ...]:
        """Look at a campaign and return what was told."""
        now = self.clock.now()
        read = await seen(self.store, one.campaign, one.rules, now)
        findings = await beside(_found, read, one.rules)
        sought = {(one.campaign.slug, rule.condition, None) for rule in one.rules}
        return await self._settle(one.campaign.slug, findings, sought, blind=read.blind, campaign=one.campaign)

    async def look_at_house(self, spent: Sequence[Spending]) -> tuple[Message, ...]:
        """Look at the sources of all campaigns, and at what the accounts have used."""
        now, findings, sought = self.clock.now(), [], set[Sought]()
        for one in self.watched:
            rules = [rule for rule in one.rules if isinstance(rule, Source)]
            states = await runs.states(self.store, one.campaign.slug) if rules else []
            findings += [each for rule in rules for each in found.sources(one.campaign.slug, states, rule, now)]
            sought |= {(one.campaign.slug, rule.condition, state.name) for rule in rules for state in states}
        budgets = dict.fromkeys(rule for one in self.watched for rule in one.rules if isinstance(rule, Budget))
        findings += chain.from_iterable(found.budgets(spent, rule, now) for rule in budgets)
        sought |= {(HOUSE, rule.condition, None) for rule in budgets}
        return await self._settle(HOUSE, findings, sought)

    async def end_unsought(self) -> None:
        """End what goes on in campaigns that nobody watches any more, or by no rule: it is told to nobody."""
        looked_at = {one.campaign.slug for one in self.watched if one.rules}
        looked_at |= {HOUSE} if looked_at else set()
        for scope in await alerts.scopes(self.store) - looked_at:
            await self._settle(scope, [])

    async def _settle(
        self,
        scope: str,
        findings: Sequence[Finding],
        sought: Collection[Sought] = (),
        *,
        blind: Blind = SEEING,
        campaign: Campaign | None = None,
    ) -> tuple[Message, ...]:
        """Decide what is told, and write it down together with what is remembered; again when somebody came first."""
        policy = self.settings.policy(scope)
        for _ in range(ATTEMPTS):
            now, kept = self.clock.now(), await alerts.read(self.store, scope)
            before = State.model_validate_json(kept.state) if kept.state else State()
            quiet = await silences(self.store)
            decision = decide(scope, findings, before, now, policy=policy, silences=quiet, blind=blind, sought=sought)
            if decision.state == before:
                return ()
            messages = [await self._explained(message, campaign) for message in decision.messages]
            sent = {
                one.id: one.model_dump_json()
                for message in messages
                for one in parcels(message, self.settings.channels, now)
            }
            told = [message.model_dump_json() for message in (decision.ended, *messages) if message]
            if await alerts.commit(
                self.store, scope, kept.turn, decision.state.model_dump_json(), parcels=sent, told=told
            ):
                return tuple(messages)
        return ()

    async def _explained(self, message: Message, campaign: Campaign | None) -> Message:
        """Return the message with what drove its spikes."""
        if campaign is None or self.explain is None or not any(one.kind is Kind.SPIKE for one in message.new):
            return message
        try:
            async with asyncio.timeout(EXPLAINED_WITHIN):
                stir = await self.explain(campaign, message.at)
        except TimeoutError:
            _logger.info("an alert went without its reason: it took too long", id=message.id)
            return message
        except StoreError:
            raise
        except Exception:  # the edge of a reason: what happened must not wait for why
            _logger.exception("the reason of an alert could not be found", id=message.id)
            return message
        return message.model_copy(update={"new": tuple(_driven(one, stir) for one in message.new)})


def parcels(message: Message, channels: Sequence[Channel], now: datetime) -> list[Parcel]:
    """Return what goes to each channel that wants a message, of its campaigns only; in its quiet hours it is held."""
    told = ((channel, message.about(channel.campaigns)) for channel in channels)
    return [
        Parcel(
            id=f"{message.id}.{channel.name}",
            channel=channel.name,
            messages=(own,),
            made=now,
            not_before=channel.quiet_until(now),
        )
        for channel, own in told
        if own.findings and channel.wants(own.scope, own.campaigns, own.severity)
    ]


def _found(read: Seen, rules: Sequence[Rule]) -> list[Finding]:
    return list(found.findings(read, rules))


def _driven(finding: Finding, stir: Stir) -> Finding:
    """Return a finding with the drivers of what stirs in the same hours."""
    own = finding.spike
    if own is None:
        return finding
    same = (one for one in stir.spikes if one.way is own.way and one.start < own.end and own.start < one.end)
    best = max(same, key=lambda one: (one.name == own.name, one.score), default=None)
    if best is None or own.drivers:
        return finding
    told = {"drivers": best.drivers, "sole": best.sole, "crowd": best.crowd}
    return finding.model_copy(update={"spike": own.model_copy(update=told)})
