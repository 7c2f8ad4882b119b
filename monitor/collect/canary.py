"""Whether silence may be believed: a source that brings nothing must have shown within the hour that it could.

Its canary shows it for all its walks, what a walk brings for those of the same way only.
"""

from datetime import timedelta

from monitor.model.account import Account
from monitor.model.source import Source

PROVES = timedelta(hours=1)
"""How long a canary's answer stands, and what the source brought by itself; so none is asked more often than that."""

_SINGS, _MUTE = "sings", "mute"


class Canary:
    """The canary of one source in one run: asked when it is needed, and once at most."""

    def __init__(self, source: Source, account: Account) -> None:
        self.is_mute = False
        """It brought nothing, so silence is blindness."""
        self._source, self._account = source, account
        self._note = f"canary/{source.name}"
        self._heard: dict[str, bool] = {}  # by way, as earlier runs left it
        self._believes: bool | None = None

    async def believes(self, way: str) -> bool:
        """Tell whether silence of a way may be believed; raises SourceError, once, when the canary can not be asked."""
        if way not in self._heard:
            self._heard[way] = await self._account.recall(self._proof(way)) is not None
        if not self._heard[way] and self._believes is None:
            self._believes = False  # also for the rest of a run whose canary could not be asked
            self._believes = await self._is_answered()
        return self._heard[way] or bool(self._believes)

    async def heard(self, way: str) -> None:
        """Remember that a walk of this way brought something: for its like, that proves as much as a canary."""
        await self._account.keep(self._proof(way), _SINGS, seconds=PROVES.total_seconds())

    def _proof(self, way: str) -> str:
        return f"heard/{self._source.name}/{way}"

    async def _is_answered(self) -> bool:
        known = await self._account.recall(self._note)
        if known is None:
            answer = await self._source.canary()
            if answer is None:
                return True
            known = _SINGS if answer else _MUTE
            await self._account.keep(self._note, known, seconds=PROVES.total_seconds())
        self.is_mute = known == _MUTE
        return not self.is_mute
