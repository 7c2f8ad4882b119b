"""A slip on the command line, told in our words: the libraries that read it have words of their own."""

import re
from datetime import UTC, datetime
from typing import Any

import typer
from typer.core import TyperGroup

_FORMAT = re.compile(r"'(%[^']*)'")
LONGEST = 60  # characters of what was written
_EXAMPLE = datetime(2016, 4, 29, 18, tzinfo=UTC)


class Worded(TyperGroup):
    """The command line, which says what to write instead."""

    def invoke(self, ctx: Any) -> Any:
        """Run the verb; what a library finds wrong with an option of it is said anew."""
        from pydantic import ValidationError  # only a verb that is run needs it: help is quick

        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            if isinstance(error.__cause__, ValidationError):
                error.message = said(error.__cause__.errors()[0])
            raise


def said(error: Any) -> str:
    """Return what was written and what to write instead, for an error of pydantic."""
    from monitor.words.voice import harmless

    return f'"{harmless(str(error["input"]))[:LONGEST]}" will not do; {_instead(error)}'


def _instead(error: Any) -> str:
    from monitor.model.advice import advised

    if "error" not in error.get("ctx", {}):
        return advised(error)
    words = str(error["ctx"]["error"])
    if formats := _FORMAT.findall(words):
        return f"write it like {' or '.join(map(_EXAMPLE.strftime, formats))}"
    choices = re.fullmatch(r".* is not one of (.*)\.", words, re.DOTALL)
    return f"write one of {choices[1].replace(chr(39), '')}" if choices else words
