"""Units for systemd and Windows: accepted by the systems' own rules, and without secrets."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from xml.etree import ElementTree as ET

import pytest

from connector.schedule.units import Installed, mark, systemd, task

NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
WINDOWS = Installed(
    (r"C:\Program Files\архив\dnevnik-archive.exe", "--config", r"C:\Мой архив\dnevnik-archive.toml",
     "schedule"),
    PureWindowsPath(r"C:\Мой архив"),
    PureWindowsPath(r"C:\Мой архив\dnevnik-archive.toml"),
    r"SCHOOL\deputy & co",
    (),
)  # fmt: skip


def installed(folder: Path) -> Installed:
    command = (sys.executable, "--config", str(folder / "dnevnik-archive.toml"), "schedule")
    return Installed(command, folder, folder / "dnevnik-archive.toml", getpass.getuser(), (folder,))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("of_system", [True, False])
@pytest.mark.parametrize("name", ["archive", "мой архив 100%", 'a "b" $HOME'])
def test_systemd_finds_nothing_wrong_with_its_unit(tmp_path: Path, name: str, of_system: bool) -> None:
    folder = tmp_path / name
    folder.mkdir()
    unit = tmp_path / "dnevnik-archive.service"
    unit.write_text(systemd(installed(folder), of_system=of_system), encoding="utf-8")
    whose = "--system" if of_system else "--user"
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", whose, str(unit)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    ours = [line for line in ended.stderr.splitlines() if "dnevnik-archive.service" in line]
    assert ours == []
    assert ended.returncode == 0, ended.stderr


def test_what_systemd_would_expand_stands_for_itself(tmp_path: Path) -> None:
    folder = tmp_path / "100% of $HOME"
    text = systemd(installed(folder), of_system=True)
    lines = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    assert lines["WorkingDirectory"] == f"{tmp_path}/100%% of $HOME"
    assert lines["ReadWritePaths"] == f'"{tmp_path}/100%% of $HOME"'
    assert f'"{tmp_path}/100%% of $$HOME/dnevnik-archive.toml"' in lines["ExecStart"]


def test_the_system_shuts_the_service_in_and_starts_it_again(tmp_path: Path) -> None:
    text = systemd(installed(tmp_path), of_system=True)
    expected = {
        "Restart=on-failure",
        "StartLimitIntervalSec=0",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "UMask=0077",
        f"User={getpass.getuser()}",
        f'ReadWritePaths="{tmp_path}"',
    }
    assert expected <= {*text.splitlines()}


def test_a_users_own_unit_asks_for_nothing_that_a_kernel_may_forbid_to_users(tmp_path: Path) -> None:
    text = systemd(installed(tmp_path), of_system=False)
    assert "NoNewPrivileges=yes" in text
    assert "WantedBy=default.target" in text
    for needs_namespace in ("ProtectSystem", "Private", "ReadWritePaths", "User="):
        assert needs_namespace not in text


@pytest.mark.parametrize("at_startup", [True, False])
def test_the_task_is_utf_16_and_in_the_order_of_its_schema(at_startup: bool) -> None:
    content = task(WINDOWS, at_startup=at_startup)
    assert content[:2] in (b"\xff\xfe", b"\xfe\xff")
    root = ET.fromstring(content)  # noqa: S314 - our own
    assert root.tag == f"{NAMESPACE}Task"
    names = [child.tag.removeprefix(NAMESPACE) for child in root]
    assert names == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    (trigger,) = root.iterfind(f"{NAMESPACE}Triggers/*")
    in_order = ["Enabled", "Delay"] if at_startup else ["Enabled", "UserId", "Delay"]
    assert trigger.tag.removeprefix(NAMESPACE) == ("BootTrigger" if at_startup else "LogonTrigger")
    assert [child.tag.removeprefix(NAMESPACE) for child in trigger] == in_order


def _text(path: str, at_startup: bool = False) -> str | None:
    root = ET.fromstring(task(WINDOWS, at_startup=at_startup))  # noqa: S314 - our own
    return root.findtext("/".join(NAMESPACE + part for part in path.split("/")))


def test_the_task_runs_on_battery_without_end_and_again_after_a_failure() -> None:
    settings = {name: _text(f"Settings/{name}") for name in (
        "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "ExecutionTimeLimit", "StartWhenAvailable",
    )}  # fmt: skip
    assert settings == {
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "ExecutionTimeLimit": "PT0S",
        "StartWhenAvailable": "true",
    }
    assert _text("Settings/RestartOnFailure/Interval") == "PT5M"
    assert 1 <= int(_text("Settings/RestartOnFailure/Count") or 0) <= 255  # an unsigned byte


def test_the_task_runs_the_schedule_under_the_account() -> None:
    assert _text("Actions/Exec/Command") == WINDOWS.command[0]
    assert _text("Actions/Exec/Arguments") == r'--config "C:\Мой архив\dnevnik-archive.toml" schedule'
    assert _text("Principals/Principal/UserId") == r"SCHOOL\deputy & co"
    assert _text("Principals/Principal/LogonType") == "InteractiveToken"
    assert _text("Principals/Principal/LogonType", at_startup=True) == "S4U"


def test_a_unit_says_whose_it_is() -> None:
    assert _text("RegistrationInfo/Description") == mark(WINDOWS)
    assert systemd(WINDOWS, of_system=False).startswith(f"# {mark(WINDOWS)}\n")
