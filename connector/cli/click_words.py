"""The words of the command-line library that a person may see, so that the catalogues translate them.

Click looks them up by GNU gettext at run time, in the catalogue that ``archive_store.texts`` activates; the
names of its types it does not look up, so they are given to it.
"""

from __future__ import annotations

from copy import copy
from typing import Final

import click

from archive_store.texts import N_, NP_, _

WORDS: Final = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Arguments"),
    N_("Show this message and exit."),
    N_("Try '{command} {option}' for help."),
    N_("Error: {message}"),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Option {name!r} does not take a value."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("Choose from:\n\t{choices}"),
    N_("default: {default}"),
    N_("required"),
    NP_("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    NP_("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    NP_("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    NP_("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    NP_("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}."),
)

_OPTIONS: Final = N_("[OPTIONS]")
_SUBCOMMAND: Final = N_("COMMAND [ARGS]...")
# As they stand in an error; in the help they are in capitals.
_TYPES: Final = {
    "text": N_("text"),
    "integer": N_("integer"),
    "integer range": N_("integer range"),
    "float": N_("float"),
    "path": N_("path"),
}


def translate(command: click.Command) -> None:
    """Let a command and those below it name the types of their options in the language that is spoken."""
    translate_itself(command)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            translate(below)


def translate_itself(command: click.Command) -> None:
    """The same, of a command without those below it."""
    command.options_metavar = _(_OPTIONS)
    for parameter in command.params:
        if parameter.type.name in _TYPES:
            parameter.type = copy(parameter.type)  # click shares one among all programs
            parameter.type.name = _(_TYPES[parameter.type.name])
    if isinstance(command, click.Group):
        command.subcommand_metavar = _(_SUBCOMMAND)
