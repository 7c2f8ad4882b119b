"""Secrets: where they come from, and that no message, value or log ever holds them."""

import logging

import pytest

from monitor import log
from monitor.errors import SettingsError
from monitor.settings.load import load
from monitor.settings.schema import Monitor
from monitor.settings.secret import LONGEST, read_secret, variable, variables
from tests.settings.folder import BUSES, folder, loaded

SECRET = "hunter2-hunter2-hunter2"
MAIL = '[mail]\nhost = "smtp.example.org"\nuser = "monitor"\n'
SOURCE = '\n[[sources]]\nplatform = "mastodon"\nserver = "https://social.example"\n'


def password(settings):
    return settings.monitor.mail.password.get_secret_value()


def refusal(path, env=None, **files: str):
    with pytest.raises(SettingsError) as caught:
        load(folder(path, **files), env or {})
    return str(caught.value).replace(f"{path}/", "")


def test_a_secret_comes_from_its_variable(tmp_path):
    assert password(loaded(tmp_path, monitor=MAIL, env={"MONITOR_MAIL_PASSWORD": SECRET})) == SECRET


def test_a_secret_comes_from_the_file_a_key_names(tmp_path):
    (tmp_path / "password").write_text(f"{SECRET}\n")
    assert password(loaded(tmp_path, monitor=f'{MAIL}password_file = "{tmp_path}/password"\n')) == SECRET


def test_a_secret_comes_from_the_file_a_variable_names(tmp_path):
    (tmp_path / "password").write_text(f"{SECRET}\r\n")
    env = {"MONITOR_MAIL_PASSWORD_FILE": f"{tmp_path}/password"}
    assert password(loaded(tmp_path, monitor=MAIL, env=env)) == SECRET


def test_the_variable_wins_over_the_file(tmp_path):
    (tmp_path / "password").write_text("of the file")
    text = f'{MAIL}password_file = "{tmp_path}/password"\n'
    assert password(loaded(tmp_path, monitor=text, env={"MONITOR_MAIL_PASSWORD": SECRET})) == SECRET


def test_an_empty_variable_is_no_secret(tmp_path):
    assert loaded(tmp_path, monitor=MAIL, env={"MONITOR_MAIL_PASSWORD": ""}).monitor.mail.password is None


def test_a_source_has_a_variable_of_its_own(tmp_path):
    env = {"MONITOR_BUSES_SOCIAL_EXAMPLE_TOKEN": SECRET}
    (buses,) = loaded(tmp_path, env=env, buses=BUSES + SOURCE).campaigns
    assert buses.sources[0].token.get_secret_value() == SECRET


def test_a_source_reads_the_file_of_its_token(tmp_path):
    (tmp_path / "token").write_text(SECRET)
    (buses,) = loaded(tmp_path, buses=f'{BUSES}{SOURCE}token_file = "{tmp_path}/token"\n').campaigns
    assert buses.sources[0].token.get_secret_value() == SECRET


def test_the_address_of_redis_may_stand_in_the_file_when_no_login_is_in_it(tmp_path):
    settings = loaded(tmp_path, monitor='[redis]\nurl = "redis://redis:6379/0"\n')
    assert settings.monitor.redis.url.get_secret_value() == "redis://redis:6379/0"


@pytest.mark.parametrize(("written", "said"), [
    ("", "must hold one line, the secret"),
    ("two\nlines", "must hold one line, the secret"),
    ("x" * (LONGEST + 1), "must hold one line, the secret"),
    (b"\xff\xfe", "is not text in UTF-8"),
])  # fmt: skip
def test_a_file_that_cannot_be_a_secret_is_refused(tmp_path, written, said):
    (tmp_path / "password").write_bytes(written if isinstance(written, bytes) else written.encode())
    text = f'{MAIL}password_file = "{tmp_path}/password"\n'
    told = f"monitor.toml: mail.password_file (line 4): password: this file of a secret {said}"
    assert refusal(tmp_path, monitor=text) == told


def test_a_folder_is_not_a_secret(tmp_path):
    text = f'{MAIL}password_file = "{tmp_path}"\n'
    assert "this file of a secret cannot be read (Is a directory)" in refusal(tmp_path, monitor=text)


