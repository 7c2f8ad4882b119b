"""A mail to look at: as .eml for a mail program, as .html for a browser, as .txt; nothing is opened or sent."""

from base64 import b64encode
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from monitor.digest.letter import Envelope, addressed, letter
from monitor.digest.mail import write_whole
from monitor.digest.render import Rendered
from monitor.errors import DeliveryError
from monitor.words.voice import Voice


def previewed(content: Rendered, envelope: Envelope, folder: Path, name: str) -> tuple[Path, ...]:
    """Write the mail as three files of one `name` and return their paths, the .eml first."""
    read = addressed(content, envelope)
    texts = {
        ".eml": letter(content, envelope).as_bytes(),
        ".html": page(read).encode(),
        ".txt": read.text.encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, text in texts.items():
            write_whole(folder / f"{name}{suffix}", text)
    except OSError as error:
        raise DeliveryError(f"{folder} can not be written ({error.strerror}); name another folder with --to") from error
    return tuple(folder / f"{name}{suffix}" for suffix in texts)


def page(content: Rendered) -> str:
    """Return the HTML with its pictures inside, as a browser knows no other parts of a mail."""
    html = content.html
    for cid, png in content.charts.items():
        html = html.replace(f"cid:{cid}", f"data:image/png;base64,{b64encode(png).decode()}")
    return html


def trial(content: Rendered, envelope: Envelope, voice: Voice) -> EmailMessage:
    """Return a mail that says in its subject that it is a test."""
    subject = voice.say("Test: {subject}", subject=content.subject)
    return letter(replace(content, subject=subject), envelope)
