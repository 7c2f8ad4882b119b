"""`monitor digest` on the private real Redis, without a mail server."""

import secrets
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from monitor.store.embedded import Server
from tests.cli.command import Said, monitor

READER = '[[digest.recipients]]\naddress = "desk@example.org"\n'


@pytest.fixture
def config(tmp_path: Path, redis_server: Server) -> Path:
    """A folder of settings whose mails go to `outbox` beside it."""
    settings = (
        f'[redis]\nurl = "{redis_server.url}"\nprefix = "t{secrets.token_hex(6)}"\n'
        f'[privacy]\nfolder = "{tmp_path}"\n[mail]\noutbox = "{tmp_path}/outbox"\n{READER}'
    )
    folder = tmp_path / "config"
    (folder / "campaigns").mkdir(parents=True)
    (folder / "monitor.toml").write_text(settings)
    for slug, title in (("buses", "Bus fares"), ("water", "Water")):
        campaign = f'title = "{title}"\nhashtags = ["#{slug}"]\ntimezone = "Asia/Damascus"\n'
        (folder / "campaigns" / f"{slug}.toml").write_text(campaign)
    return folder


def digest(config: Path, *words: object) -> Said:
    return monitor("digest", "--config", config, *words)


def test_what_is_due_goes_out_once(config: Path):
    first, second = digest(config), digest(config)
    assert (first.code, second.code) == (0, 0)
    assert "sent" in first.out
    assert str(next((config.parent / "outbox").glob("*.eml"))) in first.out
    assert second.out.startswith("nothing is due")
    assert len(list((config.parent / "outbox").glob("*.eml"))) == 1


def test_a_preview_is_written_and_its_paths_are_printed(config: Path):
    said = digest(config, "--preview", "--day", "2016-04-29", "--language", "ar", "--to", config.parent / "look")
    paths = [Path(line) for line in said.out.splitlines()]
    assert [path.name for path in paths] == [f"digest-2016-04-29-ar.{kind}" for kind in ("eml", "html", "txt")]
    assert message_from_bytes(paths[0].read_bytes(), policy=policy.default)["Content-Language"] == "ar-SY"
    assert 'dir="rtl"' in paths[1].read_text()
    assert "29 نيسان" in paths[2].read_text()


def test_a_preview_sends_nothing(config: Path):
    digest(config, "--preview", "--to", config.parent / "look")
    assert not (config.parent / "outbox").exists()
    assert "sent" in digest(config).out


def test_a_preview_shows_its_pictures_in_a_browser(config: Path):
    said = digest(config, "--preview", "--to", config.parent / "look")
    assert "cid:" not in Path(said.out.splitlines()[1]).read_text()


def test_a_preview_may_tell_of_one_campaign(config: Path):
    said = digest(config, "--preview", "--campaign", "water", "--to", config.parent / "look")
    assert "Bus fares" not in Path(said.out.splitlines()[2]).read_text()


def test_a_test_mail_says_that_it_is_one_and_counts_as_none(config: Path):
    said = digest(config, "--send-test", "lina@example.org")
    (written,) = (config.parent / "outbox").glob("*.eml")
    mail = message_from_bytes(written.read_bytes(), policy=policy.default)
    assert said.out.startswith("written to")
    assert (mail["To"], str(mail["Subject"])[:5]) == ("lina@example.org", "Test:")
    assert "sent" in digest(config).out


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("--preview", "--campaign", "busses"), "did you mean buses?"),
        (("--preview", "--day", "2090-01-01"), "2090-01-01 has not come yet"),
        (("--preview", "--to", __file__), "name another folder with --to"),
    ],
)
def test_what_can_not_be_done_is_said_in_words(config: Path, words: tuple[str, ...], advice: str):
    said = digest(config, *words)
    assert said.code == 1
    assert advice in said.err


@pytest.mark.parametrize(
    "words", [("--preview", "--language", "fr"), ("--send-test", "no address"), ("--day", "29.4.2016")]
)
def test_wrong_options_end_with_2(config: Path, words: tuple[str, ...]):
    assert digest(config, *words).code == 2


@pytest.mark.parametrize("words", [("--preview", "--language", "arr"), ("--send-test", "nope")])
def test_a_wrong_option_is_told_by_what_was_written(config: Path, words: tuple[str, ...]):
    assert f'"{words[-1]}" ' in digest(config, *words).err


def test_without_readers_it_says_where_they_are_named(config: Path):
    settings = config / "monitor.toml"
    settings.write_text(settings.read_text().removesuffix(READER))
    said = digest(config)
    assert said.code == 1
    assert "[[digest.recipients]]" in said.err