def test_a_path_that_no_file_can_have_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="this file of a secret has a name that no file can have"):
        read_secret(tmp_path / "pass\0word")


@pytest.mark.parametrize("text", [
    f"[mail]\npassword = '{SECRET}'\n",
    f"[mail]\npasword = '{SECRET}'\n",
    f"[privacy]\nkey = '{SECRET}'\n",
    f"[redis]\nurl = 'redis://:{SECRET}@localhost'\n",
    f"[mail]\npassword = ['{SECRET}']\n",
    f"[mail]\npassword = '{SECRET}\n",
])  # fmt: skip
def test_no_message_repeats_a_secret_that_was_written_into_the_file(tmp_path, text):
    assert "hunter2" not in refusal(tmp_path, monitor=text)


def test_no_message_repeats_a_secret_of_the_environment(tmp_path):
    env = {"MONITOR_PRIVACY_KEY": "hunter2", "MONITOR_REDIS_URL": SECRET, "MONITOR_MAIL_PASWORD": SECRET}
    said = refusal(tmp_path, env)
    assert "hunter2" not in said
    assert len(said.splitlines()) == 3


def test_neither_values_nor_dumps_nor_logs_show_a_secret(tmp_path, capsys):
    env = {"MONITOR_MAIL_PASSWORD": SECRET, "MONITOR_BUSES_SOCIAL_EXAMPLE_TOKEN": SECRET, "MONITOR_PRIVACY_KEY": SECRET}
    settings = loaded(tmp_path, monitor=MAIL, env=env, buses=BUSES + SOURCE)
    log.configure(level="INFO")
    log.get("settings").info("loaded", settings=settings)
    logging.getLogger("settings").warning("%r", settings)
    dumped = settings.monitor.model_dump_json() + settings.campaigns[0].sources[0].model_dump_json()
    assert "hunter2" not in repr(settings) + str(settings) + dumped + "".join(capsys.readouterr())


def test_an_unknown_variable_is_a_problem_with_a_hint(tmp_path):
    said = refusal(tmp_path, {"MONITOR_MAIL_PASWORD": SECRET})
    assert said == "MONITOR_MAIL_PASWORD: this variable is not known; did you mean MONITOR_MAIL_PASSWORD?"


def test_variables_of_others_are_none_of_our_business(tmp_path):
    assert loaded(tmp_path, env={"PATH": "/bin", "MONITORING": "on", "MONITOR_CONFIG": str(tmp_path)})


def test_every_secret_has_a_variable_and_a_file():
    known = {"REDIS_URL", "PRIVACY_KEY", "MAIL_PASSWORD", "ALERTS_HEARTBEAT_URL"}
    assert set(variables(Monitor)) == {f"MONITOR_{name}{end}" for name in known for end in ("", "_FILE")}


def test_a_name_becomes_a_variable():
    assert variable("save-aleppo", "social.example", "token") == "MONITOR_SAVE_ALEPPO_SOCIAL_EXAMPLE_TOKEN"


POLL = """
[[polls]]
[polls.at]
platform = "x"
account = "@fridays"
"""
REDDIT = f'{BUSES}\n[[sources]]\nplatform = "reddit"\napp_id = "abcdefgh"\nuser = "desk"\naccept_terms = true\n'


def test_a_secret_that_a_source_can_not_do_without_is_asked_for_by_its_variable(tmp_path):
    said = refusal(tmp_path, buses=REDDIT)
    assert "app_secret" in said
    assert "is missing; set MONITOR_BUSES_REDDIT_APP_SECRET, or name a file that holds it in app_secret_file" in said


def test_a_source_that_needs_a_secret_takes_it_from_its_variable(tmp_path):
    (buses,) = loaded(tmp_path, buses=REDDIT, env={"MONITOR_BUSES_REDDIT_APP_SECRET": SECRET}).campaigns
    assert buses.sources[0].app_secret.get_secret_value() == SECRET


@pytest.mark.parametrize("off", ["enabled = false", "accept_terms = false"])
@pytest.mark.parametrize("key", ["", 'app_secret_file = "/nowhere/secret"\n'])
def test_a_source_that_is_off_needs_no_secret_yet(tmp_path, off, key):
    text = REDDIT.replace("accept_terms = true", off) + key
    (buses,) = loaded(tmp_path, buses=text).campaigns
    assert buses.sources[0].off


