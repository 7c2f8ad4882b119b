"""What an alert says: one sentence for each thing, what happened against what and why, in the channel's language."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from monitor.alerts.finding import Finding, Kind, Message
from monitor.alerts.rules import HOUSE
from monitor.model.campaign import Campaign
from monitor.model.finding import Spike
from monitor.model.race import Cycle, Event
from monitor.words.reasons import REASONS
from monitor.words.voice import LARGEST, RIGHT_TO_LEFT_MARK, Voice, message, plural

LONGEST_TITLE = 160  # characters; a phone shows fewer

AMOUNTS = {
    "posts": plural("{n} post", "{n} posts"),
    "impressions": plural("{n} impression", "{n} impressions"),
    "articles": plural("{n} article", "{n} articles"),
}
_SPIKE = message("{what} since {moment}, {times} ({usual}).")
_NEW_SPIKE = message("{what} since {moment}, where hardly any are usual.")
_DROP = message("Only {what} since {moment}, where {usual} are usual.")
_NOTHING = message("Nothing came since {moment}, where {usual} are usual.")
_ABOVE = message("{what} within {length}: the limit of {limit} is reached.")
_BELOW = message("Only {what} in the last {hours}: the limit is {limit}.")
_FIRST = {
    "any": message("The first article of all: {outlet} printed “{title}” ({moment})."),
    "arab": message("The first article of the Arab press: {outlet} printed “{title}” ({moment})."),
    "western": message("The first article of the Western press: {outlet} printed “{title}” ({moment})."),
}
_BLIND = message("{source} is blind since {moment}: it brings nothing, not even what is always there.")
_SILENT = message("{source} gave no answer since {moment}.")
_FAILING = message("{source} gave no answer since {moment}: {why}.")
_BUDGET = message("{platform}: {allowance} is used to {share}; at this pace it is used up on {moment}.")
_TEST = message("This is a test: alerts arrive here.")
_OVER = {
    Kind.SPIKE: message("Over: the spike since {moment} has ended."),
    Kind.DROP: message("Over: the drop since {moment} has ended."),
    Kind.ABOVE: message("Over: the number is below its limit of {limit} again."),
    Kind.BELOW: message("Over: the number is above its limit of {limit} again."),
    Kind.BLIND: message("{source} answers again; it was blind or silent since {moment}."),
    Kind.SILENT: message("{source} answers again; it was blind or silent since {moment}."),
    Kind.BUDGET: message("{platform}: {allowance} will last."),
}
AGAIN = message("Still: {sentence}")
ENDED = message("Ended by the settings: {sentence}")
FULL_HOURS = plural("full hour", "{n} full hours")
TIMES = plural("{n} time the usual level", "{n} times the usual level")
LEAST_USUAL = 0.5  # of an event; below it nobody would speak of times


def _no_reason(_spike: Spike, _voice: Voice) -> str:
    return ""


def _no_race(cycle: Cycle, _event: Event | None, voice: Voice) -> str:
    return voice.foreign(cycle.poll)


@dataclass(frozen=True)
class Words:
    """Sentences that belong to the digest, so that mail and alert say the same: why a number moved, how a race goes."""

    why: Callable[[Spike, Voice], str] = _no_reason
    race: Callable[[Cycle, Event | None, Voice], str] = _no_race


@dataclass(frozen=True)
class Speaker:
    """One voice with what it needs to know to speak of campaigns."""

    voice: Voice
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    words: Words = field(default_factory=Words)

    def title(self, messages: Sequence[Message]) -> str:
        """Return one line: whom it is about, and what happened first."""
        whom = self.voice.listed(list(dict.fromkeys(self._whom(one) for one in messages)))
        first = messages[0]
        line = f"{whom}: {self._said(first.new[0]) if first.new else next(self.sentences(first))}"
        return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"

    def body(self, messages: Sequence[Message]) -> str:
        """Return every sentence on a line of its own, under the campaign it is about; below all, whose clock it is."""
        mark = RIGHT_TO_LEFT_MARK if self.voice.is_rtl else ""  # isolates and digits alone turn no line around
        blocks = []
        for whom, told in groupby(messages, key=self._whom):
            lines = (whom, *(sentence for one in told for sentence in self.sentences(one)))
            blocks.append("\n".join(mark + line for line in lines))
        blocks.append(mark + self.clock())
        return "\n\n".join(blocks)

    def clock(self) -> str:
        """Return on whose clock the times are."""
        return self.voice.say("Times are on the clock of {zone}.", zone=self.voice.zone_name())

    def _whom(self, one: Message) -> str:
        if one.scope == HOUSE:
            return self.voice.say("The monitor")
        return self.voice.foreign(self._titled(one.scope))

    def _titled(self, slug: str) -> str:
        campaign = self.campaigns.get(slug)
        return campaign.titles.get(self.voice.language, campaign.title) if campaign else slug

    def sentences(self, one: Message) -> Iterator[str]:
        """Yield one sentence for each thing that is told."""
        yield from (self.sentence(finding) for finding in one.new)
        yield from (self.voice.say(AGAIN, sentence=self.sentence(finding)) for finding in one.again)
        yield from (self.over(finding) for finding in one.over)
        yield from (self.ended(finding) for finding in one.ended)

    def sentence(self, finding: Finding) -> str:
        """Return what happened, against what, and why."""
        return " ".join(part for part in (self._said(finding), self._why(finding)) if part)

    def _said(self, finding: Finding) -> str:
        return " ".join(part for part in (self._whose(finding), self._what(finding)) if part)

    def _whose(self, finding: Finding) -> str:
        of_number = finding.kind in {Kind.SPIKE, Kind.DROP, Kind.ABOVE, Kind.BELOW}
        if of_number and finding.of:
            return f"{self.voice.foreign('#' + finding.of.lstrip('#'))}:"
        return ""

    def _what(self, finding: Finding) -> str:
        if finding.kind is Kind.POLL and finding.cycle is not None:
            return self.words.race(finding.cycle, finding.event, self.voice)
        return self.voice.say(_message(finding), **self._values(finding))

    def _why(self, finding: Finding) -> str:
        return self.words.why(finding.spike, self.voice) if finding.spike and finding.kind is Kind.SPIKE else ""

    def over(self, finding: Finding) -> str:
        """Return that something has ended."""
        text = self.voice.say(_OVER[finding.kind], **self._values(finding))
        return " ".join(part for part in (self._whose(finding), text) if part)

    def ended(self, finding: Finding) -> str:
        """Return that something is looked for no more."""
        return self.voice.say(ENDED, sentence=self._said(finding))

    def _values(self, finding: Finding) -> dict[str, str]:
        """Return everything that a sentence may name."""
        voice, value, against = self.voice, finding.value or 0.0, finding.against or 0.0
        whose = [self._titled(finding.campaign)] if finding.campaign in self.campaigns and finding.source else []
        source = voice.foreign(" / ".join((*whose, finding.name)))
        return {
            "what": self._amount(finding.name, value),
            "usual": voice.number(against),
            "limit": voice.number(against),
            "times": self._times(value / against) if against else "",
            "share": voice.percent(value / against) if against else "",
            "moment": voice.moment(finding.until or finding.at),
            "length": voice.lasting(timedelta(hours=finding.hours or 0)),
            "hours": voice.count(*FULL_HOURS, finding.hours or 0),  # the one that runs has only begun
            "outlet": voice.foreign(finding.name),
            "title": voice.foreign(finding.of or ""),
            "source": source,
            "why": voice.say(REASONS[finding.reason]) if finding.reason else "",
            "platform": voice.foreign(finding.of or ""),
            "allowance": voice.foreign(finding.name),
        }

    def _times(self, ratio: float) -> str:
        """Return how many times the usual it is, in the plural form of the language, decimals kept."""
        form = self.voice.catalogue.ngettext(*TIMES, round(min(ratio, LARGEST)))
        return form.format(n=self.voice.times(ratio))

    def _amount(self, name: str, value: float) -> str:
        return self.voice.count(*AMOUNTS[name], value) if name in AMOUNTS else self.voice.number(value)


def _message(finding: Finding) -> str:
    """Return the sentence of a finding, still in English and without its values."""
    has_usual = (finding.against or 0.0) >= LEAST_USUAL
    by_kind = {
        Kind.SPIKE: _SPIKE if has_usual else _NEW_SPIKE,
        Kind.DROP: _DROP if finding.value else _NOTHING,
        Kind.ABOVE: _ABOVE,
        Kind.BELOW: _BELOW,
        Kind.FIRST_OUTLET: _FIRST.get(finding.topic or "any", _FIRST["any"]),
        Kind.BLIND: _BLIND,
        Kind.SILENT: _FAILING if finding.reason else _SILENT,
        Kind.BUDGET: _BUDGET,
    }
    return by_kind.get(finding.kind, _TEST)
