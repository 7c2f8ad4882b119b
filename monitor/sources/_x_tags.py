"""Hashtags as X cuts them: the rules of twitter-text and its conformance cases."""

from collections.abc import Iterator

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
    return list(_found(without_anchors(text, _ADDRESS)))


def _found(text: str) -> Iterator[str]:
    """Yield the runs that are tags; one that goes on with a sign or an address is none, and takes its end with it."""
    taken = 0
    for run in runs(text, SIGNS, _is_part):
        if _is_inside(run, taken) or run.letters.startswith(_KEYCAP) or not any(map(is_letter_or_mark, run.letters)):
            continue
        taken = run.end
        if not run.after.startswith(("#", "\uff03", "://")):
            yield run.letters


def _is_part(letter: str) -> bool:
    return is_letter_or_mark(letter) or is_digit(letter) or letter in _JOINERS


def _is_inside(run: Run, taken: int) -> bool:
    """Tell whether a sign stands at the end of a word; an emoji's style is none, unless the run before ends with it."""
    if run.before in {"", *_STYLES}:
        return bool(run.before) and run.place == taken
    return run.before == "&" or _is_part(run.before)
