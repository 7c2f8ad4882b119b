"""Whether few wrote most of it, and whether many posts say the same, in words: signals, not verdicts."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.digest import terms
from monitor.digest.section import Row, Section
from monitor.model.brief import Brief
from monitor.model.finding import Concentration
from monitor.words.voice import Voice, plural

_LOUDEST = plural("The most active one in a hundred ({n} author)", "The most active one in a hundred ({n} authors)")
_SAME = plural("the same words stand in {n} post", "the same words stand in {n} posts")


def sections(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield what is known of it, with what it may mean."""
    told = brief.concentration
    lines = [] if told is None else [line for line in (_loud(told, voice), _alike(told, voice)) if line]
    if told is not None and lines:
        lines.append(_caution(told, brief.zone, voice))
    yield Section(voice.say("How concentrated it is"), tuple(map(Row, lines)))


def _loud(told: Concentration, voice: Voice) -> str:
    """Return what the most active wrote; empty where nobody can say."""
    if told.top_share is None:
        return ""
    return voice.say(
        "{loudest} wrote {percent} of {posts}.",
        loudest=voice.count(*_LOUDEST, told.top),
        percent=voice.percent(told.top_share),
        posts=voice.count(*terms.COUNTED["posts"], told.posts),
    )


def _alike(told: Concentration, voice: Voice) -> str:
    """Return how many posts have the words of others; empty where nobody can say."""
    if told.alike_share is None:
        return ""
    values = {"posts": voice.count(*terms.COUNTED["posts"], told.texts)}
    if told.largest is None:
        return voice.say("Of {posts} with enough words, no three say the same.", **values)
    values |= {"percent": voice.percent(told.alike_share), "largest": voice.count(*_SAME, told.largest)}
    return voice.say("Of {posts} with enough words, {percent} say what others say, too; at most, {largest}.", **values)


def _caution(told: Concentration, zone: str, voice: Voice) -> str:
    """Return by which days it was counted, and that it judges nobody."""
    first, last = (voice.day(moment, zone) for moment in (told.start, told.end - timedelta(seconds=1)))
    days = first if first == last else voice.say("{first} to {last}", first=first, last=last)
    return voice.say(
        "These are signals, not verdicts: newsrooms and people who pray or call for help repeat themselves, too. "
        "Counted by whole days: {days}.",
        days=days,
    )
