"""`monitor user` and `monitor token` on the private real Redis."""

import json
import sys
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.command import Said, monitor
from tests.settings.folder import folder

PASSWORD = "four quite unusual words"


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    return folder(tmp_path / "config", monitor=rules)


@pytest.fixture
def said(config):
    """What a command says, given a password on standard input."""

    def run(*words: str, password: str = PASSWORD) -> Said:
        before, sys.stdin = sys.stdin, StringIO(f"{password}\n")
        try:
            return monitor(*words, "--config", config)
        finally:
            sys.stdin = before

    return run


def test_somebody_is_added_shown_and_removed(said):
    assert said("user", "add", "desk", "--role", "operator").out == "desk may sign in as operator\n"
    assert said("user", "list").out.startswith("desk  operator  since ")
    assert said("user", "remove", "desk").out == "desk may not sign in any more\n"
    assert "open on this machine" in said("user", "list").out


def test_nothing_shows_a_password_or_its_hash(said):
    said("user", "add", "desk")
    shown = said("user", "list", "--json").out
    assert set(json.loads(shown)[0]) == {"name", "role", "made_at"}
    assert "argon2" not in shown + said("user", "list").out


def test_a_weak_password_is_refused_and_nobody_is_added(said):
    refused = said("user", "add", "desk", password="short")
    assert (refused.code, "12 characters or more" in refused.err) == (1, True)
    assert said("user", "list", "--json").out == "[]\n"


def test_nobody_is_added_twice(said):
    said("user", "add", "desk")
    assert "monitor user password desk" in said("user", "add", "desk").err


def test_a_password_is_changed(said):
    said("user", "add", "desk")
    assert said("user", "password", "desk", password=f"{PASSWORD} more").out == "the password of desk is changed\n"


@pytest.mark.parametrize("verb", ["password", "remove"])
def test_whoever_is_not_there_is_not_changed(said, verb):
    refused = said("user", verb, "eve")
    assert (refused.code, "no user is called eve" in refused.err) == (1, True)


@pytest.mark.parametrize("kind", ["user", "token"])
def test_a_name_that_is_none_is_a_matter_of_usage(said, kind):
    refused = said(kind, "add", "a/b")
    assert (refused.code, "is no name" in refused.err) == (2, True)


def test_a_token_is_shown_once(said):
    key = said("token", "add", "grafana").out.strip()
    assert key.startswith("cm_")
    listed = said("token", "list").out
    assert listed.startswith("grafana  read  since ")
    assert key not in listed + said("token", "list", "--json").out


def test_a_token_may_have_an_end_and_several_scopes(said):
    said("token", "add", "bot", "--scope", "read", "--scope", "silence", "--days", "30")
    assert "bot  read, silence  since" in said("token", "list").out
    assert "  until " in said("token", "list").out


def test_a_token_is_removed(said):
    said("token", "add", "grafana")
    assert said("token", "remove", "grafana").code == 0
    assert "monitor token add" in said("token", "list").out
    assert "no token is called grafana; there are: none" in said("token", "remove", "grafana").err
