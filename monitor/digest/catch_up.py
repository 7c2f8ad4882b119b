"""A mail after days without one: what they brought stands on top of it, a line for each day."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from monitor.digest.render import Rendered
from monitor.words.voice import RIGHT_TO_LEFT_MARK, Voice

_BODY = re.compile(r"<body[^>]*>")
_STYLE = "max-width:600px;margin:0 auto;padding:16px 20px;font:15px/1.5 'Segoe UI',Tahoma,Arial,sans-serif"


def caught_up(content: Rendered, lines: Sequence[str], voice: Voice) -> Rendered:
    """Return the mail with the lines of earlier days before everything; as it is when there are none."""
    if not lines:
        return content
    title, mark = voice.say("On these days no mail could be sent:"), RIGHT_TO_LEFT_MARK if voice.is_rtl else ""
    text = "\n".join(mark + line for line in (title, *(f"- {line}" for line in lines)))
    direction, start = ("rtl", "right") if voice.is_rtl else ("ltr", "left")
    rows = "".join(f"<br />{escape(line)}" for line in lines)
    block = (
        f'<div dir="{direction}" class="card" style="{_STYLE};text-align:{start};background-color:#ffffff;'
        f'color:#1d2733;"><div dir="{direction}"><strong>{escape(title)}</strong>{rows}</div></div>'
    )
    html = _BODY.sub(lambda body: body[0] + block, content.html, count=1)
    return replace(content, text=f"{text}\n\n{content.text}", html=html)
