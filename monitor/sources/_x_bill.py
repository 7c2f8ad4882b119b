"""What reading X costs: reserved before each call for the most it can return; what was not used is given back.

X charges for a post once a day (UTC). What was read today is remembered as short hashes: to read it again is free in
our ledger as in theirs. A call that failed is not charged; what was lost on the way is read, and counted, again.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import Field

from monitor.errors import SourceError
from monitor.fetch.client import Client
from monitor.fetch.fields import rows, table, text
from monitor.model.account import Account, Allowance, Period
from monitor.model.source import SourceSettings

WORTH = 10  # known posts
_SHORT = 5  # bytes of a hash: among 100,000 posts a day one in ten million is taken for another
_DAY = 86_400.0
_ROUNDING = 1e-6  # of sums of dollars


class Budget(SourceSettings):
    """What may be spent, and what X asks for it; the prices are those of August 2026 and change."""

    dollars_per_day: float = Field(default=5.0, ge=0.0)
    dollars_per_month: float = Field(default=100.0, ge=0.0)
    posts_per_day: int = Field(default=10_000, ge=0)
    posts_per_month: int = Field(default=3_000_000, ge=0)  # X's own cap
    again_share: float = Field(default=0.5, ge=0.0, le=1.0)  # of the day's dollars, at most, for known posts
    post_price: float = Field(default=0.005, ge=0.0)
    user_price: float = Field(default=0.010, ge=0.0)  # of an author with followers
    count_price: float = Field(default=0.005, ge=0.0)  # of a question for counts
    followers: bool = False  # ask for the authors too; whether X bills them here is not documented: we count them


@dataclass(slots=True)
class Receipt:
    """What one call returned: posts and users, by id."""

    posts: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)

    def note(self, answer: Mapping[str, Any]) -> None:
        """Note everything in an answer that is charged."""
        beside = table(answer.get("includes"))
        for kind in (answer.get("data"), beside.get("tweets"), beside.get("posts")):
            self.posts |= _ids(kind)
        self.users |= _ids(beside.get("users"))


class Bill:
    """The ledger of one key at X; `today` is the day (UTC) of the run, None before there was one."""

    def __init__(self, budget: Budget, client: Client) -> None:
        self._budget, self._client = budget, client
        self.today: date | None = None
        daily, month = budget.dollars_per_day, Period.MONTH
        self._dollars = (
            Allowance("dollars a day", daily, "dollars"),
            Allowance("dollars a month", budget.dollars_per_month, "dollars", month),
        )
        self._posts = (
            Allowance("posts a day", budget.posts_per_day, "posts"),
            Allowance("posts a month", budget.posts_per_month, "posts", month),
        )
        self._again = Allowance("dollars a day for known posts", daily * budget.again_share, "dollars")

    async def affordable(self, most: int, *, known: bool = False) -> int:
        """Return how many posts may be read now, `most` at most."""
        one = self._cost(1, self._price, known=known)
        rooms = [await self._account.left(allowance) / each for allowance, each in one.items() if each]
        return int(min([float(most), *(room + _ROUNDING for room in rooms)]))

    async def known_at_once(self, most: int) -> int | None:
        """Return how many known posts may be asked for together; None: hardly worth a call today; 0: they get none."""
        room = await self.affordable(most, known=True)
        return room if room >= WORTH else (None if self._budget.again_share else 0)

    async def unread(self, marks: Iterable[str]) -> int:
        """Return how many of these posts were not read today: they will be charged."""
        return len({_short(mark) for mark in marks} - await self._read())

    @asynccontextmanager
    async def reading(self, posts: int, *, known: bool = False) -> AsyncIterator[Receipt]:
        """Reserve so many posts, and keep of them what the receipt tells; raises RateLimited at the operator's caps."""
        reserved = self._cost(posts, posts * self._price, known=known)
        await self._account.take(reserved)
        receipt = Receipt()
        try:
            yield receipt
        finally:
            charged = await self._charged(receipt, known=known)
            rest = {allowance: max(0.0, amount - charged[allowance]) for allowance, amount in reserved.items()}
            await self._account.give_back(rest)

    @asynccontextmanager
    async def counting(self) -> AsyncIterator[None]:
        """Reserve a question for counts, which costs the same whatever the answer."""
        cost = self._cost(0, self._budget.count_price)
        await self._account.take(cost)
        try:
            yield
        except SourceError:
            await self._account.give_back(cost)
            raise

    @property
    def _account(self) -> Account:
        return self._client.account

    @property
    def _price(self) -> float:
        return self._budget.post_price + (self._budget.user_price if self._budget.followers else 0.0)

    def _cost(self, posts: int, dollars: float, *, known: bool = False) -> dict[Allowance, float]:
        again = {self._again: dollars} if known else {}
        return {**dict.fromkeys(self._dollars, dollars), **dict.fromkeys(self._posts, float(posts)), **again}

    async def _charged(self, receipt: Receipt, *, known: bool) -> dict[Allowance, float]:
        """Return what of a receipt was not charged before today, and remember it."""
        before = await self._read()
        posts, users = ({_short(mark) for mark in marks} - before for marks in (receipt.posts, receipt.users))
        if self.today and (posts or users):
            packed = base64.b64encode(b"".join(sorted(before | posts | users))).decode()
            await self._account.keep(self._note, packed, seconds=_DAY)
        dollars = len(posts) * self._budget.post_price + len(users) * self._budget.user_price
        return self._cost(len(posts), dollars, known=known)

    @property
    def _note(self) -> str:
        return f"read on {self.today}"

    async def _read(self) -> set[bytes]:
        kept = base64.b64decode(await self._account.recall(self._note) or "") if self.today else b""
        return {kept[at : at + _SHORT] for at in range(0, len(kept), _SHORT)}


def _ids(told: Any) -> set[str]:
    return {found for row in rows([told] if isinstance(told, dict) else told) if (found := text(row.get("id")))}


def _short(mark: str) -> bytes:
    return hashlib.blake2b(mark.encode(), digest_size=_SHORT).digest()
