"""How a poll stands in the preview of a Telegram channel: whole percents, a short total, and whether it is over."""

from html import escape

from monitor.demo.life import MILLION, THOUSAND
from monitor.demo.world import Contest


def bubble(contest: Contest, now: float) -> str:
    """Return the poll of a message as it is shown at a moment."""
    counts = contest.votes(now)
    total = sum(counts)
    options = "".join(map(_option, contest.names, (percent(count, total) for count in counts)))
    kind = "Final Results" if now >= contest.closes else "Anonymous Poll"
    return (
        f'<div class="tgme_widget_message_poll js-poll">'
        f'<div class="tgme_widget_message_poll_question">{escape(contest.question)}</div>'
        f'<div class="tgme_widget_message_poll_type">{kind}</div>'
        f'<div class="tgme_widget_message_poll_options">{options}</div></div>'
        f'<div class="tgme_widget_message_voters">{voters(total)}</div>'
    )


def percent(count: int, total: int) -> int:
    """Return a share as it is shown: a whole percent, rounded."""
    return (200 * count + total) // (2 * total) if total else 0


def voters(total: int) -> str:
    """Return how many voted as it is shown: rounded from a thousand on."""
    for size, letter in ((MILLION, "M"), (THOUSAND, "K")):
        if total >= size:
            return f"{total / size:.1f}".removesuffix(".0") + f"{letter} voters"
    return f"{total} voters"


def _option(name: str, share: int) -> str:
    return (
        '<a class="tgme_widget_message_poll_option">'
        f'<div class="tgme_widget_message_poll_option_percent">{share}%</div>'
        f'<div class="tgme_widget_message_poll_option_value">'
        f'<div class="tgme_widget_message_poll_option_text">{escape(name)}</div>'
        f'<div class="tgme_widget_message_poll_option_bar" style="width:{share}%"></div></div></a>'
    )
