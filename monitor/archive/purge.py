"""Removes what the time is over for; what posts are known by while they are watched is never touched.

Everything here may be broken off and run again. `dry` removes nothing and tells what would go.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping

from monitor.archive.aside import sweep
from monitor.archive.by_day import BY_DAY, Names
from monitor.archive.groups import LOOKED_AT
from monitor.archive.retention import ENDING, Purge, Settings
from monitor.store import ladder, mails
from monitor.store.redis import execute, in_words

Gone = Counter[str]
"""How many of what went."""

_DAY = 86400

_SHORTEN = """
-- KEYS: a hash of the times that were in force last, then keys that end. ARGV: which of them, seconds they are written
-- with, seconds wanted, 1 to only look. Returns how many are over.
local known = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or ARGV[2])
local wanted, over = tonumber(ARGV[3]), 0
for i = 2, #KEYS do
  local left = redis.call('TTL', KEYS[i])
  if left < 0 then left = known + 1 end
  local more = left > known and wanted or left - (known - wanted)
  if more <= 0 then over = over + 1 end
  if ARGV[4] ~= '1' and more <= 0 then redis.call('UNLINK', KEYS[i])
  elseif ARGV[4] ~= '1' and more < left then redis.call('EXPIRE', KEYS[i], more) end
end
if ARGV[4] ~= '1' and wanted < known then redis.call('HSET', KEYS[1], ARGV[1], wanted) end
return over
"""


async def purge(asked: Purge) -> Gone:
    """Remove all that is over and return how much of what that was."""
    names, gone = await _names(asked), Gone()
    for kind, ending in ENDING.items():
        if (days := getattr(asked.rules, kind)) < ending.days:
            gone[kind] += sum([await _shorten(asked, kind, days, tag, found) for tag, found in names[kind].items()])
    for kind, remove in BY_DAY.items():
        if (days := getattr(asked.rules, kind)) is not None:
            gone[kind] += await remove(asked, names[kind], asked.before(days))
    if not asked.dry:
        await sweep(asked.store)
        gone["kept mails"] += await mails.forget(asked.store, asked.now - asked.mails_for)
        await _leave_the_ladder(asked, names["ladder"])
    return +gone


_KINDS: Mapping[str, tuple[bytes, ...]] = {name: ending.kinds for name, ending in ENDING.items()} | {
    "series": (b"ts:", b"st:", b"cursor:"),
    "headlines": (b"headlines",),
    "polls": (b"poll:",),
    "runs": (b"run:", b"turns:"),
    "briefs": (b"briefs",),
    "ladder": (b"due:",),
}
"""How the names of keys that may have to go begin behind the campaign."""

_CAMPAIGN = re.compile(rb"[^{]*\{([^}]*)\}:")


@in_words
async def _names(asked: Purge) -> Mapping[str, Names]:
    """Return the keys that may have to go; the server looks through its keys, and tells no others."""
    found: dict[str, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))  # a scan may tell a name twice
    for kind in (kind for kind in _KINDS if _is_limited(asked.rules, kind)):
        for begin in _KINDS[kind]:
            pattern = f"{asked.store.keys.prefix}:{{*}}:{begin.decode()}*"
            async for name in asked.store.redis.scan_iter(match=pattern, count=LOOKED_AT):
                match = _CAMPAIGN.match(name)
                if match and name[match.end() :].startswith(begin):
                    found[kind][match[1].decode()].add(name)
    return defaultdict(dict, {kind: {of: list(some) for of, some in each.items()} for kind, each in found.items()})


def _is_limited(rules: Settings, kind: str) -> bool:
    days = getattr(rules, kind, 0)
    return days is not None and (kind not in ENDING or days < ENDING[kind].days)


@in_words
async def _shorten(asked: Purge, kind: str, days: int, campaign: str, found: list[bytes]) -> int:
    """Let keys that end by themselves end sooner."""
    store = asked.store
    terms = (kind, ENDING[kind].days * _DAY, days * _DAY, int(asked.dry))
    return int(
        await execute(store.redis, "EVAL", _SHORTEN, len(found) + 1, store.keys.shortened(campaign), *found, *terms)
    )


@in_words
async def _leave_the_ladder(asked: Purge, names: Names) -> None:
    """Forget the plain ids of posts that nobody asked for again in time."""
    for campaign, found in names.items():
        for name in found:
            source = name.decode().partition("}:due:")[2]
            await ladder.due(asked.store, campaign, source, now=int(asked.now.timestamp()), limit=0)
