"""How mails are written down: as Python does it, but for subjects, in which it loses spaces, and for links."""

from email.header import Header
from email.policy import EmailPolicy
from typing import Any

FOR_PROGRAMS = frozenset({"list-id", "list-unsubscribe"})
"""Headers that mail programs read and encoded words have no place in (RFC 2047, 5): a long link stays whole."""


class _Mail(EmailPolicy):
    """SMTP's rules, whole subjects and whole links.

    Where Arabic and Latin words take turns, Python's folding drops spaces between encoded words (python/cpython#92081);
    the older Header encodes the whole line and keeps them. A link longer than a line Python encodes as if it were
    foreign words: Gmail finds no link in that.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name.lower() == "subject" and isinstance(value, str) and not value.isascii():
            return name, Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
        if name.lower() in FOR_PROGRAMS and value.isascii() and value.isprintable():
            return name, value.replace(", ", ",\r\n ")
        return super().header_store_parse(name, value)


MAIL = _Mail(linesep="\r\n", refold_source="none")
