"""The press in a mail: how fast it followed, Arab and Western, by outlet and language, its stories and headlines."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from monitor.digest import terms
from monitor.digest.parts import shares
from monitor.digest.section import Row, Section, web
from monitor.model.brief import Brief, Headline, Lag, Story
from monitor.model.finding import Doubt
from monitor.trends.shares import LANGUAGE, REGION
from monitor.words.voice import Voice, message

MOST_HEADLINES = 6
MOST_STORIES = 5

_BEHIND = message("{group}: {length} after the posts{range}.")
_AHEAD = message("{group}: {length} before the posts{range}.")
_TOGETHER = message("{group}: in the same hour as the posts{range}.")
DOUBTS = {
    Doubt.HOURS: message("fewer than two weeks were watched"),
    Doubt.POSTS: message("too few posts"),
    Doubt.ARTICLES: message("too few articles"),
    Doubt.CHANCE: message("no more in common than by chance"),
    Doubt.EDGE: message("perhaps days apart"),
    Doubt.WIDE: message("it may be any of many hours"),
}


def sections(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield who printed how much, then the headlines."""
    yield Section(voice.say("How the press took it up"), tuple(_followed(brief, voice)))
    yield Section(voice.say("Arab and Western press, by articles"), shares(brief.regions, terms.region, voice))
    yield Section(voice.say("Outlets, by articles"), shares(brief.outlets, _foreign, voice))
    yield Section(voice.say("Languages of the press, by articles"), shares(brief.languages, _language, voice))
    yield Section(voice.say("Stories printed most"), tuple(_story(one, voice) for one in brief.stories[:MOST_STORIES]))
    yield Section(voice.say("In the press"), tuple(_headlines(brief.headlines, voice)))


def _followed(brief: Brief, voice: Voice) -> Iterator[Row]:
    """Yield how many stories the articles tell, and how long after the posts each part of the press wrote."""
    printed = [brief.total(name) for name in ("articles", "stories", "outlets")]
    articles, stories, outlets = (terms.amount(total, voice) for total in printed)
    if all(total is not None and total.now.value for total in printed):
        yield Row(voice.say("{articles}; {stories}; {outlets}.", articles=articles, stories=stories, outlets=outlets))
    for lag in brief.lags:
        if lag.hours is not None:
            yield Row(_lag(lag, lag.hours, voice))
    unclear = [lag for lag in brief.lags if lag.reason is not None and lag.group.startswith(REGION)]
    if unclear:
        reasons = [f"{_group(lag, voice)}: {voice.say(DOUBTS[lag.reason])}" for lag in unclear if lag.reason]
        yield Row(voice.say("How long after the posts is not clear"), voice.strung(reasons))


def _lag(lag: Lag, hours: float, voice: Voice) -> str:
    """Return by how long a part of the press came after the posts, or before them."""
    sentence = _TOGETHER if not hours else _BEHIND if hours > 0 else _AHEAD
    length = voice.lasting(timedelta(hours=abs(hours)))
    return voice.say(sentence, group=_group(lag, voice), length=length, range=_range(lag, voice))


def _range(lag: Lag, voice: Voice) -> str:
    """Return the interval in words; nothing where both its ends lie in the same hour."""
    if lag.low is None or lag.high is None or lag.low == lag.high:
        return ""
    low, high = (_side(edge, voice) for edge in (lag.low, lag.high))
    return voice.say(" (in nine cases of ten from {low} to {high})", low=low, high=high)


def _side(hours: float, voice: Voice) -> str:
    """Return where one end of an interval lies."""
    length = voice.lasting(timedelta(hours=abs(hours)))
    if not hours:
        return voice.say("the same hour")
    return voice.say("{length} after", length=length) if hours > 0 else voice.say("{length} before", length=length)


def _group(lag: Lag, voice: Voice) -> str:
    if lag.group.startswith(REGION):
        return terms.region(lag.group.removeprefix(REGION), voice)
    return voice.say("Press in {language}", language=voice.language_name(lag.group.removeprefix(LANGUAGE)))


def _story(story: Story, voice: Voice) -> Row:
    articles, outlets = (
        voice.count(*terms.COUNTED[name], many)
        for name, many in (("articles", story.articles), ("outlets", len(story.outlets)))
    )
    first = voice.say("{outlet} first", outlet=voice.foreign(story.first_outlet))
    parts = [articles, outlets, first, voice.moment(story.first)]
    return Row(voice.foreign(story.title), voice.listed(parts), link=web(story.url or None))


def _foreign(name: str, voice: Voice) -> str:
    return voice.foreign(name)


def _language(code: str, voice: Voice) -> str:
    return voice.language_name(code)


def _headlines(headlines: Sequence[Headline], voice: Voice) -> Iterator[Row]:
    """Yield the first headlines; what an outlet prints twice stands once."""
    told = {(headline.title, headline.outlet): headline for headline in reversed(headlines)}
    kept = [headline for headline in headlines if told[headline.title, headline.outlet] is headline]
    for headline in kept[:MOST_HEADLINES]:
        yield _headline(headline, voice)


def _headline(headline: Headline, voice: Voice) -> Row:
    parts = [voice.foreign(headline.outlet), voice.moment(headline.at)]
    if headline.language:
        parts.insert(1, voice.language_name(headline.language))
    return Row(voice.foreign(headline.title), voice.listed(parts), link=web(headline.link))
