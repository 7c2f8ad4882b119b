"""Questions of X in its own language: which posts, in as few questions as hold all spellings."""

from collections.abc import Iterator, Sequence


def query(spellings: Sequence[str]) -> str:
    """Return the question for posts with one of these hashtags; a retweet shows no more than the post it repeats."""
    return f"({' OR '.join('#' + spelling for spelling in spellings)}) -is:retweet"


def groups(spellings: Sequence[str], longest: int) -> Iterator[tuple[str, ...]]:
    """Yield the spellings in groups whose questions have so many characters at most."""
    group: tuple[str, ...] = ()
    for spelling in spellings:
        if group and len(query((*group, spelling))) > longest:
            yield group
            group = ()
        group = (*group, spelling)
    if group:
        yield group
