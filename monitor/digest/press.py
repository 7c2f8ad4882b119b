"""The press in a mail: Arab and Western, by outlet and language, and the headlines."""

from collections.abc import Iterator, Sequence

from monitor.digest import terms
from monitor.digest.parts import shares
from monitor.digest.section import Row, Section, web
from monitor.model.brief import Brief, Headline
from monitor.words.voice import Voice

MOST_HEADLINES = 6


def sections(brief: Brief, voice: Voice) -> Iterator[Section]:
    """Yield who printed how much, then the headlines."""
    yield Section(voice.say("Arab and Western press, by articles"), shares(brief.regions, terms.region, voice))
    yield Section(voice.say("Outlets, by articles"), shares(brief.outlets, _foreign, voice))
    yield Section(voice.say("Languages of the press, by articles"), shares(brief.languages, _language, voice))
    yield Section(voice.say("In the press"), tuple(_headlines(brief.headlines, voice)))


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
