"""The sentences about one source as it is asked: how its last run ended, what is missing, and what to do about it."""

from datetime import timedelta

from monitor.collect.report import Report
from monitor.digest import beside, health, terms
from monitor.model.run import Outcome, Run
from monitor.words.voice import Voice, message

ADVICE = {
    Outcome.REFUSED: message("A person must act: check its key and its permission, then run monitor check --live."),
    Outcome.RATE_LIMITED: message(
        "It is asked again when its server allows; if this lasts, ask less often, or raise its budget."
    ),
    Outcome.SOFT_ERROR: message(
        "Run monitor check --live; if its answers have changed, a newer monitor may understand them."
    ),
    Outcome.UNAVAILABLE: message(
        "It is asked again by itself; where many sources do not answer, look at the network of this machine."
    ),
    Outcome.BLIND: message("It ends with the first post that is read; until then its numbers are unknown, not zero."),
    Outcome.TRUNCATED: message("The rest follows, or stays a gap; if this lasts, ask more often."),
}


def outcome(report: Report, voice: Voice) -> str:
    """Return how the last run ended."""
    if report.off:
        return voice.say("switched off")
    if report.outcome is None:
        return voice.say("not asked yet")
    return health.ended(report.outcome, report.reason, voice)


def remarks(report: Report, voice: Voice) -> str:
    """Return what is worth a line: why it is off, what it said, what it left for later, what its gaps hid."""
    if report.off:
        return voice.foreign(report.off) if voice.language == terms.OF_MESSAGES else ""
    parts = [why] if (why := reason(report, voice)) else []
    if report.skipped:
        parts.append(health.skipped(report.skipped, voice))
    if report.lost and round(report.lost):
        parts.append(beside.missed(report.lost, voice))
    return voice.strung(parts)


def reason(told: Report | Run, voice: Voice) -> str:
    """Return what was said of a run; in another language than that of messages what kind of trouble it is.

    `outcome` has said it already where there is nothing at an address.
    """
    why = terms.why(told.message, told.reason, voice)
    return "" if why == voice.say(health.NOTHING_THERE) else why


def quoted(told: Report | Run, voice: Voice) -> str:
    """Return the message itself where the reader's language is not its own: it stands apart from their words."""
    if voice.language == terms.OF_MESSAGES:
        return ""
    said = (told.off if isinstance(told, Report) else "") or told.message
    return voice.foreign(said) if said else ""


def advice(report: Report, voice: Voice) -> str:
    """Return what to do; empty where nothing is."""
    if report.off or report.outcome not in ADVICE:
        return ""
    if health.is_gone(report.outcome, report.reason):
        return voice.say("Correct its address in the settings, or take the source out of them.")
    return voice.say(ADVICE[report.outcome])


def gaps(report: Report, voice: Voice) -> str:
    """Return how many gaps there were lately and how long they are together; empty before the first run.

    What never answered has no gaps that could be counted: all of it is one.
    """
    if report.off or report.outcome is None:
        return ""
    if report.never_up:
        is_mute = report.outcome is Outcome.BLIND
        return voice.say("nothing seen yet") if is_mute else voice.say("it never answered")
    if not report.gaps:
        return voice.say("no gap in 7 days")
    length = sum((gap.end - gap.start for gap in report.gaps), timedelta(0))
    told = voice.count("{n} gap in 7 days", "{n} gaps in 7 days", len(report.gaps))
    return voice.listed([told, voice.lasting(length)])
