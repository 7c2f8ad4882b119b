"""The parts of our sentences: metrics, numbers with their doubts, windows and what they are compared with."""

from datetime import datetime, timedelta

from monitor.errors import Reason
from monitor.model.brief import Brief, Level, Total
from monitor.model.campaign import OTHER
from monitor.model.metric import MetricClass
from monitor.model.window import Window, is_whole_days
from monitor.trends.loss import about
from monitor.words.reasons import REASONS
from monitor.words.voice import Voice, message, plural

ONE_DAY = (timedelta(hours=22), timedelta(hours=26))  # a day with a clock change included
WEEK = timedelta(days=7)
OF_MESSAGES = "en"  # the language in which sources say what went wrong
LEAST_SHARE = 0.01
ESTIMATED_FROM = 100  # HyperLogLog is one in a hundred off
LABELS = {
    "posts": message("Posts"),
    "authors": message("Authors"),
    "impressions": message("Impressions"),
    "engagement": message("Engagement"),
    "likes": message("Likes"),
    "reposts": message("Reposts"),
    "replies": message("Replies"),
    "quotes": message("Quotes"),
    "potential_reach": message("Potential reach"),
    "articles": message("Articles"),
    "stories": message("Stories"),
    "outlets": message("Outlets"),
}
CLASSES = {
    MetricClass.MEASURED: message("measured"),
    MetricClass.POTENTIAL: message("potential, estimated"),
    MetricClass.ENGAGEMENT: message("engagement"),
    MetricClass.VOLUME: message("volume"),
    MetricClass.COVERAGE: message("press"),
    MetricClass.HEALTH: message("health"),
}
PLATFORMS = {
    "mastodon": message("Mastodon"),
    "telegram": message("Telegram"),
    "feeds": message("News feeds"),
    "bluesky": message("Bluesky"),
    "jetstream": message("Bluesky"),
    "x": message("X"),
    "youtube": message("YouTube"),
    "reddit": message("Reddit"),
    "threads": message("Threads"),
    "instagram": message("Instagram"),
    "tiktok": message("TikTok"),
    "facebook": message("Facebook"),
    "own_pages": message("Own pages"),
    "gdelt": message("GDELT"),
    "mediacloud": message("Media Cloud"),
}
REGIONS = {
    "arab": message("Arab press"),
    "western": message("Western press"),
    "other": message("Other and unlisted press"),
}
QUESTIONS = {  # an index is asked for words in each alphabet apart
    "latin": message("by words in Latin letters"),
    "arabic": message("by words in Arabic letters"),
}
COUNTED = {
    "posts": plural("{n} post", "{n} posts"),
    "authors": plural("{n} author", "{n} authors"),
    "impressions": plural("{n} impression", "{n} impressions"),
    "engagement": plural("{n} reaction", "{n} reactions"),
    "articles": plural("{n} article", "{n} articles"),
    "stories": plural("{n} story", "{n} stories"),
    "outlets": plural("{n} outlet", "{n} outlets"),
}


def title(brief: Brief, voice: Voice) -> str:
    return voice.foreign(brief.titles.get(voice.language, brief.title))


def label(name: str, voice: Voice) -> str:
    """Return a metric's name; what has none in the catalogue is named as it is stored."""
    return voice.say(LABELS[name]) if name in LABELS else voice.foreign(name)


def platform(name: str, voice: Voice) -> str:
    """Return a platform's name as people write it; one that is not in the catalogue keeps the name of its file."""
    return voice.say(PLATFORMS[name]) if name in PLATFORMS else voice.foreign(name.capitalize())


def region(name: str, voice: Voice) -> str:
    """Return which part of the press it is."""
    return voice.say(REGIONS[name]) if name in REGIONS else voice.foreign(name)


def question(name: str, voice: Voice) -> str:
    """Return what a platform counted: a hashtag, or what an index was asked for."""
    return voice.say(QUESTIONS[name]) if name in QUESTIONS else voice.foreign(name)


def spelling(name: str, voice: Voice) -> str:
    """Return a hashtag as people type it; `#SaveAleppo ~` stands for all spellings that nobody listed."""
    if not name.endswith(OTHER):
        return voice.foreign(name)
    return voice.say("{tag}, other spellings", tag=voice.foreign(name.removesuffix(OTHER)))


def share(part: float, voice: Voice) -> str:
    """Return a share of the whole; a small one is not nothing."""
    if 0 < part < LEAST_SHARE:
        return voice.say("under {percent}", percent=voice.percent(LEAST_SHARE))
    return voice.percent(part)


