"""One pass over the markup of a page, with what each piece stands in. Pure.

A tree would be more comfortable, but a page can be made of which building one takes minutes, and the whole daemon would
wait. Here the time grows with the length of the page, whatever is in it.
"""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

_PIECE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>|([^<]+)|<")
_ALONE = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "source", "wbr"})  # never closed


@dataclass(frozen=True, slots=True)
class Element:
    """One element where it begins: its attributes as they are written, its classes one by one."""

    name: str = ""
    written: str = ""
    classes: Collection[str] = ()

    def told(self, attribute: str) -> str | None:
        """Return the value of an attribute; None when the element has none of that name."""
        found = _value(attribute).search(self.written)
        return html.unescape(next(filter(None, found.groups()), "")) if found else None


@dataclass(slots=True)
class Step:
    """What comes next, an element that begins or some text: how often it stands in each of the classes asked about."""

    inside: Mapping[str, int]
    parent: Element
    element: Element | None = None
    text: str = ""


@dataclass(slots=True)
class _Path:
    """The elements that are open, outermost first; `classes` are those that somebody asked about."""

    classes: Collection[str]
    inside: Counter[str] = field(default_factory=Counter)
    _open: list[Element] = field(default_factory=lambda: [Element()])
    _names: Counter[str] = field(default_factory=Counter)

    @property
    def last(self) -> Element:
        return self._open[-1]

    def enter(self, element: Element) -> None:
        if element.name in _ALONE or element.written.endswith("/"):
            return
        self._open.append(element)
        self._names[element.name] += 1
        self.inside.update(name for name in element.classes if name in self.classes)

    def leave(self, name: str) -> None:
        """Close the innermost element of this name and whatever was left open in it."""
        while self._names[name]:
            element = self._open.pop()
            self._names[element.name] -= 1
            self.inside.subtract(name for name in element.classes if name in self.classes)
            if element.name == name:
                return


def steps(markup: str, classes: Collection[str]) -> Iterator[Step]:
    """Yield every element and every text in order; `inside` and `parent` tell of this moment only."""
    path = _Path(classes)
    for closes, name, written, text in _PIECE.findall(markup):
        if text:
            yield Step(path.inside, path.last, text=html.unescape(text))
        elif closes:
            path.leave(name.lower())
        elif name:
            element = Element(name.lower(), written, _classes(written))
            yield Step(path.inside, path.last, element)
            path.enter(element)


def _classes(written: str) -> Collection[str]:
    found = _value("class").search(written) if "class" in written else None
    return frozenset(next(filter(None, found.groups()), "").split()) if found else ()


@cache
def _value(attribute: str) -> re.Pattern[str]:
    return re.compile(rf"""(?:^|[\s"']){attribute}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
