"""Commands of the service: units that keep the schedule running, put where the system looks for them."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from archive_store.errors import FolderNotWritable
from archive_store.texts import _
from config.errors import SettingsError
from config.file import ENVIRONMENT_PREFIX, FILE_NAME
from connector.cli.machine_words import ForeignUnit
from connector.cli.session import Session, account
from connector.schedule import units
from connector.schedule.units import Installed

_PROGRAM: Final = "dnevnik-archive"
_NAME_PATTERN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

SystemOption = Annotated[
    bool,
    typer.Option("--system", help=_("For the whole PC, from its start; otherwise for you, from your logon.")),
]
NameOption = Annotated[str, typer.Option(help=_("Name of the unit, if one PC keeps several archives."))]
WindowsOption = Annotated[
    bool, typer.Option("--windows/--systemd", help=_("For which system; by default for this one."))
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = typer.Typer(
        no_args_is_help=True, help=_("Let the system start the schedule: systemd, or Windows.")
    )
    commands.command("show", help=_("Print the unit without writing it."))(show)
    commands.command("install", help=_("Write the unit, and say what to type next."))(install)
    commands.command("uninstall", help=_("Remove the unit, and say what to type next."))(uninstall)
    app.add_typer(commands, name="service")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit: where it goes, what stands in it, and what is typed after it was written or removed."""

    path: Path
    content: bytes
    mark: str
    encoding: str
    after_writing: tuple[str, ...]
    after_removing: tuple[str, ...]

    def is_ours(self) -> bool:
        """Whether the file that is there was written for this archive."""
        with suppress(OSError, UnicodeError):
            return self.mark in self.path.read_text(encoding=self.encoding)
        return False


def show(
    context: typer.Context,
    system: SystemOption = False,
    name: NameOption = _PROGRAM,
    windows: WindowsOption = os.name == "nt",
) -> None:
    """Print the unit."""
    unit = _unit(context.obj, name, system=system, windows=windows)
    typer.echo(unit.content.decode(unit.encoding).replace("\r\n", "\n"), nl=False)


def install(
    context: typer.Context,
    system: SystemOption = False,
    name: NameOption = _PROGRAM,
    windows: WindowsOption = os.name == "nt",
) -> None:
    """Write the unit; a file of anybody else is left alone."""
    unit = _unit(context.obj, name, system=system, windows=windows)
    if unit.path.exists() and not unit.is_ours():
        raise ForeignUnit(unit.path)
    try:
        unit.path.parent.mkdir(parents=True, exist_ok=True)
        unit.path.write_bytes(unit.content)
    except OSError as error:
        raise FolderNotWritable(unit.path.parent, error.strerror or str(error)) from error
    typer.echo(_("Written: {path}").format(path=unit.path))
    _tell(unit.after_writing)


def uninstall(
    context: typer.Context,
    system: SystemOption = False,
    name: NameOption = _PROGRAM,
    windows: WindowsOption = os.name == "nt",
) -> None:
    """Remove the unit, if it is this archive's."""
    unit = _unit(context.obj, name, system=system, windows=windows)
    if not unit.path.exists():
        typer.echo(_("There is no unit: {path}").format(path=unit.path))
        return
    if not unit.is_ours():
        raise ForeignUnit(unit.path)
    try:
        for link in unit.path.parent.glob(f"*.wants/{unit.path.name}"):
            if link.is_symlink():
                link.unlink()
        unit.path.unlink()
    except OSError as error:
        raise FolderNotWritable(unit.path.parent, error.strerror or str(error)) from error
    typer.echo(_("Removed: {path}").format(path=unit.path))
    _tell(unit.after_removing)


def _tell(commands: tuple[str, ...]) -> None:
    typer.echo(_("Now type:"))
    for command in commands:
        typer.echo(f"  {command}")


def _unit(session: Session, name: str, *, system: bool, windows: bool) -> _Unit:
    if not name or {*name} - {*_NAME_PATTERN}:
        raise typer.BadParameter(_("Latin letters, digits and hyphens alone."), param_hint="--name")
    installed = _installed(session, of_system=system)
    return _task(installed, name, system) if windows else _systemd(installed, name, system)


def _systemd(installed: Installed, name: str, of_system: bool) -> _Unit:
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    folder = Path("/etc/systemd/system") if of_system else Path(home) / "systemd" / "user"
    control = "sudo systemctl" if of_system else "systemctl --user"
    # Without it the user's services end with the session.
    linger = () if of_system else ("loginctl enable-linger",)
    return _Unit(
        folder / f"{name}.service",
        units.systemd(installed, of_system=of_system).encode(),
        units.mark(installed),
        "utf-8",
        (f"{control} daemon-reload", f"{control} enable --now {name}.service", *linger),
        (f"{control} stop {name}.service", f"{control} daemon-reload"),
    )


def _task(installed: Installed, name: str, at_startup: bool) -> _Unit:
    path = Path(installed.folder) / f"{name}-task.xml"
    return _Unit(
        path,
        units.task(installed, at_startup=at_startup),
        units.mark(installed),
        "utf-16",
        (f'schtasks /Create /TN "{name}" /XML "{path}"', f'schtasks /Run /TN "{name}"'),
        (f'schtasks /End /TN "{name}"', f'schtasks /Delete /TN "{name}" /F'),
    )


def _installed(session: Session, *, of_system: bool) -> Installed:
    settings = session.settings
    file = _settings_file(session)
    store = settings.absolute_store_url.removeprefix("sqlite:///")
    folders = {settings.folder.absolute(), settings.snapshots.parent}
    if store != settings.absolute_store_url:
        folders.add(Path(store).parent)
    command = (*_program(), "--config", str(file), "schedule")
    owner = _owner(file) if of_system else _own_account()
    return Installed(command, file.parent, file, owner, tuple(sorted(folders)))


def _settings_file(session: Session) -> Path:
    """The file of settings, for the service starts in no folder of ours. Raises SettingsError."""
    named = session.config or os.environ.get(ENVIRONMENT_PREFIX + "CONFIG") or FILE_NAME
    file = Path(named).absolute()
    if not file.is_file():
        raise SettingsError("not found", "", str(file))
    return file


def _program() -> tuple[str, ...]:
    """How this program is started: by its own file beside Python's, or by Python."""
    suffix = ".exe" if os.name == "nt" else ""
    beside = Path(sys.executable).parent / (_PROGRAM + suffix)
    found = str(beside) if beside.is_file() else shutil.which(_PROGRAM)
    return (found,) if found else (sys.executable, "-c", "from connector.cli import main; main()")


def _owner(file: Path) -> str:
    """Under whose account the system is to run it: not root's, to whom a copy of the archive may fall."""
    try:
        return file.owner()
    except (KeyError, NotImplementedError, OSError):  # Windows does not tell
        return _own_account()


def _own_account() -> str:
    """The account of whoever types, on Windows with its domain or PC."""
    domain = os.environ.get("USERDOMAIN") if os.name == "nt" else None
    return f"{domain}\\{account()}" if domain else account()