def amount(total: Total | None, voice: Voice) -> str:
    """Return a number with its noun, such as `at least 1,240 posts`."""
    if total is None or not is_told(total.now):
        return voice.say("{metric} n/a", metric=label(total.name if total else "posts", voice))
    if total.name not in COUNTED:
        return f"{label(total.name, voice)} {figure(total, voice)}"
    counted = voice.count(*COUNTED[total.name], total.now.value or 0)
    return voice.say("at least {number}", number=counted) if total.now.partial else counted


def estimated(posts: float, voice: Voice) -> str:
    """Return posts that were estimated, with no more digits than that tells; a few are as good as counted."""
    told = voice.count(*COUNTED["posts"], about(posts))
    return told if posts < ESTIMATED_FROM else voice.say("about {number}", number=told)


def is_told(level: Level) -> bool:
    """Tell whether there is a number to print: nothing seen by half-shut eyes is not zero."""
    return level.value is not None and not (level.partial and level.value == 0)


def figure(total: Total, voice: Voice) -> str:
    """Return the bare number of a total; a bracket as `10 to 1,200`."""
    if total.low is None or not is_told(total.now):
        return level(total.now, voice)
    return voice.say("{low} to {high}", low=voice.number(total.low), high=level(total.now, voice))


def level(value: Level, voice: Voice) -> str:
    """Return a number as it may be printed: n/a where nobody told it, `at least` where a gap lies in its window."""
    if not is_told(value):
        return voice.say("n/a")
    number = voice.number(value.value or 0)
    return voice.say("at least {number}", number=number) if value.partial else number


def change(ratio: float | None, voice: Voice) -> str:
    """Return a change as `+25%`, n/a when the two can not be compared."""
    return voice.say("n/a") if ratio is None else voice.percent(ratio, signed=True)


def coverage(total: Total, voice: Voice) -> str:
    """Return of which part of the posts the number was measured; nothing for what every post tells."""
    if total.measured_share is None:
        return ""
    return voice.say("measured for {share} of posts", share=share(total.measured_share, voice))


def rounding(total: Total, voice: Voice) -> str:
    """Return how far the number may be off because platforms showed rounded ones; nothing where all were exact."""
    if total.rounding is None or not is_told(total.now):
        return ""
    return voice.say("rounded: {error}", error=voice.error(total.rounding / 2))


def when(brief: Brief, voice: Voice) -> str:
    """Return the window in words; days are the campaign's days."""
    zone, first, last = brief.zone, brief.window.start, brief.window.end - timedelta(seconds=1)
    if not _is_whole_days(brief):
        return span(brief.window.start, brief.window.end, voice)
    if is_one_day(brief):
        return voice.say("on {day}", day=voice.day(first, zone))
    return voice.say("from {first} to {last}", first=voice.day(first, zone), last=voice.day(last, zone))


def months(brief: Brief, voice: Voice) -> str:
    """Return the months that the window touches; unlisted spellings are counted by the month."""
    ends = brief.window.start, max(brief.window.start, brief.window.end - timedelta(seconds=1))
    return voice.listed([*dict.fromkeys(voice.month(moment, brief.zone) for moment in ends)])


def is_one_day(brief: Brief) -> bool:
    return _is_whole_days(brief) and ONE_DAY[0] <= brief.window.end - brief.window.start <= ONE_DAY[1]


def span(start: datetime, end: datetime, voice: Voice) -> str:
    """Return a stretch on the reader's clock; the day is said once where it is the same."""
    is_same_day = start.astimezone(voice.zone).date() == end.astimezone(voice.zone).date()
    last = voice.clock(end) if is_same_day else voice.moment(end)
    return voice.say("from {first} to {last}", first=voice.moment(start), last=last)


def before(brief: Brief, voice: Voice) -> str:
    """Return what the window before is called."""
    if is_one_day(brief):
        return voice.say("the day before")
    if not _is_whole_days(brief):
        return voice.say("the same length before")
    days = (brief.window.end - brief.window.start) / timedelta(days=1)
    return voice.count("the {n} day before", "the {n} days before", days)


def week_before(brief: Brief, voice: Voice) -> str | None:
    """Return what the same weekday before is called; None where it is the window before."""
    if brief.window.end - brief.window.start >= WEEK - timedelta(hours=1):
        return None
    if is_one_day(brief):
        return voice.say("the {weekday} before", weekday=voice.weekday(brief.window.start, brief.zone))
    return voice.say("the same time a week earlier")


def _is_whole_days(brief: Brief) -> bool:
    """Tell whether the window begins and ends at the campaign's midnight."""
    return is_whole_days(Window(brief.window.start, brief.window.end), brief.zone)


def why(said: str, reason: Reason | None, voice: Voice) -> str:
    """Return why a source fails: at length in the language of its messages, in a few words in any other."""
    if said and voice.language == OF_MESSAGES:
        return voice.foreign(said)
    return voice.say(REASONS[reason]) if reason else ""
