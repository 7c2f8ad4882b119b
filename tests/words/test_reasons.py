"""Why a source fails, in every language."""

from monitor.errors import Reason
from monitor.words.reasons import REASONS
from monitor.words.voice import voice


def test_every_reason_has_its_words():
    assert set(REASONS) == set(Reason)


def test_no_two_reasons_are_told_alike():
    for language in ("en", "ar"):
        assert len({voice(language).say(words) for words in REASONS.values()}) == len(Reason)
