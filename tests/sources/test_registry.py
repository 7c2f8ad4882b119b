"""The folder is the registry."""

import pytest

from monitor.model.source import SourceSettings
from monitor.sources import platforms


@pytest.mark.parametrize("name", ["feeds", "mastodon", "telegram"])
def test_the_platforms_of_the_folder_are_found(name: str) -> None:
    assert name in platforms()


@pytest.mark.parametrize("name", platforms())
def test_a_platform_is_called_like_its_file(name: str) -> None:
    settings = platforms()[name].Settings
    assert issubclass(settings, SourceSettings)
    assert settings.model_fields["platform"].default == name


@pytest.mark.parametrize("name", platforms())
def test_a_platform_keeps_a_distance_between_calls(name: str) -> None:
    assert 0 < platforms()[name].spacing <= 60


def test_parts_of_a_platform_are_no_platforms() -> None:
    assert not any(name.startswith("_") for name in platforms())
