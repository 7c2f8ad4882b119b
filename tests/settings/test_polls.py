from datetime import timedelta

import pytest

from monitor.errors import SettingsError
from monitor.model.poll import Weekly
from monitor.settings.load import load
from monitor.settings.polls import weekly
from tests.settings.folder import BUSES, folder, loaded

POLL = f'{BUSES}timezone = "Asia/Damascus"\n[[polls]]\nquestion = ["اسم الجمعة"]\n'
AT = '[polls.at]\nplatform = "telegram"\nchannel = "@fridays"\naccept_terms = true\n'


def refusal(path, text: str, env: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder(path, buses=text), env or {})
    return str(caught.value).replace(f"{path}/campaigns/buses.toml: ", "")


def test_a_poll_is_declared_once_in_a_few_lines(tmp_path):
    (poll,) = loaded(tmp_path, buses=POLL + AT).campaigns[0].polls
    assert (poll.poll.name, poll.poll.zone, poll.poll.names) == ("friday", "Asia/Damascus", 4)
    assert (poll.poll.opens, poll.poll.closes) == (Weekly(1, 18), Weekly(2, 24))
    assert (poll.at.channel, poll.keep) == ("fridays", timedelta(days=400))
    assert poll.poll.asks("ما اسم الجمعة القادمة؟ اسم الجمعه")


def test_a_campaign_without_a_poll_has_none(tmp_path):
    assert loaded(tmp_path).campaigns[0].polls == ()


@pytest.mark.parametrize(
    ("written", "moment"),
    [("Tuesday 18:00", (1, 18, 0)), ("sunday  0:30", (6, 0, 30)), ("Wednesday 24:00", (2, 24, 0))],
)
def test_a_weekly_moment_is_a_day_and_a_time(written, moment):
    assert weekly(written) == Weekly(*moment)


@pytest.mark.parametrize(
    "written", ["Tuesday", "18:00", "Tue 18:00", "Tuesday 25:00", "Tuesday 24:01", "Friday 12:60", "الجمعة 12:00"]
)
def test_a_moment_that_is_none_says_how_one_is_written(tmp_path, written):
    said = refusal(tmp_path, f'{POLL}opens = "{written}"\n{AT}')
    assert said.startswith("polls[0].opens (line 6)")
    assert 'such as "Tuesday 18:00"' in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (POLL, "polls[0].at (line 4): say where the poll appears"),
        (f'{POLL}[polls.at]\nplatform = "carrier owl"\n', '"carrier owl" is not known; known here are mastodon, page'),
        (f"{POLL}[polls.at]\nchannel = 'x'\n", "platform (line 6): is missing; write one of"),
        (f'{POLL}[polls.at]\nplatform = "telegram"\nchannel = "a b"\n', "write the channel's name"),
        (f"{BUSES}polls = 3\n", "write each poll as a table of its own"),
        (f"{POLL}{AT}{POLL.removeprefix(BUSES).partition(chr(10))[2]}{AT}", "is also the name of polls[0]"),
        (f'{POLL}color = "red"\n{AT}', "color (line 6): is not known"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, text, words):
    assert words in refusal(tmp_path, text)


STRAW = f'{POLL}[polls.at]\nplatform = "strawpoll"\npoll = "NPgxkEXAMPLE"\n'


def test_a_key_comes_from_a_variable_named_by_campaign_and_poll(tmp_path):
    (poll,) = loaded(tmp_path, buses=STRAW, env={"MONITOR_BUSES_FRIDAY_KEY": "hush-hush"}).campaigns[0].polls
    assert poll.at.key.get_secret_value() == "hush-hush"


def test_a_missing_key_names_its_variable(tmp_path):
    assert "set MONITOR_BUSES_FRIDAY_KEY, or name a file that holds it in key_file" in refusal(tmp_path, STRAW)
