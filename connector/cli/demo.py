"""The command ``demo``: the whole main job on an invented school, and where to look at what it made."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urljoin
from urllib.request import urlopen

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table

from archive_store.asof import AsOf
from archive_store.catalogue import classes, the_school
from archive_store.data import DATA_SETS, Selection, rows
from archive_store.errors import FolderNotEmpty
from archive_store.store import make_store
from archive_store.texts import N_, _
from config.file import ENVIRONMENT_PREFIX, FILE_NAME
from connector.cli import archive, init, ledger, snapshots, sync
from connector.cli import year as year_commands
from connector.cli.exit_codes import ExitCode
from connector.cli.session import Session
from connector.sync.grid import months_of

_COUNTED: Final = {
    "lessons": N_("Lessons and topics"),
    "homework": N_("Homework"),
    "marks": N_("Marks of lessons"),
    "attendance": N_("Attendance"),
    "final-marks": N_("Final marks"),
    "persons": N_("Pupils"),
    "groups": N_("Classes and subgroups"),
    "memberships": N_("Pupils in classes and subgroups"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("Show the whole job on an invented school: sync, close a year, export."))(demo)


def demo(
    context: typer.Context,
    directory: Annotated[
        Path, typer.Option("--dir", help=_("Folder for what is made; it must not exist yet, or be empty."))
    ] = Path("dnevnik-demo"),
    pupils: Annotated[int, typer.Option(min=12, max=5000, help=_("How many pupils the school has."))] = 300,
    seed: Annotated[int, typer.Option(help=_("The same number makes the same school."))] = 1,
) -> int:
    """Run everything against a sandbox of its own."""
    from connector.sandbox.parameters import SchoolParameters
    from connector.sandbox.serve import running_process

    started = time.monotonic()
    _forget_own_settings()
    if directory.exists() and any(directory.iterdir()):
        raise FolderNotEmpty(directory)
    console = Console()
    token = secrets.token_hex(16)
    _step(console, 1, _("An invented school of {pupils} pupils is starting ...").format(pupils=pupils))
    with running_process(SchoolParameters(pupils=pupils, seed=seed), token) as school:
        demo_of = _Demo(console, context, directory, school.url)
        demo_of.install(token)
        outcome = demo_of.run()
    seconds = time.monotonic() - started
    console.print(_("Done in {seconds:.0f} s.").format(seconds=seconds))
    return outcome


def _forget_own_settings() -> None:
    """The settings of a person's own school must not lead a demo to it: in the environment they would win."""
    for name in [name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX)]:
        del os.environ[name]


@dataclass(slots=True)
class _Demo:
    console: Console
    context: typer.Context
    folder: Path
    url: str

    def install(self, token: str) -> None:
        """Make an installation, as its user would."""
        file = self.folder / FILE_NAME
        init.write_settings(file)
        with file.open("a", encoding="utf-8") as settings:
            settings.write(f'\napi_url = "{self.url}"\n')
        with os.fdopen(os.open(self.folder / "token", os.O_CREAT | os.O_WRONLY, 0o600), "w") as out:
            out.write(token)
        self.context.obj = Session(file)
        make_store(self._session.settings.absolute_store_url).dispose()

    def run(self) -> int:
        """The steps, each the command that a user would type."""
        year = self._session.window().first_year
        self._say(2, _("The first sync: everything that the platform has (sync)"))
        codes = [sync.sync(self.context)]
        self._say(3, _("The archive beside the school's own truth"))
        codes.append(self._compare(year))
        self._say(4, _("A second sync right after: nothing new (sync)"))
        codes.append(sync.sync(self.context))
        self._say(
            5,
            _("The academic year {year}/{next} is closed and sealed (year close {year})").format(
                year=year, next=year + 1
            ),
        )
        codes.append(year_commands.close(self.context, year))
        self._say(6, _("The sealed year and the ledger are checked (snapshot verify, ledger verify)"))
        codes.append(snapshots.verify_path(self._session.settings.snapshots))
        codes.append(ledger.verify(self.context))
        group, out = self._class_name(year), self.folder / "export"
        self._say(7, _("What an inspector gets: class {group} (export)").format(group=group))
        archive.one_class(self.context, year, group, out)
        self._tell_paths(out)
        return max(codes)

    @property
    def _session(self) -> Session:
        session: Session = self.context.obj
        return session

    def _say(self, number: int, text: str) -> None:
        _step(self.console, number, text)

    def _compare(self, year: int) -> int:
        """Count the archive's rows as ``data`` prints them, and ask the sandbox what it has."""
        table = Table(box=None, pad_edge=False)
        for title in (_("Academic year"), _("Records"), _("school"), _("archive"), ""):
            table.add_column(title, justify="left" if title == _("Records") else "right")
        equal = True
        for study_year in (year, year + 1):
            truth = _truth(self.url, study_year, self._last_day_read(study_year))
            for name, count in self._counts(study_year):
                same = truth[name.replace("-", "_")] == count
                equal = equal and same
                verdict = "=" if same else "≠"
                shown = f"{study_year}/{study_year + 1}"
                table.add_row(
                    shown, _(_COUNTED[name]), str(truth[name.replace("-", "_")]), str(count), verdict
                )
        self.console.print(table)
        return ExitCode.OK if equal else ExitCode.NOT_VERIFIED

    def _last_day_read(self, study_year: int) -> date:
        """The last day whose lessons a sync of today reads: months beyond the horizon are not due yet."""
        window = self._session.window()
        horizon = window.today + timedelta(days=window.days_ahead)
        return max(last for first, last in months_of(study_year) if first <= horizon)

    def _counts(self, study_year: int) -> Iterator[tuple[str, int]]:
        with self._school() as (connection, at):
            for name in _COUNTED:
                selected = rows(connection, DATA_SETS[name], at, Selection(study_year=study_year))
                yield name, sum(1 for _row in selected)

    @contextmanager
    def _school(self) -> Iterator[tuple[sa.Connection, AsOf]]:
        engine = self._session.engine()
        with engine.connect() as connection:
            yield connection, AsOf(the_school(connection))
        engine.dispose()

    def _class_name(self, year: int) -> str:
        """The class that the issue of a demo is about: a ninth, if there is one."""
        with self._school() as (connection, at):
            known = classes(connection, at, year)
        ninth = [one for one in known if one.parallel == 9]
        return (ninth or known)[0].name

    def _tell_paths(self, out: Path) -> None:
        settings = self._session.settings
        self.console.print()
        for what, path in (
            (_("Look first at the class journal:"), out / "01-journal.pdf"),
            (_("and at the summary sheet:"), out / "02-summary-sheet.pdf"),
            (_("The sealed year:"), settings.snapshots),
            (_("The archive:"), settings.folder / "archive.sqlite"),
            (_("The settings:"), settings.folder / FILE_NAME),
        ):
            self.console.print(what, str(path), soft_wrap=True, highlight=False)
        self.console.print(
            _("Next, your own school: the README's section on it begins with: dnevnik-archive init"),
            soft_wrap=True,
            highlight=False,
        )


def _step(console: Console, number: int, text: str) -> None:
    console.print()
    console.print(f"{number}. {text}", style="bold", highlight=False)


def _truth(url: str, study_year: int, last: date) -> dict[str, int]:
    """What the sandbox says of itself; no call of the platform, hence not by the client."""
    asked = urljoin(url, f"/sandbox/truth?year={study_year}&last={last}")
    with urlopen(asked) as answer:  # noqa: S310 - our own server
        truth: dict[str, int] = json.load(answer)
    return truth
