"""`monitor new`."""

import pytest

from monitor.settings.load import load
from tests.cli.command import monitor, typed

FLAGS = ("--title", "Save Aleppo", "--hashtag", "#SaveAleppo", "--hashtag", "#أنقذوا_حلب")


def new(path, *words: str):
    return monitor("new", *words, "--config", path)


def test_flags_alone_write_a_valid_campaign(tmp_path):
    said = new(tmp_path, *FLAGS, "--word", "حلب", "--timezone", "Asia/Damascus", "--mastodon", "https://social.example")
    (aleppo,) = load(tmp_path, {}).campaigns
    assert (said.code, aleppo.campaign.slug, aleppo.campaign.zone) == (0, "save-aleppo", "Asia/Damascus")
    assert aleppo.campaign.spellings == ("savealeppo", "أنقذوا_حلب")
    assert [source.name for source in aleppo.sources] == ["social.example"]


def test_feeds_and_channels_are_written_too(tmp_path):
    new(tmp_path, *FLAGS, "--feed", "The News=https://news.example/rss?a=b", "--telegram", "example_newsroom")
    (aleppo,) = load(tmp_path, {}).campaigns
    assert [(source.platform, source.off) for source in aleppo.sources] == [
        ("feeds", None),
        ("telegram", "off until accept_terms = true"),
    ]


def test_spellings_are_proposed_as_comments_that_can_be_put_in_force(tmp_path):
    new(tmp_path, *FLAGS)
    path = tmp_path / "campaigns" / "save-aleppo.toml"
    path.write_text(path.read_text().replace('# "#', '"#'))
    (aleppo,) = load(tmp_path, {}).campaigns
    assert "انقذوا_حلب" in aleppo.campaign.spellings


def test_no_file_is_overwritten(tmp_path):
    new(tmp_path, *FLAGS)
    before = (tmp_path / "campaigns" / "save-aleppo.toml").read_bytes()
    said = new(tmp_path, "--title", "Save Aleppo", "--hashtag", "#other")
    assert (said.code, "exists already" in said.err) == (2, True)
    assert (tmp_path / "campaigns" / "save-aleppo.toml").read_bytes() == before


def test_what_was_wrong_is_said_and_nothing_is_written(tmp_path):
    said = new(tmp_path, "aleppo", "--hashtag", "#save aleppo", "--timezone", "Damascus")
    assert said.code == 2
    assert len(said.err.splitlines()) == 2
    assert not (tmp_path / "campaigns").exists()


def test_a_title_without_latin_letters_takes_its_short_name_from_a_hashtag(tmp_path):
    assert new(tmp_path, "--title", "أنقذوا حلب", "--hashtag", "#حلب", "--hashtag", "#SaveAleppo").code == 0
    assert (tmp_path / "campaigns" / "savealeppo.toml").exists()


def test_without_any_latin_letters_a_short_name_is_asked_for(tmp_path):
    said = new(tmp_path, "--title", "أنقذوا حلب", "--hashtag", "#حلب")
    assert (said.code, "give one: monitor new SLUG" in said.err) == (2, True)
    assert new(tmp_path, "aleppo", "--title", "أنقذوا حلب", "--hashtag", "#حلب").code == 0


@pytest.mark.parametrize("title", ['Say "no"', "back\\slash", "line\nbreak", "del\x7fete", "# not a comment"])
def test_any_title_is_written_so_that_it_is_read_back(tmp_path, title):
    new(tmp_path, "odd", "--title", title, "--hashtag", "#odd")
    assert load(tmp_path, {}).campaigns[0].campaign.title == title


def test_questions_are_asked_in_a_terminal(tmp_path):
    with typed("Save Aleppo\n#SaveAleppo #أنقذوا_حلب\nحلب, Aleppo city\nAsia/Damascus\nhttps://social.example\ny\ny\n"):
        said = new(tmp_path)
    (aleppo,) = load(tmp_path, {}).campaigns
    assert (said.code, aleppo.campaign.slug, len(aleppo.sources)) == (0, "save-aleppo", 3)
    assert [family.tag for family in aleppo.campaign.families] == ["SaveAleppo", "أنقذوا_حلب"]
    assert [phrase.text for phrase in aleppo.campaign.phrases] == ["حلب", "Aleppo city"]


def test_a_campaign_with_an_arabic_title_is_asked_for_its_short_name(tmp_path):
    with typed("أنقذوا حلب\naleppo\n#أنقذوا_حلب\nحلب، مدينة حلب\n\n\nn\nn\n"):
        said = new(tmp_path)
    (aleppo,) = load(tmp_path, {}).campaigns
    assert (said.code, aleppo.campaign.slug, aleppo.campaign.title) == (0, "aleppo", "أنقذوا حلب")
    assert [phrase.text for phrase in aleppo.campaign.phrases] == ["حلب", "مدينة حلب"]


def test_an_answer_that_cannot_be_is_asked_for_again(tmp_path):
    with typed("Buses\n#a-b\n#buses\nbus\nDamascus\nAsia/Damascus\nsocial example\nsocial.example\nn\nmaybe\nn\n"):
        said = new(tmp_path)
    (buses,) = load(tmp_path, {}).campaigns
    assert (said.code, buses.campaign.spellings, buses.campaign.zone) == (0, ("buses",), "Asia/Damascus")
    assert [source.name for source in buses.sources] == ["social.example"]
    assert 'write a name such as "Asia/Damascus"' in said.out + said.err


def test_without_a_terminal_nothing_is_asked(tmp_path):
    said = new(tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "--title" in said.err


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    said = new(tmp_path / "file", *FLAGS)
    assert (said.code, "cannot be written" in said.err) == (2, True)


def test_a_title_without_latin_letters_is_told_which_file_to_choose(tmp_path):
    said = new(tmp_path, "--title", "أنقذوا حلب", "--hashtag", "#حلب")
    assert said.err.split(": ")[0].endswith("campaigns")
    assert "monitor new save-aleppo for save-aleppo.toml" in said.err


def test_feeds_and_channels_of_one_name_do_not_clash(tmp_path):
    feeds = ("--feed", "News=https://news.example/rss", "--feed", "News=https://news.example/world")
    assert new(tmp_path, *FLAGS, *feeds, "--telegram", "@News", "--telegram", "https://t.me/others").code == 0
    (aleppo,) = load(tmp_path, {}).campaigns
    assert [source.name for source in aleppo.sources] == ["news", "news-feed", "news-telegram", "others"]


def test_platforms_without_a_key_are_a_flag_each(tmp_path):
    new(tmp_path, *FLAGS, "--jetstream", "--gdelt")
    (aleppo,) = load(tmp_path, {}).campaigns
    assert [(source.platform, source.off) for source in aleppo.sources] == [("jetstream", None), ("gdelt", None)]


def test_without_any_source_examples_without_a_key_can_be_put_in_force(tmp_path):
    new(tmp_path, *FLAGS)
    path = tmp_path / "campaigns" / "save-aleppo.toml"
    path.write_text(
        path.read_text().replace("# [[", "[[").replace("# platform =", "platform =").replace("# server", "server")
    )
    (aleppo,) = load(tmp_path, {}).campaigns
    assert [source.platform for source in aleppo.sources] == ["mastodon", "jetstream", "gdelt"]
