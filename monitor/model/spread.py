"""How the posts of one local day spread over authors and wordings: counts alone, nothing that tells who or what."""

from dataclasses import dataclass

from monitor.model.window import Window

ALIKE = 3
"""Posts that must have the same words before they count as alike."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Posts of known `authors`, and how many the `loudest` wrote; posts with words, and groups that have the same.

    `loudest` (most first) are more than one in a hundred of the authors. `alike` are the sizes of the groups of at
    least ALIKE posts, largest first.
    """

    day: Window
    posts: int = 0
    authors: int = 0
    loudest: tuple[int, ...] = ()
    texts: int = 0
    alike: tuple[int, ...] = ()
