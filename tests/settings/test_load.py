"""What comes out of the operator's folder."""

from datetime import UTC, datetime

import pytest

from monitor.errors import SettingsError
from monitor.settings.load import load, readable
from tests.settings.folder import BUSES, folder, loaded

SERVER = '\n[[sources]]\nplatform = "mastodon"\nserver = "https://social.example"\n'
CHANNEL = '\n[[sources]]\nplatform = "telegram"\nchannel = "example_newsroom"\n'


def problems(path, *, env=None, **files: str):
    with pytest.raises(SettingsError) as caught:
        load(folder(path, **files), env or {})
    return [str(problem).replace(f"{path}/", "") for problem in caught.value.problems]


def test_the_least_that_is_needed_is_a_title_and_a_hashtag(tmp_path):
    (buses,) = loaded(tmp_path).campaigns
    assert (buses.campaign.slug, buses.campaign.title, buses.campaign.zone) == ("buses", "Buses", "UTC")
    assert buses.campaign.spellings == ("buses",)


def test_without_monitor_toml_every_default_holds(tmp_path):
    path = folder(tmp_path)
    (path / "monitor.toml").unlink()
    assert load(path, {}).monitor.web.port == 8787


def test_whose_posts_may_be_linked_to_is_said_once_for_all_campaigns(tmp_path):
    (buses,) = loaded(tmp_path, monitor="[privacy]\npublic_from_followers = 50000\n").campaigns
    assert buses.campaign.public_from == 50_000


def test_when_a_platform_began_to_count_otherwise_is_said_once_for_all_campaigns(tmp_path):
    text = '[[breaks]]\nplatform = "x"\nnumber = "impressions"\nat = 2026-11-20T12:00:00Z\nwhat = "embedded posts"\n'
    (buses,) = loaded(tmp_path, monitor=text).campaigns
    assert [(one.platform, one.at.isoformat()) for one in buses.campaign.breaks] == [("x", "2026-11-20T12:00:00+00:00")]


def test_spellings_are_asked_for_in_the_operators_order_each_once(tmp_path):
    text = BUSES + 'spellings = { "#buses" = ["#BUSES", "#Busses", "#bus_es", "#busses"] }\n'
    (buses,) = loaded(tmp_path, buses=text).campaigns
    assert buses.campaign.spellings == ("buses", "busses", "bus_es")


def test_spellings_under_two_ways_to_write_one_hashtag_are_one_family(tmp_path):
    text = BUSES + '[spellings]\n"#buses" = ["#busses"]\n"#Buses" = ["#bus_es"]\n'
    (buses,) = loaded(tmp_path, buses=text).campaigns
    assert buses.campaign.spellings == ("buses", "busses", "bus_es")


def test_a_campaign_begins_at_midnight_of_its_own_time_zone(tmp_path):
    text = BUSES + 'timezone = "Asia/Damascus"\nsince = 2016-04-29\n'
    (buses,) = loaded(tmp_path, buses=text).campaigns
    assert buses.campaign.since == datetime(2016, 4, 28, 21, 0, tzinfo=UTC)


def test_campaigns_come_in_order_of_their_files(tmp_path):
    text = 'title = "{0}"\nhashtags = ["#{0}"]\n'
    watched = loaded(tmp_path, zoo=text.format("zoo"), ant=text.format("ant")).campaigns
    assert [each.campaign.slug for each in watched] == ["ant", "zoo"]


def test_a_source_without_a_name_is_called_after_its_place(tmp_path):
    (buses,) = loaded(tmp_path, buses=BUSES + SERVER + CHANNEL).campaigns
    assert [source.name for source in buses.sources] == ["social.example", "example_newsroom"]


def test_a_source_whose_terms_are_not_accepted_is_off(tmp_path):
    (buses,) = loaded(tmp_path, buses=BUSES + CHANNEL + CHANNEL + 'name = "two"\naccept_terms = true\n').campaigns
    assert [source.off for source in buses.sources] == ["off until accept_terms = true", None]


def test_hidden_files_and_other_files_are_left_alone(tmp_path):
    path = folder(tmp_path)
    (path / "campaigns" / ".buses.toml").write_text("an editor's own")
    (path / "campaigns" / "notes.txt").write_text("call the printer")
    assert len(load(path, {}).campaigns) == 1


