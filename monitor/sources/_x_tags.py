"""Hashtags as X cuts them: the rules of twitter-text and its conformance cases."""

from monitor.sources._tag_letters import SIGNS, Run, addresses, is_digit, is_letter_or_mark, runs, without_anchors

_JOINERS = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
)
_STYLES = ("\ufe0e", "\ufe0f")  # of an emoji before the sign: marks, but the emoji is no part of a word
_KEYCAP = ("\ufe0f", "\u20e3")  # behind the sign they make it an emoji itself
_IN_PATH = r"[a-z0-9\u00c0-\u024f\u0400-\u052f!*';:=+,.$/%\#\[\]~_&|@?-]"  # an Arabic letter ends an address
_ADDRESS = addresses(rf"{_IN_PATH}|\({_IN_PATH}*\)")


def tags(text: str) -> list[str]:
    """Return the hashtags of a text in order, as they are written, without their signs."""
    return [run.letters for run in runs(without_anchors(text, _ADDRESS), SIGNS, _is_part) if _is_tag(run)]


def _is_part(letter: str) -> bool:
    return is_letter_or_mark(letter) or is_digit(letter) or letter in _JOINERS


def _is_tag(run: Run) -> bool:
    """Tell whether a run has a letter, does not go on with a sign or an address, and stands at no word's end."""
    if run.letters.startswith(_KEYCAP) or run.after.startswith(("#", "\uff03", "://")):
        return False
    return any(map(is_letter_or_mark, run.letters)) and not _is_inside(run.before)


def _is_inside(before: str) -> bool:
    return before not in ("", *_STYLES) and (before == "&" or _is_part(before))
