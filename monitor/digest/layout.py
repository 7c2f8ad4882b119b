"""The templates of a mail: those of the operator where they work, else the ones that came with the monitor.

An operator may put `digest.mjml` or `digest.txt` into a folder of their own. One that can not be read, has a slip or
asks for something unknown keeps no mail from its readers: the built-in one stands in, and what is wrong is told.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from mjml import mjml2html

BUILT_IN = Path(__file__).parent / "templates"
PAGE, TEXT = "digest.mjml", "digest.txt"
SLIPS = (TemplateError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, OSError)
"""All that a template can go wrong with: Jinja's own errors, MJML's (ValueError), those of what it calculates."""

Context = Mapping[str, Any]


@dataclass(eq=False)
class Layout:
    """The two templates of a mail; `folder` holds the operator's, `troubles` what was wrong with which of them."""

    folder: Path | None = None
    methods: str | None = None  # where the definitions can be read
    troubles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._own = _environment(self.folder) if self.folder else None

    def page(self, context: Context) -> str:
        """Return the HTML of a mail."""
        given = {**context, "methods": self.methods}
        return self._made(PAGE, lambda pages: mjml2html(_written(pages, PAGE, given), disable_comments=False))

    def text(self, context: Context) -> str:
        """Return the plain text of a mail."""
        given = {**context, "methods": self.methods}
        return self._made(TEXT, lambda pages: _written(pages.overlay(autoescape=False), TEXT, given))

    def _made(self, name: str, make: Callable[[Environment], str]) -> str:
        if self._own and self.folder and name not in self.troubles and (self.folder / name).exists():
            try:
                return make(self._own)
            except SLIPS as error:
                self.troubles[name] = _slip(error)
        return make(_STANDARD)

    def told(self) -> Iterator[str]:
        """Yield what is wrong with the operator's templates, in words."""
        if self.folder and not self.folder.is_dir():
            yield f"{self.folder} is no folder; mails use the built-in templates"
        for name, slip in self.troubles.items():
            yield f"{name} of {self.folder} does not work ({slip}); mails use the built-in one"


def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader([folder, BUILT_IN]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _written(pages: Environment, name: str, context: Context) -> str:
    """Return a filled template; an empty one is a slip."""
    written = pages.get_template(name).render(**context)
    if not written.strip():
        raise ValueError("it is empty")
    return written


def _slip(error: Exception) -> str:
    line = f"line {error.lineno}: " if isinstance(error, TemplateSyntaxError) else ""
    return " ".join(f"{line}{error}".split())[:200] or type(error).__name__


_STANDARD = _environment(BUILT_IN)
STANDARD = Layout()