def test_a_missing_folder_is_said_in_words(tmp_path):
    with pytest.raises(SettingsError, match=r"no such folder; name yours with --config"):
        load(tmp_path / "nowhere", {})


def test_a_folder_without_campaigns_leads_to_monitor_new(tmp_path):
    path = folder(tmp_path)
    (path / "campaigns" / "buses.toml").unlink()
    with pytest.raises(SettingsError, match="write one with `monitor new`"):
        load(path, {})


def test_a_folder_in_the_place_of_a_file_is_said_in_words(tmp_path):
    path = folder(tmp_path)
    (path / "campaigns" / "zoo.toml").mkdir()
    with pytest.raises(SettingsError, match=r"zoo.toml: cannot be read \(Is a directory\)"):
        load(path, {})


def test_problems_of_all_files_come_at_once(tmp_path):
    said = problems(tmp_path, monitor="[wep]\n", ant="title = 5\n", zoo='title = "Zoo\n')
    assert [line.split(":")[0] for line in said] == ["monitor.toml", "campaigns/ant.toml", "campaigns/zoo.toml"]


def test_recipients_are_not_blamed_for_a_campaign_whose_file_is_broken(tmp_path):
    reader = '[[digest.recipients]]\naddress = "desk@example.org"\ncampaigns = ["ant"]\n'
    said = problems(tmp_path, monitor=reader, ant="title = 5\nhashtags = ['#ant']\n")
    assert said == ['campaigns/ant.toml: title (line 1): write text in quotes, such as "…"']


def test_settings_are_values_that_nobody_can_change(tmp_path):
    with pytest.raises(ValueError, match="frozen"):
        loaded(tmp_path).monitor.web.port = 1


def test_infinity_is_no_number_of_minutes(tmp_path):
    said = problems(tmp_path, buses=BUSES + SERVER + "every_minutes = inf\n")
    assert said == ["campaigns/buses.toml: sources[0].every_minutes (line 7): write 1440.0 or less"]


def test_a_hundred_campaigns_load_in_a_second(tmp_path):
    many = {f"c{number}": BUSES.replace("buses", f"buses{number}") + SERVER for number in range(100)}
    assert len(loaded(tmp_path, **many).campaigns) == 100


@pytest.mark.parametrize("day", ["1971-01-01", "2099-12-31"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_every_day_that_may_be_written_has_a_midnight(tmp_path, day, zone):
    (buses,) = loaded(tmp_path, buses=f'{BUSES}timezone = "{zone}"\nsince = {day}\n').campaigns
    assert buses.campaign.since.timestamp() > 0


def test_a_port_that_exists_and_a_colon_behind_the_server_are_fine(tmp_path):
    feed = '\n[[sources]]\nplatform = "feeds"\noutlet = "News"\nurl = "https://news.example:65535/@a:b"\n'
    assert loaded(tmp_path, buses=BUSES + feed).campaigns


@pytest.mark.parametrize(("written", "expected"), [("", False), ("public = true\n", True)])
def test_a_campaign_is_public_only_if_its_file_says_so(tmp_path, written, expected):
    assert loaded(tmp_path, buses=BUSES + written).campaigns[0].campaign.is_public is expected


def test_what_is_right_can_be_read_beside_what_is_wrong(tmp_path):
    slips = '[web]\nport = 99999999\n[fetch]\ncontact = "desk@example.org"\n'
    read, problems = readable(folder(tmp_path, monitor=slips, buses=BUSES, trams="title = 3"), {})
    assert [one.campaign.slug for one in read.campaigns] == ["buses"]
    assert read.monitor.fetch.contact == "desk@example.org"
    assert [problem.place for problem in problems] == ["web.port (line 2)", "title (line 1)"]


def test_where_all_is_right_both_ways_of_reading_are_one(tmp_path):
    assert readable(folder(tmp_path), {}) == (load(tmp_path, {}), ())


@pytest.mark.parametrize("slip", ["[redis]\nfoldre = 'x'\n", "[privacy]\nkey = 'x'\n", "[redis"])
def test_no_other_store_is_taken_for_the_one_that_a_slip_hides(tmp_path, slip):
    with pytest.raises(SettingsError):
        readable(folder(tmp_path, monitor=slip), {})
