"""Reddit's Data API: an approved app, its token, and listings of posts."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import Field, SecretStr

from monitor.errors import AccessRefused, Reason, UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.client import Client
from monitor.fetch.fields import rows, table, text
from monitor.model.table import Table
from monitor.sources._bearer import Bearer

SPACING = 0.7  # seconds: 100 calls a minute and app, averaged over ten minutes
TERMS = (
    "Reddit gives keys only to apps it has approved, forbids commercial use without a contract, and wants what was "
    "deleted there to be deleted here; the monitor keeps counts, no texts and no names."
)


class App(Table):
    """Who asks: Reddit wants to know the app and the person in charge."""

    app_id: str = Field(pattern=r"^[\w\-]{5,60}$", description="write the id of your app, as Reddit shows it")
    app_secret: SecretStr
    app_secret_file: Path | None = None
    user: str = Field(pattern=r"^[\w\-]{3,20}$", description="write the Reddit name of whoever answers for the app")
    server: str = Field(default="https://oauth.reddit.com", pattern=r"^https?://[^/\s]+$")
    login: str = Field(default="https://www.reddit.com", pattern=r"^https?://[^/\s]+$")


@dataclass(frozen=True, slots=True)
class Listing:
    """The posts of one answer, and where the next begins."""

    rows: Sequence[Mapping[str, Any]]
    after: str | None

    @classmethod
    def of(cls, answer: Answer) -> "Listing":
        told = table(table(answer.json()).get("data"))
        if not isinstance(told.get("children"), list):
            raise UnexpectedPayload(f"{answer.place} answered with no listing of posts; try again later")
        children = [table(row.get("data")) for row in rows(told["children"]) if row.get("kind") == "t3"]
        return cls(children, text(told.get("after"), 100))


class Door:
    """Asks Reddit as one app."""

    def __init__(self, app: App, client: Client) -> None:
        self._app, self._client = app, client
        basic = base64.b64encode(f"{app.app_id}:{app.app_secret.get_secret_value()}".encode()).decode()
        self._agent = {"User-Agent": f"python:{app.app_id}:campaign-monitor (by /u/{app.user})"}
        login = {"Authorization": f"Basic {basic}", **self._agent}
        self._bearer = Bearer(client, f"{app.login}/api/v1/access_token", {"grant_type": "client_credentials"}, login)

    async def listing(self, path: str, params: Mapping[str, str]) -> Listing:
        """Return the posts at a path; AccessRefused where Reddit knows no such place."""
        url, query = self._app.server + path, {**params, "raw_json": "1"}
        answer = await self._bearer.asked(
            lambda bearer: self._client.get(
                url, params=query, headers={**bearer, **self._agent}, accept=(401,), follow=False
            )
        )
        if httpx.codes.is_redirect(answer.status):
            raise AccessRefused(
                f"Reddit knows no place {path.partition('/search')[0]}; check the names of subreddits",
                reason=Reason.GONE,
            )
        return Listing.of(answer)
