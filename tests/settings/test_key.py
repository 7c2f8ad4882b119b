"""The privacy key: the operator's, or one that is made once and stays."""

import stat
import threading

import pytest
from pydantic import SecretStr

from monitor.errors import SettingsError
from monitor.settings.key import privacy_key
from monitor.settings.schema import Privacy


def test_a_key_is_made_once_and_stays(tmp_path):
    privacy = Privacy(folder=tmp_path / "var")
    assert privacy_key(privacy) == privacy_key(privacy)
    assert len(privacy_key(privacy)) == 32


def test_two_machines_make_two_keys(tmp_path):
    assert privacy_key(Privacy(folder=tmp_path / "a")) != privacy_key(Privacy(folder=tmp_path / "b"))


def test_only_its_owner_may_read_the_key(tmp_path):
    privacy_key(Privacy(folder=tmp_path))
    assert stat.S_IMODE((tmp_path / "privacy.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["privacy.key"]


def test_the_operators_key_is_used_and_none_is_made(tmp_path):
    privacy = Privacy(key=SecretStr("correct horse battery"), folder=tmp_path)
    assert privacy_key(privacy) == privacy_key(privacy.model_copy(update={"folder": tmp_path / "elsewhere"}))
    assert not list(tmp_path.iterdir())


def test_daemons_that_start_at_once_agree_on_one_key(tmp_path):
    keys: list[bytes] = []
    starts = [threading.Thread(target=lambda: keys.append(privacy_key(Privacy(folder=tmp_path)))) for _ in range(16)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(keys) == 16
    assert len(set(keys)) == 1


def test_a_key_that_was_cut_off_is_not_replaced_in_silence(tmp_path):
    (tmp_path / "privacy.key").write_text("abc")
    with pytest.raises(SettingsError, match="bring it back from a copy"):
        privacy_key(Privacy(folder=tmp_path))


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path):
    (tmp_path / "var").write_text("a file in the way")
    with pytest.raises(SettingsError, match="the privacy key cannot be made"):
        privacy_key(Privacy(folder=tmp_path / "var"))
