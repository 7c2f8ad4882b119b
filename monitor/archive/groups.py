"""Which keys belong together: those of a campaign, those that all campaigns share, and all the rest."""

import re
from typing import NamedTuple

from monitor.store import holds
from monitor.store.store import Store

LOOKED_AT = 5000
"""Keys that the server looks at in one step, some milliseconds."""

_TAG = re.compile(rb"[^{]*\{([^}]*)\}")


class Group(NamedTuple):
    """How all keys of a group begin, and the pattern that fits them and no others."""

    begin: str
    pattern: str


async def tags(store: Store) -> set[str]:
    """Return everything that has keys of its own: campaigns, `*` and `digest`."""
    scan = store.redis.scan_iter(match=f"{store.keys.prefix}:{{*", count=LOOKED_AT)
    return {match[1].decode() async for name in scan if (match := _TAG.match(name))}


async def groups(store: Store) -> list[Group]:
    """Return every group there is; each key is in one."""
    prefix = store.keys.prefix
    return [*(of(store, tag) for tag in sorted(await tags(store))), Group(f"{prefix}:", f"{prefix}:[^{{]*")]


def of(store: Store, tag: str) -> Group:
    """Return the group of a campaign."""
    literally = re.sub(r"([*?\[\]\\^-])", r"\\\1", tag)  # `*` stands for all campaigns
    return Group(store.keys.of(tag), f"{store.keys.prefix}:{{{literally}}}:*")


async def names(store: Store, group: Group) -> list[bytes]:
    """Return the names of all keys of a group, in order; those that come while the server looks may be missing."""
    scan = store.redis.scan_iter(match=group.pattern, count=LOOKED_AT)
    found = {name async for name in scan}  # a scan may tell a name twice
    return sorted(found - {holds.key(group.begin).encode()})
