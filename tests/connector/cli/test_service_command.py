"""``service``: units written where the system looks, never over a file of somebody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.cli.exit_codes import ExitCode


@pytest.fixture
def unit(command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive, and the place of its unit in a home of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DNEVNIK_ARCHIVE_LANGUAGE", "en")
    command("init", "--dir", "archive")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_CONFIG", str(tmp_path / "archive" / "dnevnik-archive.toml"))
    return tmp_path / "home" / "systemd" / "user" / "dnevnik-archive.service"


def test_show_writes_nothing(command: Any, unit: Path) -> None:
    shown = command("service", "show", "--systemd")
    assert shown.code == 0
    assert "[Service]" in shown.out
    assert not unit.exists()
    assert command("service", "install", "--systemd").code == 0
    assert unit.read_text() == shown.out


def test_install_says_what_to_type_next_and_may_be_repeated(command: Any, unit: Path) -> None:
    first = command("service", "install", "--systemd")
    assert "systemctl --user enable --now dnevnik-archive.service" in first.out
    assert "loginctl enable-linger" in first.out
    assert command("service", "install", "--systemd").code == 0


@pytest.mark.parametrize("content", ["[Service]\nExecStart=/bin/true\n", "", "\xff"])
def test_a_file_of_somebody_else_is_neither_overwritten_nor_removed(
    command: Any, unit: Path, content: str
) -> None:
    unit.parent.mkdir(parents=True)
    unit.write_bytes(content.encode("latin-1"))
    for action in ("install", "uninstall"):
        ended = command("service", action, "--systemd")
        assert ended.code == ExitCode.FILES
        assert "--name" in ended.err
    assert unit.read_bytes() == content.encode("latin-1")


def test_a_second_archive_takes_another_name(
    command: Any, unit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("service", "install", "--systemd")
    command("init", "--dir", "other")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_CONFIG", str(tmp_path / "other" / "dnevnik-archive.toml"))
    assert command("service", "install", "--systemd").code == ExitCode.FILES
    assert command("service", "install", "--systemd", "--name", "second").code == 0
    assert str(tmp_path / "other") in unit.with_name("second.service").read_text()


@pytest.mark.parametrize("name", ["../up", "a b", "", "имя", "a.service"])
def test_a_name_that_would_lead_elsewhere_is_refused(command: Any, unit: Path, name: str) -> None:
    assert command("service", "install", "--systemd", "--name", name).code == ExitCode.USAGE


def test_uninstall_removes_the_unit_and_its_link(command: Any, unit: Path) -> None:
    command("service", "install", "--systemd")
    link = unit.parent / "default.target.wants" / unit.name
    link.parent.mkdir()
    link.symlink_to(unit)
    ended = command("service", "uninstall", "--systemd")
    assert "systemctl --user stop dnevnik-archive.service" in ended.out
    assert not unit.exists()
    assert not link.is_symlink()
    assert "no unit" in command("service", "uninstall", "--systemd").out


def test_the_unit_of_the_system_names_the_archives_owner(command: Any, unit: Path, tmp_path: Path) -> None:
    text = command("service", "show", "--systemd", "--system").out
    owner = (tmp_path / "archive" / "dnevnik-archive.toml").owner()
    assert f"User={owner}" in text.splitlines()
    assert f'ReadWritePaths="{tmp_path}/archive"' in text


def test_all_folders_that_are_written_are_open_to_it(command: Any, unit: Path, tmp_path: Path) -> None:
    with (tmp_path / "archive" / "dnevnik-archive.toml").open("a") as settings:
        settings.write('\nstore_url = "sqlite:///../store/archive.sqlite"\nsnapshots_dir = "/mnt/years"\n')
    text = command("service", "show", "--systemd", "--system").out
    (line,) = [one for one in text.splitlines() if one.startswith("ReadWritePaths=")]
    assert "/store" in line
    assert '"/mnt"' in line


def test_the_windows_task_lies_beside_the_settings_with_its_command(
    command: Any, unit: Path, tmp_path: Path
) -> None:
    ended = command("service", "install", "--windows")
    file = tmp_path / "archive" / "dnevnik-archive-task.xml"
    assert f'schtasks /Create /TN "dnevnik-archive" /XML "{file}"' in ended.out
    assert "LogonTrigger" in file.read_text(encoding="utf-16")
    assert command("service", "install", "--windows", "--system").code == 0
    assert "BootTrigger" in file.read_text(encoding="utf-16")


def test_no_secret_gets_into_a_unit(
    command: Any, unit: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN", "hidden-token")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_HEARTBEAT_URL", "https://hc.example/hidden-uuid")
    for options in (("--systemd",), ("--systemd", "--system"), ("--windows",)):
        assert "hidden-" not in command("service", "show", *options).out


def test_without_settings_there_is_nothing_to_install(
    command: Any, unit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DNEVNIK_ARCHIVE_CONFIG")
    assert command("service", "show", "--systemd").code == ExitCode.SETTINGS
