"""The commands. ``main`` is the console command ``dnevnik-archive``."""

from __future__ import annotations

import os
import sys
from itertools import pairwise

from archive_store import texts


def main() -> None:
    """Run the command line in the person's language, and end with a documented exit code."""
    texts.activate(_language(sys.argv[1:]))
    # Imported only now: the help texts of the commands are translated as they are defined.
    from connector.cli.app import run

    sys.exit(run())


def _language(arguments: list[str]) -> str:
    """The language of ``--language``, of the environment, or of the settings; Russian otherwise."""
    for argument, following in pairwise([*arguments, ""]):
        if argument == "--language" and following in texts.LANGUAGES:
            return following
        if argument.removeprefix("--language=") in texts.LANGUAGES:
            return argument.removeprefix("--language=")
    from_environment = os.environ.get("DNEVNIK_ARCHIVE_LANGUAGE", "")
    return from_environment if from_environment in texts.LANGUAGES else _language_of_settings(arguments)


def _language_of_settings(arguments: list[str]) -> str:
    from pathlib import Path

    from config.errors import SettingsError
    from config.file import written

    named = next((after for one, after in pairwise(arguments) if one == "--config"), None)
    try:
        language = written(Path(named) if named else None)[0].get("language")
    except SettingsError:
        return "ru"  # the command itself will say what is wrong with the settings
    return language if language in texts.LANGUAGES else "ru"
