"""GDELT's door, which is crowded: asked as it wants, left alone when it says so, doubted when it is silent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx

from monitor.errors import RateLimited, SourceError, SourceUnavailable
from monitor.fetch.answer import Answer
from monitor.fetch.client import Client
from monitor.model.window import Window
from monitor.sources import _gdelt_answer as answers

REST = (300.0, 600.0, 1200.0)  # seconds of silence after being told off, again, and again within the hour
_HOUR = 3600.0
ARABIC_KEPT = timedelta(days=7)  # how long it is believed that Arabic words are found; that they are not, a day
_COMMON = "protest sourcelang:arabic"
_COMMON_ARABIC = "(احتجاجات OR مظاهرة OR سوريا)"


class Door:
    """One place that answers as GDELT does."""

    def __init__(self, client: Client, server: str) -> None:
        self._client, self._server = client, server

    async def articles(self, query: str, window: Window, most: int) -> Mapping[str, Any]:
        """Return the first articles seen in a window; raises SourceUnavailable for a silence that nothing proves."""
        told = await self._listed(query, most=most, **_span(window))
        if answers.is_empty(told) and answers.is_empty(await self._listed(_COMMON, most=1, **_span(window))):
            raise SourceUnavailable(
                "GDELT found nothing, not even a word that is in the news every day: it does not look there just now, "
                "the next run asks again"
            )
        return told

    async def timeline(self, query: str, window: Window) -> Mapping[str, Any]:
        return await self._ask(query, mode="timelinevolraw", **_span(window))

    async def finds_anything(self) -> bool:
        """Tell whether a word that is in the news every day is found."""
        return not answers.is_empty(await self._listed(_COMMON, timespan="24h", most=1))

    async def finds_arabic(self) -> bool:
        """Tell whether words in Arabic letters are found; asked once a week, or the next day when they were not."""
        known = await self._client.account.recall("arabic")
        if known is None:
            silent = answers.is_empty(await self._listed(_COMMON_ARABIC, timespan="7d", most=1))
            if silent and not await self.finds_anything():
                raise SourceUnavailable("GDELT finds no words at all just now; the next run asks again")
            known = "silent" if silent else "found"
            kept = timedelta(days=1) if silent else ARABIC_KEPT
            await self._client.account.keep("arabic", known, seconds=kept.total_seconds())
        return known == "found"

    async def _listed(self, query: str, *, most: int, **span: str) -> Mapping[str, Any]:
        return await self._ask(query, mode="artlist", sort="dateasc", maxrecords=str(most), **span)

    async def _ask(self, query: str, **params: str) -> Mapping[str, Any]:
        answer = await self._client.get(
            f"{self._server}/api/v2/doc/doc",
            params={"query": query, "format": "json", **params},
            accept=(HTTPStatus.TOO_MANY_REQUESTS,),
        )
        try:
            return answers.table_of(answer)
        except RateLimited:
            raise await self._told_off(answer) from None

    async def _told_off(self, answer: Answer) -> SourceError:
        """Leave GDELT alone, for every campaign: as long as it says, else longer each time."""
        if "retry-after" in answer.headers:
            return self._client.refusal(replace(answer, status=HTTPStatus.TOO_MANY_REQUESTS))
        times = int(await self._client.account.recall("told off") or 0)
        await self._client.account.keep("told off", str(times + 1), seconds=_HOUR)
        wait = REST[min(times, len(REST) - 1)]
        headers = httpx.Headers({"retry-after": str(wait)})
        return self._client.refusal(replace(answer, status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers))


def _span(window: Window) -> dict[str, str]:
    return {"startdatetime": window.start.strftime(answers.STAMP), "enddatetime": window.end.strftime(answers.STAMP)}
