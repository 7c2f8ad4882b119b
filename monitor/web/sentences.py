"""How alerts are spoken of wherever people read them: in the words of the digest, so that both say the same."""

from monitor.alerts.text import Words
from monitor.digest import race, why
from monitor.model.race import FLAGS, Cycle, Event
from monitor.words.voice import Voice


def _race(cycle: Cycle, event: Event | None, voice: Voice) -> str:
    """Return what happened in a poll and how it stands."""
    happened = (
        [] if event is None else [race.flag(event, voice) if event.kind in FLAGS else f"{race.event(event, voice)}."]
    )
    return " ".join((f"{race.title(cycle, voice)}:", *happened, race.news(cycle, voice)))


WORDS = Words(why=why.sentence, race=_race)
