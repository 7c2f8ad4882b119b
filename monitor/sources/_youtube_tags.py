"""Hashtags of a video's title and description; YouTube tells no rule but this: no blanks, and at most sixty of them."""

from monitor.sources._tag_letters import SIGNS, addresses, is_digit, is_letter_or_mark, runs, without_anchors

MOST = 60  # of a video that has more, YouTube ignores all
_JOINERS = frozenset("_\u200c")
_ADDRESS = addresses(r"[^\s<>\"]")


def tags(text: str, most: int = MOST) -> list[str]:
    """Return the hashtags of a text in order, as they are written, without their signs; too many are none."""
    found = [
        run.letters
        for run in runs(without_anchors(text, _ADDRESS), SIGNS, _is_part)
        if any(map(is_letter_or_mark, run.letters)) and not (run.before and _is_part(run.before))
    ]
    return found if len(found) <= most else []


def _is_part(letter: str) -> bool:
    return is_letter_or_mark(letter) or is_digit(letter) or letter in _JOINERS
