"""What sheets and columns are called where people read them; programs read the names."""

from monitor.digest.health import OUTCOMES
from monitor.model.run import Outcome
from monitor.words.voice import Voice, message

LONGEST = 31  # letters that Excel takes as the name of a sheet
METHOD = message("Method")
SHEETS = {
    "totals": message("Totals"),
    "series": message("Series"),
    "spikes": message("Spikes"),
    "reasons": message("Reasons"),
    "shares": message("Shares"),
    "posts": message("Largest posts"),
    "polls": message("Polls"),
    "headlines": message("Headlines"),
    "stories": message("Stories"),
    "sources": message("Sources"),
    "gaps": message("Gaps"),
    "alerts": message("Alerts"),
}
COLUMNS = {
    "time": message("Time"),
    "metric": message("Metric"),
    "definition": message("Definition"),
    "class": message("Class"),
    "split": message("Split by"),
    "name": message("Name"),
    "value": message("Value"),
    "partial": message("Partial"),
    "gap": message("Gap"),
    "start": message("From"),
    "end": message("Until"),
    "part_of": message("Part of"),
    "now": message("Now"),
    "now_partial": message("Now: partial"),
    "low": message("Lower bound"),
    "high": message("Upper bound"),
    "before": message("Before"),
    "before_partial": message("Before: partial"),
    "change": message("Change"),
    "week_before": message("A week before"),
    "week_before_partial": message("A week before: partial"),
    "week_change": message("Change against a week before"),
    "coverage": message("Measured share of posts"),
    "rounding": message("Rounding"),
    "part": message("Part"),
    "share": message("Share"),
    "moved": message("Moved by"),
    "way": message("Direction"),
    "peak": message("Peak"),
    "open": message("Goes on"),
    "total": message("Total"),
    "expected": message("Expected"),
    "peak_value": message("Value at the peak"),
    "score": message("Score"),
    "reasons": message("Reasons"),
    "cause": message("Cause"),
    "link": message("Link"),
    "poll": message("Poll"),
    "day": message("Day"),
    "option": message("Option"),
    "votes": message("Votes"),
    "snapshot": message("Snapshot (SHA-256)"),
    "outlet": message("Outlet"),
    "language": message("Language"),
    "title": message("Title"),
    "first": message("First printed"),
    "first_outlet": message("First to print"),
    "articles": message("Articles"),
    "outlets": message("Outlets"),
    "source": message("Source"),
    "platform": message("Platform"),
    "outcome": message("Outcome"),
    "last_up": message("Last answer"),
    "message": message("Message"),
    "skipped": message("Left for later"),
    "gaps": message("Gaps"),
    "gained": message("Gained"),
    "missed": message("Missed, estimated"),
    "reason": message("Reason"),
    "told": message("Told as"),
    "rule": message("Rule"),
    "kind": message("Kind"),
    "severity": message("Severity"),
    "since": message("Since"),
    "against": message("Against"),
}
UNKNOWN = {
    "not asked": message("not asked"),
    "not watched": message("not watched"),
    "no longer kept": message("no longer kept"),
}
"""Why something is not known, where nobody else has said so."""


def of_sheet(name: str, voice: Voice) -> str:
    """Return what a sheet is called."""
    return voice.say(SHEETS[name])[:LONGEST]


def of_column(name: str, voice: Voice) -> str:
    """Return what heads a column."""
    return voice.say(COLUMNS[name])


def of_gap(reason: str, voice: Voice) -> str:
    """Return why a source was not watched; what its server said stands as it was said."""
    if reason in OUTCOMES:
        return voice.say(OUTCOMES[Outcome(reason)])
    return voice.say(UNKNOWN[reason]) if reason in UNKNOWN else voice.foreign(reason)
