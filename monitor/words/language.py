"""A language as the operator writes it, checked when the settings are read."""

from typing import Annotated

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator

from monitor.words.voice import languages


def checked_language(name: str) -> str:
    """Return a language we have words for; `ar-EG` is Arabic with the month names of Egypt."""
    spoken = ", ".join(languages())
    if name.split("-", maxsplit=1)[0] not in languages():
        raise ValueError(f"has no words yet; write one of {spoken}, with a region where wanted, such as ar-EG")
    try:
        Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError(f"is not a language with a region; write one of {spoken}, or such as ar-EG") from error
    return name


Language = Annotated[str, AfterValidator(checked_language)]
"""The type of every setting that is a language."""
