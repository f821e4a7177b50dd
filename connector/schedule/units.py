"""Ready units that keep the schedule running: for systemd, and for the Task Scheduler of Windows.

No secret stands in them: the token is read from its own place when the schedule starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from xml.etree import ElementTree as ET

_TASK: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_MARK: Final = "Written by dnevnik-archive service install for"


@dataclass(frozen=True, slots=True)
class Installed:
    """What a unit runs: a command line, in the archive's folder, under an account.

    ``writable`` are the folders that the schedule writes to.
    """

    command: tuple[str, ...]
    folder: PurePath
    settings: PurePath
    account: str
    writable: tuple[PurePath, ...]


def mark(installed: Installed) -> str:
    """What stands in every unit of this archive, and in no other file."""
    return f"{_MARK} {installed.settings}"


def systemd(installed: Installed, *, of_system: bool) -> str:
    """A unit of the user's own manager, or of the system's."""
    # A command line, unlike other lists, has variables too.
    words = " ".join(_quoted(word).replace("$", "$$") for word in installed.command)
    lines = [
        f"# {mark(installed)}",
        "[Unit]",
        "Description=Archive of the school's electronic journal (dnevnik-archive)",
        *(("Wants=network-online.target", "After=network-online.target") if of_system else ()),
        # It never gives up: an outage may be longer than any limit of starts.
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        "Type=exec",
        *((f"User={installed.account}",) if of_system else ()),
        f"WorkingDirectory={_unspecified(str(installed.folder))}",
        f"ExecStart={words}",
        "Environment=PYTHONUNBUFFERED=1",
        "Restart=on-failure",
        "RestartSec=60",
        # A wrong command line is not mended by starting it again.
        "RestartPreventExitStatus=2",
        # The part in hand is waited for; after that it is killed, which loses nothing.
        "TimeoutStopSec=180",
        "UMask=0077",
        *_hardening(installed, of_system=of_system),
        "",
        "[Install]",
        f"WantedBy={'multi-user.target' if of_system else 'default.target'}",
    ]
    return "\n".join(lines) + "\n"


def _hardening(installed: Installed, *, of_system: bool) -> list[str]:
    lines = [
        "NoNewPrivileges=yes",
        "LockPersonality=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "SystemCallArchitectures=native",
    ]
    if not of_system:
        # What follows needs mount namespaces: a user's own manager has none where the kernel forbids
        # them to users, and the unit would not start there.
        return lines
    writable = " ".join(_quoted(str(path)) for path in installed.writable)
    return [
        *lines,
        "ProtectSystem=strict",
        f"ReadWritePaths={writable}",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "ProtectClock=yes",
        "ProtectControlGroups=yes",
        "ProtectHostname=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "RestrictNamespaces=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "CapabilityBoundingSet=",
    ]


def task(installed: Installed, *, at_startup: bool) -> bytes:
    """A task for Windows, as UTF-16: at the user's logon, or at startup whether or not anyone logs on."""
    root = ET.Element("Task", {"version": "1.2", "xmlns": _TASK})
    _add(root, "RegistrationInfo", Description=mark(installed))
    triggers = ET.SubElement(root, "Triggers")
    if at_startup:
        _add(triggers, "BootTrigger", Enabled="true", Delay="PT1M")
    else:
        _add(triggers, "LogonTrigger", Enabled="true", UserId=installed.account, Delay="PT1M")
    principal = _add(
        ET.SubElement(root, "Principals"),
        "Principal",
        UserId=installed.account,
        # S4U: without anyone logged on, and without a stored password.
        LogonType="S4U" if at_startup else "InteractiveToken",
        RunLevel="LeastPrivilege",
    )
    principal.set("id", "Author")
    settings = _add(
        root,
        "Settings",
        MultipleInstancesPolicy="IgnoreNew",
        DisallowStartIfOnBatteries="false",
        StopIfGoingOnBatteries="false",
        AllowHardTerminate="true",
        StartWhenAvailable="true",
        RunOnlyIfNetworkAvailable="false",
        AllowStartOnDemand="true",
        Enabled="true",
        Hidden="false",
        RunOnlyIfIdle="false",
        WakeToRun="false",
        ExecutionTimeLimit="PT0S",
        Priority="7",
    )
    _add(settings, "RestartOnFailure", Interval="PT5M", Count="255")
    actions = ET.SubElement(root, "Actions", {"Context": "Author"})
    program, *arguments = installed.command
    _add(
        actions,
        "Exec",
        Command=program,
        Arguments=" ".join(_quoted_for_windows(one) for one in arguments),
        WorkingDirectory=str(installed.folder),
    )
    ET.indent(root)
    text = '<?xml version="1.0" encoding="UTF-16"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
    return text.replace("\n", "\r\n").encode("utf-16")


def _add(parent: ET.Element, tag: str, **children: str) -> ET.Element:
    element = ET.SubElement(parent, tag)
    for name, value in children.items():
        ET.SubElement(element, name).text = value
    return element


def _unspecified(text: str) -> str:
    """A text in which systemd sees no specifiers."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """A word as systemd's own quoting reads it back (systemd.syntax, systemd.service)."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_unspecified(escaped)}"'


def _quoted_for_windows(word: str) -> str:
    """A word of a Windows command line; a path never ends with a backslash here."""
    return f'"{word}"' if {*word} & {*" \t&^"} else word
