"""How mails are written down: as Python does it, but for subjects, in which it loses spaces."""

from email.header import Header
from email.policy import EmailPolicy
from typing import Any


class _Mail(EmailPolicy):
    """SMTP's rules, and whole subjects.

    Where Arabic and Latin words take turns, Python's folding drops spaces between encoded words (python/cpython#92081);
    the older Header encodes the whole line and keeps them.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name.lower() == "subject" and isinstance(value, str) and not value.isascii():
            return name, Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
        return super().header_store_parse(name, value)


MAIL = _Mail(linesep="\r\n")
