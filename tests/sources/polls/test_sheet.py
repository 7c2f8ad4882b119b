import httpx
import pytest

from monitor.errors import UnexpectedPayload
from monitor.sources.polls.sheet import Settings, read
from tests.people import NOON

URL = "https://sheets.example/pub?output=csv"
SETTINGS = Settings(url=URL, label="Your choice", question="ما اسم الجمعة القادمة؟")
BALLOTS = (
    "Timestamp,Your choice,E-mail\n"
    "11/12/2025 9:05:00,جمعة الغضب,one@example.org\n"
    "11/12/2025 9:06:00,«الغضب»,two@example.org\n"
    '11/12/2025 9:07:00,"الصمود\n",three@example.org\n'
    "11/12/2025 9:08:00,,four@example.org\n"
)


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text=BALLOTS, headers={"content-type": "text/csv; charset=utf-8"})


def seen(text: str = BALLOTS, **changes: object):
    return read(text.encode(), text, SETTINGS.model_copy(update=changes), NOON)


def test_each_ballot_is_one_vote_and_an_empty_one_is_none():
    tally = seen()
    assert {option.key: votes.votes for option, votes in zip(tally.options, tally.votes, strict=True)} == {
        "الغضب": 2,
        "الصمود": 1,
    }
    assert (tally.total, tally.voters) == (3, 3)


def test_the_addresses_of_people_are_not_kept():
    assert b"example.org" not in seen().raw


def test_where_several_may_be_chosen_votes_and_voters_differ():
    tally = seen('Your choice\n"a, b"\n"a"\n', several=", ")
    assert (tally.total, tally.voters, tally.is_multiple) == (3, 2, True)
    assert tally.by_key["a"].share == 1.0


def test_a_table_of_sums_is_read_too():
    tally = seen("Name,Votes\nالغضب,١٢\nالصمود,7\n", holds="table", label="Name")
    assert [one.votes for one in tally.votes] == [12, 7]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html>Sign in</html>", "login"),
        ("Timestamp,Choice\n1,a\n", "no column 'Your choice'"),
        ("Your choice\n", "no ballots"),
        ("", "empty"),
        ("Your choice\n" + "\n".join(f"name {number} of many" for number in range(300)), "300 different things"),
    ],
)
def test_what_is_no_sheet_of_ballots_is_told(text, words):
    with pytest.raises(UnexpectedPayload, match=words):
        seen(text)
