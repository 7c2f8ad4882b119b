"""What is typed in the world, and whom it counts for: written by hand there, found by folding in the monitor."""

import pytest

from monitor.demo.cast import CAMPAIGN, ELSEWHERE, HEADLINES, OUTLETS, STRANGERS, TYPED, Typed
from monitor.demo.statuses import tag_key
from monitor.model.campaign import OTHER
from monitor.model.metric import WHOLE, family_subject, spelling_subject
from monitor.sources import platforms


@pytest.mark.parametrize("typed", TYPED, ids=lambda typed: typed.text)
def test_every_typed_tag_counts_for_its_family_and_spelling(typed: Typed) -> None:
    family = CAMPAIGN.families[typed.family].key
    expected = (WHOLE, family_subject(family), spelling_subject(family, typed.spelling))
    assert CAMPAIGN.subjects([typed.text]) == expected


@pytest.mark.parametrize("typed", TYPED, ids=lambda typed: typed.text)
def test_a_tag_is_findable_when_the_campaign_asks_for_it_letter_by_letter(typed: Typed) -> None:
    assert typed.findable == (tag_key(typed.text) in CAMPAIGN.spellings)
    assert typed.findable == (typed.spelling != OTHER)


@pytest.mark.parametrize("tag", STRANGERS)
def test_strangers_count_for_nobody(tag: str) -> None:
    assert CAMPAIGN.subjects([tag]) == ()


def test_there_are_more_spellings_than_one_question_takes() -> None:
    assert len(CAMPAIGN.spellings) > 4


@pytest.mark.parametrize("language", list(OUTLETS))
def test_headlines_name_the_campaign_and_others_only_seem_to(language: str) -> None:
    assert all(CAMPAIGN.names(title) for title in HEADLINES[language])
    assert not any(CAMPAIGN.names(title) for title in ELSEWHERE[language])


def test_the_names_of_the_outlets_are_such_as_an_operator_may_write() -> None:
    settings = platforms()["feeds"].Settings
    for outlet, host in OUTLETS.values():
        assert settings.model_validate({"url": f"https://{host}.example/rss", "outlet": outlet})
