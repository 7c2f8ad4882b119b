"""Hashtags as Telegram's apps cut them (TDLib's rule); of #news@channel, which searches one channel, the tag alone.

Telegram knows no marks: a tag that is written with Arabic diacritics ends at the first of them.
"""

from monitor.sources._tag_letters import SIGN, Run, addresses, is_digit, is_letter, runs, without_anchors

_JOINERS = frozenset("_\u200c\u00b7")
_SINHALA = range(0x0D80, 0x0E00)  # whose vowels are marks
_LONGEST = 256
_ADDRESS = addresses(r"[^\s<>\"«»]")


def tags(text: str) -> list[str]:
    """Return the hashtags of a text in order, as they are written, without their signs."""
    found = runs(without_anchors(text, _ADDRESS), SIGN, _is_part)
    return [run.letters[:_LONGEST] for run in found if _is_tag(run)]


def _is_part(letter: str) -> bool:
    return is_letter(letter) or is_digit(letter) or letter in _JOINERS or ord(letter) in _SINHALA


def _is_tag(run: Run) -> bool:
    if run.after.startswith("#") or (run.before and _is_part(run.before)):
        return False
    return any(map(is_letter, run.letters[:_LONGEST]))
