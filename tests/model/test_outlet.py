import pytest

from monitor.model.outlet import Outlet, Outlets, Region, region

TABLE = Outlets(
    (
        Outlet("bbc.com", "BBC News", "en", "GB", Region.WESTERN),
        Outlet("bbc.com/arabic", "BBC Arabic", "ar", "GB", Region.WESTERN),
        Outlet("rt.com", "RT", "en", "RU", Region.OTHER),
        Outlet("arabic.rt.com", "RT Arabic", "ar", "RU", Region.OTHER),
    )
)


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://www.bbc.com/news/articles/c1", "BBC News"),
        ("https://www.bbc.com/arabic/articles/c1?at_medium=RSS", "BBC Arabic"),
        ("https://m.bbc.com/arabic", "BBC Arabic"),
        ("https://arabic.rt.com/x", "RT Arabic"),
        ("https://www.rt.com/x", "RT"),
        ("https://sport.rt.com/x", "RT"),
        ("https://notrt.com/x", None),
        ("https://com/x", None),
        ("tag:1", None),
        (None, None),
    ],
)
def test_an_article_belongs_to_the_most_exact_place(link, name):
    found = TABLE.of(link)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("country", "part"),
    [("SY", "arab"), ("PS", "arab"), ("GB", "western"), ("US", "western"), ("TR", "other"), (None, "other")],
)
def test_a_country_lies_in_one_part_of_the_world(country, part):
    assert region(country) == part


def test_without_a_table_nobody_is_known():
    assert Outlets().of("https://www.bbc.com/") is None
