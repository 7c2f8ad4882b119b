"""`monitor digest` on the private real Redis, without a mail server."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.cli.command import Said, monitor
from tests.settings.folder import folder

READER = '[[digest.recipients]]\naddress = "desk@example.org"\n'


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    """A folder of settings whose mails go to `outbox` beside it."""
    campaigns = {
        slug: f'title = "{title}"\nhashtags = ["#{slug}"]\ntimezone = "Asia/Damascus"\n'
        for slug, title in (("buses", "Bus fares"), ("water", "Water"))
    }
    return folder(tmp_path / "config", monitor=f'{rules}[mail]\noutbox = "{tmp_path}/outbox"\n{READER}', **campaigns)


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


def test_a_test_mail_that_reaches_no_server_says_what_to_correct(config: Path):
    rules = config / "monitor.toml"
    rules.write_text(rules.read_text().replace("[mail]\n", '[mail]\nhost = "localhost"\nport = 1\nsecurity = "none"\n'))
    said = digest(config, "--send-test", "lina@example.org")
    assert said.code == 1
    assert "correct the table [mail]" in said.err
    assert "again later" not in said.err


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
    "words", [("--preview", "--language", "xx"), ("--send-test", "no address"), ("--day", "29.4.2016")]
)
def test_wrong_options_end_with_2(config: Path, words: tuple[str, ...]):
    assert digest(config, *words).code == 2


@pytest.mark.parametrize("words", [("--preview", "--language", "arr"), ("--send-test", "nope")])
def test_a_wrong_option_is_told_by_what_was_written(config: Path, words: tuple[str, ...]):
    assert f'"{words[-1]}" ' in digest(config, *words).err


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("--preview", "--send-test", "a@example.org"), "two things"),
        (("--day", "2016-04-29"), "belongs to --preview or --send-test"),
        (("--campaign", "buses"), "belongs to --preview or --send-test"),
        (("--language", "ar"), "belongs to --preview or --send-test"),
        (("--to", "somewhere"), "belongs to --preview"),
        (("--send-test", "a@example.org", "--open", "browser"), "belongs to --preview"),
        (("--preview", "--open", "lynx"), "none"),
    ],
)
def test_options_that_mean_nothing_together_are_refused(config: Path, words: tuple[str, ...], advice: str):
    said = digest(config, *words)
    assert said.code == 2
    assert advice in " ".join(said.err.replace("│", " ").split())
    assert not (config.parent / "outbox").exists()


def test_a_preview_opens_nothing(config: Path):
    assert digest(config, "--preview", "--open", "none", "--to", config.parent / "look").code == 0


def test_a_campaign_that_is_named_twice_is_told_once(config: Path):
    said = digest(config, "--preview", *["--campaign", "water"] * 2, "--to", config.parent / "look")
    assert "All campaigns" not in Path(said.out.splitlines()[2]).read_text()


def test_a_day_before_all_time_is_refused_in_words(config: Path):
    said = digest(config, "--preview", "--day", "0001-01-01")
    assert (said.code, "too long ago" in said.err) == (1, True)


def test_a_test_to_a_reader_is_what_that_reader_gets(config: Path):
    settings = config / "monitor.toml"
    settings.write_text(settings.read_text() + 'language = "ar"\ncampaigns = ["water"]\n')
    digest(config, "--send-test", "Desk@Example.org")
    (written,) = (config.parent / "outbox").glob("*.eml")
    mail = message_from_bytes(written.read_bytes(), policy=policy.default)
    assert mail["Content-Language"] == "ar-SY"
    assert "Bus fares" not in mail.get_body(("plain",)).get_content()


def test_with_a_public_address_a_mail_has_its_link(config: Path):
    settings = config / "monitor.toml"
    settings.write_text('[web]\npublic_url = "https://m.example.org"\n' + settings.read_text())
    said = digest(config, "--preview", "--to", config.parent / "look")
    assert "\nhttps://m.example.org/unsubscribe/en." in Path(said.out.splitlines()[2]).read_text()


def test_without_readers_it_says_where_they_are_named(config: Path):
    settings = config / "monitor.toml"
    settings.write_text(settings.read_text().removesuffix(READER))
    said = digest(config)
    assert said.code == 1
    assert "[[digest.recipients]]" in said.err
