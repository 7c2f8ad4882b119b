"""The one way in: a batch becomes one script call on the server, which stores all of it or nothing, exactly once."""

import hashlib
from importlib import resources

from redis.exceptions import NoScriptError, ResponseError

from monitor.errors import StoreError
from monitor.model.sighting import Batch, Written
from monitor.store.holds import waited_for
from monitor.store.parcel import parcel
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

SCRIPT = resources.files(__package__).joinpath("ingest.lua").read_bytes()
SHA = hashlib.sha1(SCRIPT, usedforsecurity=False).hexdigest()
"""The version of the script: its SHA-1, by which Redis knows it."""

_OURS = "MONITOR "


@in_words
async def write(store: Store, batch: Batch) -> Written:
    """Store a batch; writing it again, late or out of order changes nothing more. Raises StoreError, then unwritten."""
    key, message = store.keys.of(batch.campaign), parcel(store, batch)
    try:
        new, raised, refused = await waited_for(lambda: _call(store, key, message))
    except ResponseError as error:
        if not str(error).startswith(_OURS):
            raise
        words = str(error).removeprefix(_OURS).partition(" script: ")[0]
        raise StoreError(f"nothing was stored: {words}") from error
    if refused:
        raise StoreError(f"Redis did not take every value of {batch.campaign}: {refused.decode()}")
    return Written(new=int(new), raised=int(raised))


async def _call(store: Store, key: str, message: bytes) -> tuple[int, int, bytes] | None:
    try:
        answer = await execute(store.redis, "EVALSHA", SHA, 1, key, message)
    except NoScriptError:
        answer = await execute(store.redis, "EVAL", SCRIPT, 1, key, message)
    return None if answer is None else (answer[0], answer[1], answer[2])
