"""What became of a name, in a mail: how far people and the press took it up, and whether posts came before votes."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.digest.section import Row, Section
from monitor.digest.terms import COUNTED, platform
from monitor.model.friday import Adopted, FridayReport, Rhythm
from monitor.words.voice import Voice, message

MOST_OTHERS = 6
_TOGETHER = message("While people voted, posts under {name} and votes for it rose in the same hour{range}.")
_AHEAD = message("While people voted, posts under {name} came {length} before votes for it{range}.")
_BEHIND = message("While people voted, posts under {name} came {length} after votes for it{range}.")


def section(report: FridayReport, voice: Voice) -> Section:
    """Return the Friday report as a section of its own."""
    title = voice.say("On the street: {name}", name=voice.foreign(report.winner.label))
    return Section(title, tuple(_rows(report, voice)))


def _rows(report: FridayReport, voice: Voice) -> Iterator[Row]:
    yield Row(adopted(report, voice))
    yield from (_name(one, voice) for one in (report.winner, *report.others[:MOST_OTHERS]))
    if report.apart:
        names = voice.listed([platform(name, voice) for name in report.apart])
        yield Row(
            voice.say("Shares leave out {platforms}, where only the name that won is looked for.", platforms=names)
        )
    yield Row(" ".join((used(report.winner, voice), printed(report, voice))))
    yield Row(rhythm(report.winner, voice))


def adopted(report: FridayReport, voice: Voice) -> str:
    """Return how much was posted under the name that won, of all that was posted under any of the names."""
    winner, name = report.winner, voice.foreign(report.winner.hashtag)
    if winner.posts.value is None:
        return voice.say("How much is posted under {name} is not known: no platform was watched.", name=name)
    if not winner.posts.value:
        return voice.say("Nothing was found under {name} since the poll closed.", name=name)
    posts = _posts(winner, voice)
    if winner.share is None:
        return voice.say("Since the poll closed, {posts} under {name}.", name=name, posts=posts)
    values = {"name": name, "posts": posts, "share": voice.percent(winner.share)}
    return voice.say("Since the poll closed, {posts} under {name}: {share} of those under any of its names.", **values)


def used(winner: Adopted, voice: Voice) -> str:
    """Return when the hashtag was seen first."""
    if winner.first_used is None:
        return voice.say("No post with it was found yet.")
    return voice.say("First posted in the hour of {moment}.", moment=voice.moment(winner.first_used))


def printed(report: FridayReport, voice: Voice) -> str:
    """Return which outlet printed the name first, and how long that took."""
    if report.printed is None or report.printed_after is None:
        return voice.say("No outlet that is read has printed the name.")
    length = voice.lasting(timedelta(hours=abs(report.printed_after)))
    values = {"outlet": voice.foreign(report.printed.outlet), "length": length}
    if report.printed_after < 0:
        return voice.say("{outlet} printed it first, {length} before the poll closed.", **values)
    return voice.say("{outlet} printed it first, {length} after the poll closed.", **values)


def rhythm(winner: Adopted, voice: Voice) -> str:
    """Return whether posts came before votes; that this is not clear, where it is not."""
    name, told = voice.foreign(winner.hashtag), winner.rhythm
    if told.hours is None:
        return voice.say("Whether posts under {name} came before votes for it or after is not clear.", name=name)
    sentence = _TOGETHER if not told.hours else _AHEAD if told.hours > 0 else _BEHIND
    length = voice.lasting(timedelta(hours=abs(told.hours)))
    return voice.say(sentence, name=name, length=length, range=_range(told, voice))


def _range(told: Rhythm, voice: Voice) -> str:
    if told.low is None or told.high is None or told.low == told.high:
        return ""
    low, high = (voice.foreign(voice.number(edge)) for edge in (told.low, told.high))
    return voice.say(" (posts ahead by {low} to {high} hours in nine cases of ten)", low=low, high=high)


def _name(one: Adopted, voice: Voice) -> Row:
    if one.posts.value is None:
        return Row(voice.foreign(one.hashtag), voice.say("n/a"))
    share = [] if one.share is None else [voice.percent(one.share)]
    return Row(voice.foreign(one.hashtag), voice.listed([_posts(one, voice), *share]), share=one.share)


def _posts(one: Adopted, voice: Voice) -> str:
    """Return the posts under a name; where something was not watched they are at least so many."""
    told = voice.count(*COUNTED["posts"], one.posts.value or 0.0)
    return voice.say("at least {number}", number=told) if one.posts.partial else told
