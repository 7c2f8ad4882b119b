"""Requests are counted by the clock on the wall."""

from monitor.demo.turnstile import Turnstile


def test_what_comes_within_a_stretch_adds_up() -> None:
    turnstile = Turnstile(900)
    assert [turnstile.count("pages", moment) for moment in (905, 1000, 1799)] == [(900, 1), (900, 2), (900, 3)]


def test_the_next_stretch_begins_anew() -> None:
    turnstile = Turnstile(900)
    turnstile.count("pages", 1799)
    assert turnstile.count("pages", 1800) == (1800, 1)


def test_everything_has_a_count_of_its_own_and_some_requests_weigh_nothing() -> None:
    turnstile = Turnstile(60)
    turnstile.count("searches", 0)
    assert turnstile.count("lookups", 0) == (0, 1)
    assert turnstile.count("searches", 1, 0) == (0, 1)
