from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.daemon.watch import Watch
from monitor.settings.load import load
from monitor.settings.schema import Settings
from tests.daemon.machine import Machine

SERVER = "https://social.example"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.campaign("aleppo", SERVER)
    return machine


@pytest.fixture
def watch(machine: Machine) -> Watch:
    return Watch(machine.config, {}, load(machine.config, {}))


def looks(watch: Watch) -> bool:
    """Look twice: a change counts when it has settled."""
    return watch.look() or watch.look()


def slugs(watch: Watch) -> set[str]:
    return {watched.campaign.slug for watched in watch.settings.campaigns}


def broken(_folder: Path, _env: Mapping[str, str]) -> Settings:
    """Read the files with a mistake of ours."""
    raise KeyError("homs")


def test_nothing_changes_by_looking(watch: Watch):
    assert not looks(watch)


def test_a_new_campaign_comes_into_force(watch: Watch, machine: Machine):
    machine.campaign("homs", SERVER)
    assert looks(watch)
    assert slugs(watch) == {"aleppo", "homs"}


def test_a_new_table_of_outlets_comes_into_force(watch: Watch, machine: Machine):
    table = "domain,name,language,country,region\nnews.example,The News,en,GB,western\n"
    (machine.config / "outlets.csv").write_text(table, encoding="utf-8")
    assert looks(watch)
    assert watch.settings.campaigns[0].campaign.outlets.names == {"The News"}


def test_a_removed_campaign_goes(watch: Watch, machine: Machine):
    machine.campaign("homs", SERVER)
    looks(watch)
    (machine.config / "campaigns" / "aleppo.toml").unlink()
    assert looks(watch)
    assert slugs(watch) == {"homs"}


def test_a_file_that_is_still_being_written_is_left_alone(watch: Watch, machine: Machine):
    file = machine.campaign("homs", SERVER)
    assert not watch.look()
    file.write_text(file.read_text() + "# the rest\n")
    assert not watch.look()
    assert watch.look()


def test_a_file_written_anew_with_the_same_content_changes_nothing(watch: Watch, machine: Machine):
    machine.campaign("aleppo", SERVER)
    assert not looks(watch)


def test_a_bad_file_leaves_the_old_settings_in_force(watch: Watch, machine: Machine):
    machine.campaign("homs", SERVER)
    file = machine.campaign("aleppo", SERVER)
    file.write_text(file.read_text().replace("hashtags", "hashtag"))
    assert not looks(watch)
    assert slugs(watch) == {"aleppo"}
    assert "did you mean hashtags" in (watch.problem or "")


def test_a_mended_file_ends_the_problem(watch: Watch, machine: Machine):
    file = machine.campaign("aleppo", SERVER)
    good = file.read_text()
    file.write_text("nonsense")
    looks(watch)
    file.write_text(good)
    assert not looks(watch)
    assert watch.problem is None


def test_asked_to_it_reads_at_once(watch: Watch, machine: Machine):
    machine.campaign("homs", SERVER)
    assert watch.look(at_once=True)


def test_another_redis_needs_a_restart_and_all_else_comes_into_force(watch: Watch, machine: Machine):
    file = machine.config / "monitor.toml"
    file.write_text(file.read_text().replace("[redis]", '[redis]\nprefix = "other"'))
    machine.campaign("homs", SERVER)
    assert looks(watch)
    assert (slugs(watch), watch.settings.monitor.redis.prefix) == ({"aleppo", "homs"}, "cm")
    assert watch.problem == "restart the daemon to take up [redis] and [privacy]"


def test_a_folder_that_vanished_is_a_problem_not_a_crash(watch: Watch, machine: Machine):
    machine.config.rename(machine.home / "elsewhere")
    assert not looks(watch)
    assert "no such folder" in (watch.problem or "")


def test_files_that_break_the_reading_itself_leave_the_old_settings_in_force(watch: Watch, machine: Machine, capsys):
    breaking = Watch(machine.config, {}, watch.settings, read=broken)
    machine.campaign("homs", SERVER)
    assert not looks(breaking)
    assert slugs(breaking) == {"aleppo"}
    assert (
        breaking.problem
        == "the settings in force are older than the files, which cannot be read: KeyError, see the log"
    )
    assert "in broken" in "".join(capsys.readouterr())  # the traceback


def test_a_file_that_leads_to_itself_is_a_problem_not_a_crash(watch: Watch, machine: Machine):
    (machine.config / "campaigns" / "loop.toml").symlink_to("loop.toml")
    assert not watch.look(at_once=True)
    assert "cannot be read" in (watch.problem or "")
