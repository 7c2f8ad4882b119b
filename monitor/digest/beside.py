"""What stands beside our numbers and in none of them: what platforms count themselves, and what gaps hid."""

from monitor.digest import terms
from monitor.model.brief import Reported
from monitor.model.metric import Metric
from monitor.trends.loss import about
from monitor.words.voice import Voice

SITES = {"gdelt": "https://www.gdeltproject.org", "mediacloud": "https://www.mediacloud.org"}
"""Where numbers may be shown only with a link to whom they come from."""

PER = 100_000
"""An attention share is told by so many articles: of all news, a campaign is a few."""


def sentence(told: Reported, voice: Voice) -> str:
    """Return `X itself counts 12,400 posts; we read 3,100`."""
    counted = _counted(told, voice)
    if told.of is not None:
        counted = voice.say("{now} ({before})", now=counted, before=terms.question(told.of, voice))
    platform = terms.platform(told.platform, voice)
    if told.read is None:
        return voice.say("{platform} itself counts {counted}", platform=platform, counted=counted)
    read = voice.number(told.read)
    return voice.say(
        "{platform} itself counts {counted}; we read {read}", platform=platform, counted=counted, read=read
    )


def note(told: Reported, voice: Voice) -> str:
    """Return the class of the number, and for the press its share of all articles."""
    parts = [voice.say(terms.CLASSES[told.class_of])]
    if told.share is not None:
        share = voice.times(told.share * PER)
        parts.append(voice.say("{number} in {whole} of all its articles", number=share, whole=voice.number(PER)))
    return voice.listed(parts)


def missed(lost: float, voice: Voice) -> str:
    """Return about how much the gaps of a source hid, with no more digits than an estimate has."""
    return voice.say("about {number} missed in these gaps", number=voice.number(about(lost)))


def _counted(told: Reported, voice: Voice) -> str:
    if not terms.is_told(told.now):
        return voice.say("n/a")
    noun = "posts" if told.name == Metric.REPORTED_POSTS else "articles"
    number = voice.count(*terms.COUNTED[noun], told.now.value or 0)
    return voice.say("at least {number}", number=number) if told.now.partial else number
