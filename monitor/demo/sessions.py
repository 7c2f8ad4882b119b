"""The sessions of a Bluesky account in the world: two tokens, one short, one long; both say when they end."""

import base64
import binascii
import json
from typing import Any

from monitor.demo.loopback import Request

HANDLE, PASSWORD = "desk.bsky.example", "abcd-efgh-ijkl-mnop"  # of the demo's own invented account
DID = "did:plc:desk"
ACCESS, REFRESH = 2 * 3600, 90 * 86400  # seconds a token is good for


class Refused(Exception):
    """The server says no: a status, the name of the error, and its words."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message


def opened(request: Request, now: float) -> str:
    """Return a new pair of tokens, and where the account's own server is: here."""
    place = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer"}
    place["serviceEndpoint"] = f"http://{request.headers.get('host', 'localhost')}"
    return json.dumps(
        {
            "accessJwt": _token("access", now, ACCESS),
            "refreshJwt": _token("refresh", now, REFRESH),
            "handle": HANDLE,
            "did": DID,
            "active": True,
            "didDoc": {"id": DID, "service": [place]},
        }
    )


def _token(kind: str, now: float, seconds: int) -> str:
    claims = {"scope": kind, "sub": DID, "iat": int(now), "exp": int(now) + seconds}
    return ".".join((packed({"typ": kind}), packed(claims), "signed"))


def admit(request: Request, kind: str, now: float) -> None:
    """Refuse a request without a token of this kind, or with one that is over: that is a 400 here."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not token:
        raise Refused(401, "AuthMissing", "Authentication Required")
    claims = unpacked(token.split(".")[1]) if token.count(".") == 2 else {}  # noqa: PLR2004 - the parts of a token
    if claims.get("scope") != kind:
        raise Refused(400, "InvalidToken", "Bad token scope")
    if claims["exp"] <= now:
        raise Refused(400, "ExpiredToken", "Token has expired")


def unpacked(text: str) -> dict[str, Any]:
    """Return the JSON object that was packed into a word, an empty one from nonsense."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return {}
    return found if isinstance(found, dict) else {}


def packed(told: dict[str, Any]) -> str:
    """Return a JSON object as one word."""
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
