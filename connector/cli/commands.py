"""The commands by name: what each is for, and the module that has it, which is imported when it is asked for.

A command imports what it works with: databases, HTTP, workbooks. No command need wait for what another needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, cast

import click
import typer
from typer.core import TyperGroup

from archive_store.texts import N_, _
from connector.cli.click_words import translate, translate_itself


@dataclass(frozen=True, slots=True)
class Named:
    """A command before its module is imported.

    Attributes:
        module: in this package; its function ``register`` adds the command, perhaps with others.
        text: the beginning of its help, as the list of all commands shows it.
    """

    module: str
    text: str


COMMANDS: Final = {
    "init": Named("init", N_("Write a commented file of settings and make the archive.")),
    "login": Named("login", N_("Sign in to the platform in the browser and keep the token.")),
    "logout": Named("login", N_("Forget the token that is kept.")),
    "doctor": Named("doctor", N_("Check this installation and find out how the platform behaves.")),
    "sync": Named("sync", N_("Fetch what is new from the platform into the archive.")),
    "resync": Named("sync", N_("Fetch any part again and repair the record.")),
    "schedule": Named("schedule", N_("Stay and sync every night.")),
    "status": Named("status", N_("Say how the archive does, and what waits for you.")),
    "reconcile": Named("reconcile", N_("Compare the archive with what the platform computes itself.")),
    "data": Named("data", N_("Print the record: one row per record, for work with data.")),
    "profiles": Named(
        "packages", N_("List the profiles of packages: for whom, what lies in them, what does not.")
    ),
    "form": Named("form", N_("Write forms by name into a new folder, as PDF/A, XLSX, CSV and JSON.")),
    "forms": Named("form", N_("List the forms, their names and what each is about.")),
    "restore": Named("restore", N_("Make the record of a sealed year that of a fresh archive.")),
    "sandbox": Named("sandbox", N_("Serve an invented school that answers as the platform does.")),
    "demo": Named("demo", N_("Show the whole job on an invented school: sync, close a year, export.")),
    "quarantine": Named(
        "quarantine", N_("Records that the platform no longer shows, too many at once to be believed.")
    ),
    "alarm": Named("alarm", N_("Alarms: heartbeat, mail, webhook.")),
    "service": Named("service", N_("Let the system start the schedule: systemd, or Windows.")),
    "history": Named("history", N_("The life of a value: first seen, changed, withdrawn, and by which run.")),
    "year": Named("year", N_("Academic years: check, close and amend them.")),
    "terms": Named("terms", N_("Terms of keeping: the school's list of files.")),
    "export": Named("exports", N_("Write what an inspector asks for into a folder.")),
    "snapshot": Named("snapshots", N_("Sealed years: check, copy, mend and compare them.")),
    "carrier": Named("carriers", N_("Carriers on which copies of sealed years are kept.")),
    "retention": Named("retention", N_("Terms that are over: legal holds, acts, destruction.")),
    "ledger": Named("ledger", N_("The chain of digests over the record.")),
    "access": Named("access", N_("The log of access: who was given what, and why.")),
    "person": Named("person", N_("What the archive holds on one person.")),
    "backup": Named(
        "backup", N_("Copy the archive's database, also while a sync runs, and verify the copy.")
    ),
    "key": Named("keys", N_("The key with which the program signs what it seals.")),
}


class Commands(TyperGroup):
    """All commands, as a group. Only the one that is asked for is imported, and none for the help."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - those of any group
        super().__init__(**attributes)
        self.commands = cast("MutableMapping[str, click.Command]", _Imported())
        translate_itself(self)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, by the table alone."""
        named = {name: click.Command(name, help=_(one.text)) for name, one in COMMANDS.items()}
        TyperGroup(commands=named).format_commands(ctx, formatter)


class _Imported(Mapping[str, click.Command]):
    """The commands, each imported at the first look at it."""

    def __init__(self) -> None:
        self._known: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._known:
            self._known |= _commands_of(COMMANDS[name].module)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def _commands_of(module: str) -> dict[str, click.Command]:
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, suggest_commands=False)
    import_module(f"connector.cli.{module}").register(app)
    group = typer.main.get_group(app)
    for command in group.commands.values():
        translate(command)
    return dict(group.commands)
