"""The error of an answer of which nothing can be read: most often a platform has changed."""

from monitor.errors import UnexpectedPayload

SEVERAL = 2
"""So many that can not be read, and none that can, prove something; a single broken one does not."""


def illegible(what: str, who: str = "it") -> UnexpectedPayload:
    """Return the error that none of something can be read, such as "the 3 posts that X sent"."""
    return UnexpectedPayload(
        f"none of {what} can be read: {who} has probably changed how it writes them; "
        "look for a newer version of the monitor"
    )
