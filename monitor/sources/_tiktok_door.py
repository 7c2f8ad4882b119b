"""TikTok's Research API: its token, its quotas and its errors, which come in an envelope whatever the status."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from monitor.errors import AccessRefused, RateLimited, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.client import Client
from monitor.fetch.exchange import Before
from monitor.fetch.fields import table, text
from monitor.model.account import Allowance
from monitor.sources._bearer import Bearer

PAGE_SIZE = 100
COUNTERS = "view_count,like_count,comment_count,share_count"
FIELDS = f"id,create_time,username,video_description,hashtag_names,{COUNTERS}"
_WAITS = frozenset({"rate_limit_exceeded", "daily_quota_limit_exceeded"})
_SCOPES = frozenset({"scope_not_authorized", "scope_permission_missed", "access_token_invalid"})
_PASSING = frozenset({"internal_error", "timeout"})


@dataclass(frozen=True, slots=True)
class Door:
    """Asks TikTok for one project, within what it may ask in a day."""

    client: Client
    server: str
    bearer: Bearer
    requests: Allowance
    videos: Allowance

    async def ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a question brings; failed calls use up the quota as well, so each attempt is counted."""
        account = self.client.account
        await account.take({self.videos: PAGE_SIZE})
        counted = partial(account.take, {self.requests: 1})
        answer = await self.bearer.asked(_Asking(self.client, self._url, question, counted))
        told = table(answer.json())
        error = table(told.get("error"))
        if error.get("code") != "ok":
            raise self._meant(error, answer)
        sheet = table(told.get("data"))
        if not isinstance(sheet.get("videos", []), list) or "has_more" not in sheet:
            raise UnexpectedPayload(f"{answer.place} answered with something that TikTok's documentation does not know")
        await account.give_back({self.videos: PAGE_SIZE - min(PAGE_SIZE, len(sheet.get("videos", [])))})
        return sheet

    async def is_open(self) -> bool:
        """Ask an empty question, which costs nothing and is refused as one; raises where the project may not ask."""
        answer = await self.bearer.asked(_Asking(self.client, self._url, {"query": {}}))
        error = table(table(answer.json()).get("error"))
        if text(error.get("code")) in _SCOPES:
            raise self._meant(error, answer)
        if not error:
            raise UnexpectedPayload(f"{answer.place} answered with something that TikTok's documentation does not know")
        return True

    @property
    def _url(self) -> str:
        return f"{self.server}/research/video/query/?fields={FIELDS}"

    def _meant(self, error: Mapping[str, Any], answer: Answer) -> SourceError:
        code, said = text(error.get("code"), 60), (text(error.get("message")) or "no reason given")[:160]
        if code in _WAITS:
            return RateLimited(f"TikTok's quota of today is used up ({said!r}); it is renewed at midnight UTC", 3600.0)
        if code in _SCOPES:
            return AccessRefused(f"TikTok does not let this project ask for videos ({said!r}); it has to be approved")
        if code in _PASSING or "invalid or expired" in said or "Invalid count or cursor" in said:
            return SourceUnavailable(
                f"TikTok has trouble of its own ({said!r}); the day is asked again with the next run"
            )
        if answer.status >= HTTPStatus.BAD_REQUEST and not code:
            return self.client.refusal(answer)
        return UnexpectedPayload(f"TikTok does not accept the question ({said!r}); look for a newer version")


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question that waits for its token."""

    client: Client
    url: str
    question: Mapping[str, Any]
    before: Before | None = None

    async def __call__(self, bearer: Mapping[str, str]) -> Answer:
        return await self.client.post(
            self.url,
            json=self.question,
            headers=bearer,
            accept=(400, 401, 403),
            repeat=True,
            before=self.before,
        )
