"""Telegram: public previews of twenty messages a page, about 2 kB of HTML each."""

from datetime import datetime
from urllib.parse import quote

from bench.played import TAGS, moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.telegram import Settings

POSTS = 10_000
PAGE = 20
TEXT = "أنقذوا حلب اليوم وكل يوم " * 10


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one channel holds them all
    return [Settings(channel="window", accept_terms=True, sweep_pages=1)]


def server(count: int, end: datetime) -> Answering:
    bubbles = [bubble(number, created) for number, created in enumerate(moments(count, end), start=1)]

    def answer(request: Request) -> Reply:
        last = int(request.last("before") or count + 1) - 1
        first = max(last - PAGE, 0)
        older = f'<link rel="prev" href="/s/window?before={first + 1}">' if first else ""
        body = PAGE_HTML.format(older=older, messages="".join(bubbles[first:last]))
        return Reply(body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})

    return answer


def bubble(number: int, created: datetime) -> str:
    tag = TAGS[number % len(TAGS)]
    return BUBBLE.format(
        number=number, tag=tag, quoted=quote(tag), views=f"{number % 90 / 10:.1f}K", at=created.isoformat(), text=TEXT
    )


PAGE_HTML = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Window – Telegram</title>
<link rel="canonical" href="/s/window">{older}</head><body><div class="tgme_channel_info">
<div class="tgme_channel_info_header_username">@window</div><div class="tgme_channel_info_counter">
<span class="counter_value">12.4K</span> <span class="counter_type">subscribers</span></div></div>
<main class="tgme_main"><section class="tgme_channel_history js-message_history">{messages}</section></main>
</body></html>"""
BUBBLE = """<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="window/{number}"
data-view="eyJjIjotMTIzNDU2Nzg5LCJwIjoxLCJ0IjoxLCJoIjoiMCJ9"><div class="tgme_widget_message_user">
<a href="https://t.me/window"><i class="tgme_widget_message_user_photo bgcolor2"><img src="https://cdn.example/w.jpg">
</i></a></div><div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">
<a class="tgme_widget_message_owner_name" href="https://t.me/window"><span dir="auto">Window</span></a></div>
<a class="tgme_widget_message_photo_wrap" href="https://t.me/window/{number}"
style="width:800px;background-image:url('x')">
<div class="tgme_widget_message_photo" style="padding-top:66.25%"></div></a>
<div class="tgme_widget_message_text js-message_text" dir="auto">{text}<br/><a href="?q=%23{quoted}">#{tag}</a></div>
<div class="tgme_widget_message_reactions js-message_reactions"><span class="tgme_reaction">
<i class="emoji" style="background-image:url('//telegram.example/1.png')"><b>❤</b></i>120</span></div>
<div class="tgme_widget_message_footer compact js-message_footer">
<div class="tgme_widget_message_info short js-message_info"><span class="tgme_widget_message_views">{views}</span>
<span class="copyonly"> views</span><span class="tgme_widget_message_meta">
<a class="tgme_widget_message_date" href="https://t.me/window/{number}">
<time datetime="{at}" class="time">12:00</time></a></span></div></div></div></div></div>"""
