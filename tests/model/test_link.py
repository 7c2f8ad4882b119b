import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.link import canonical

ARTICLE = "news.example/world/aleppo"


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example/world/aleppo",
        "http://www.news.example/world/aleppo/",
        "HTTPS://WWW.News.Example:443/world/aleppo#comments",
        "https://m.news.example/world/aleppo?utm_source=feed&utm_medium=rss",
        "https://mobile.news.example/world/aleppo?fbclid=1&at_campaign=rss&traffic_source=rss",
        "https://amp.news.example/world/aleppo",
        "https://news.example/world/aleppo/amp/",
        "https://news.example/amp/world/aleppo",
        "https://news.example/world/aleppo.amp",
        "https://news.example/world/aleppo?amp=1&outputType=amp",
        "https://www.google.com/amp/s/www.news.example/world/aleppo",
        "https://news-example.cdn.ampproject.org/c/s/news.example/world/aleppo",
    ],
)
def test_one_article_has_one_address(address):
    assert canonical(address) == ARTICLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://e.example/a?id=1", "https://e.example/a?id=2"),
        ("https://e.example/A", "https://e.example/a"),
        ("https://arabic.e.example/a", "https://e.example/a"),
        ("https://e.example:8080/a", "https://e.example/a"),
        ("https://e.example/amp/ohm", "https://e.example/volt/ohm"),
    ],
)
def test_two_articles_have_two(one, other):
    assert canonical(one) != canonical(other)


def test_arabic_letters_are_the_same_percent_encoded_or_not():
    assert canonical("https://e.example/حلب") == canonical("https://e.example/%D8%AD%D9%84%D8%A8")


def test_the_order_of_parameters_says_nothing():
    assert canonical("https://e.example/?b=2&a=1") == canonical("https://e.example/?a=1&b=2")


@pytest.mark.parametrize("odd", ["", "tag:e.example,2016:1", "http://[::1", "https://e.example:99999/", "m.example"])
def test_what_is_no_web_address_is_itself(odd):
    assert canonical(odd) == odd


@given(st.text())
def test_any_text_has_an_address_that_is_its_own(text):
    assert canonical(canonical(f"https://e.example/{text}")) is not None
    canonical(text)