def test_a_poll_whose_terms_are_not_accepted_needs_no_secret_yet(tmp_path):
    (buses,) = loaded(tmp_path, buses=BUSES + POLL).campaigns
    assert buses.polls[0].at.off


def test_a_source_that_is_off_may_have_its_secret_already(tmp_path):
    off = REDDIT.replace("accept_terms = true", "enabled = false")
    assert loaded(tmp_path, buses=off, env={"MONITOR_BUSES_REDDIT_APP_SECRET": SECRET}).campaigns


def test_a_secret_may_not_stand_in_the_table_of_a_source_that_is_off(tmp_path):
    off = REDDIT.replace("accept_terms = true", f'enabled = false\napp_secret = "{SECRET}"')
    assert "a secret may not stand in this file" in refusal(tmp_path, buses=off)


def test_a_file_of_a_secret_that_a_variable_names_is_told_with_campaign_and_variable(tmp_path):
    said = refusal(tmp_path, {"MONITOR_BUSES_REDDIT_APP_SECRET_FILE": "/nowhere/secret"}, buses=REDDIT)
    place = "campaigns/buses.toml: MONITOR_BUSES_REDDIT_APP_SECRET_FILE: /nowhere/secret"
    assert said == f"{place}: this file of a secret cannot be read (No such file or directory)"


def test_a_secret_in_the_file_is_told_beside_all_else_that_is_wrong_with_its_table(tmp_path):
    said = refusal(tmp_path, buses=f"{BUSES}{SOURCE}token = '{SECRET}'\nevery_minutes = 0.1\ncolour = 'red'\n")
    assert [line.split()[1] for line in said.splitlines()] == [
        "sources[0].every_minutes", "sources[0].colour", "sources[0].token"
    ]  # fmt: skip
    assert "hunter2" not in said


def test_a_missing_file_of_a_secret_hides_nothing(tmp_path):
    lost = f'{SOURCE}token_file = "/nowhere/token"\n'
    env = {"MONITOR_MAIL_PASWORD": SECRET}
    said = refusal(tmp_path, env, buses=BUSES + lost + lost, zoo="title = 5\n").splitlines()
    assert [line.split()[1] for line in said] == [
        "sources[0].token_file", "sources[1].token_file", "sources[1].name", "title", "this"
    ]  # fmt: skip


def test_a_variable_is_not_called_unknown_while_its_source_cannot_be_read(tmp_path):
    env = {"MONITOR_BUSES_SOCIAL_EXAMPLE_TOKEN": SECRET, "MONITOR_ZOO_X_TOKEN": SECRET}
    said = refusal(tmp_path, env, buses=f"{BUSES}{SOURCE}every_minutes = 0.1\n")
    assert [line.partition(":")[0] for line in said.splitlines()] == ["campaigns/buses.toml", "MONITOR_ZOO_X_TOKEN"]


@pytest.mark.parametrize("name", ["MONITOR_HOPE_X_TOKEN", "MONITOR_HOPE_X_KEY", "MONITOR_BUSES_SOCIAL_OTHERS_TOKEN"])
def test_no_variable_of_another_place_is_proposed(tmp_path, name):
    said = refusal(tmp_path, {name: SECRET}, buses=BUSES + SOURCE)
    assert said == f"{name}: this variable is not known; no campaign listens to it; check it, or take it away"


def test_a_slip_in_the_name_of_a_source_is_known(tmp_path):
    said = refusal(tmp_path, {"MONITOR_BUSES_SOCAIL_EXAMPLE_TOKEN": SECRET}, buses=BUSES + SOURCE)
    assert said.endswith("did you mean MONITOR_BUSES_SOCIAL_EXAMPLE_TOKEN?")


def test_a_lost_file_of_one_secret_hides_no_other_that_is_missing(tmp_path):
    text = f"{BUSES}[[sources]]\nplatform = 'telegram_app'\naccept_terms = true\napi_id = 12345\n"
    said = refusal(tmp_path, buses=f"{text}api_hash_file = '/nowhere/hash'\n")
    assert "api_hash_file (line 7): /nowhere/hash" in said
    assert "session (line 3): is missing" in said
