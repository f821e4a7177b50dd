"""The command line: its commands, its language, and how it ends."""

from __future__ import annotations

import os
import traceback
from pathlib import Path
from typing import Annotated

import click
import typer

from archive_store.texts import _
from connector.cli.commands import Commands
from connector.cli.errors import explain
from connector.cli.exit_codes import ExitCode

app = typer.Typer(
    name="dnevnik-archive",
    help=_("The school's own archive of its electronic journal on Dnevnik.ru."),
    no_args_is_help=True,
    cls=Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    suggest_commands=False,  # click suggests them already
    add_completion=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("dnevnik-archive"))
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help=_("File of settings; by default dnevnik-archive.toml here."))
    ] = None,
    school: Annotated[
        int | None, typer.Option(help=_("Number of the school, if the archive holds several."))
    ] = None,
    language: Annotated[str, typer.Option(help=_("Language of the program: ru or en."))] = "",  # noqa: ARG001
    show_version: Annotated[  # noqa: ARG001
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help=_("Print the version.")),
    ] = False,
) -> None:
    """Keep what all commands share."""
    from connector.cli.session import Session

    context.obj = Session(config, school)


def run(arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code; errors are worded, never traced back."""
    command = typer.main.get_command(app)
    try:
        result = command.main(args=arguments, prog_name="dnevnik-archive", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        _say(_interrupted())
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place that can word it
        return _explained(error)
    if result == ExitCode.INTERRUPTED:
        _say(_interrupted())
    return result if isinstance(result, int) else ExitCode.OK


def _interrupted() -> str:
    return _(
        "Interrupted. What was fetched is kept, and the next run goes on from here; "
        "nothing is left half-written."
    )


def _explained(error: Exception) -> ExitCode:
    explanation = explain(error)
    if explanation is not None:
        _say(explanation.wrong + " " + explanation.remedy)
        return explanation.exit_code
    # No traceback: its lines may show people's data. On request the place alone is told.
    _say(_("A fault of the program: {kind}. Please tell its makers.").format(kind=type(error).__name__))
    if os.environ.get("DNEVNIK_ARCHIVE_DEBUG"):
        for frame in traceback.extract_tb(error.__traceback__):
            _say(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}")
    return ExitCode.BUG


def _say(text: str) -> None:
    from rich.console import Console

    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(text)
