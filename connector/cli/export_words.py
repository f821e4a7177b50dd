"""The words of what can go wrong with a package for an addressee."""

from __future__ import annotations

from typing import Final

from archive_store.export.errors import (
    SHORTEST_PASSWORD as SHORTEST,
)
from archive_store.export.errors import (
    EnclosureNotRead,
    RequestNotRead,
    WeakPassword,
    ZipThere,
)
from archive_store.export.request import EXAMPLE
from archive_store.render.glyphs import FontsMissing
from archive_store.render.look import BadLogo
from archive_store.texts import N_, _
from connector.cli import system_words
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation
from connector.cli.passwords import NoPassword

_REQUESTS: Final = {
    "form": N_("The request {text!r} is not number and date."),
    "day": N_("The date of the request {text!r} cannot be read."),
    "future": N_("The request {text!r} has a date that is still to come."),
    "long": N_("The number of the request {text!r} is too long."),
}
_LOGOS: Final = {
    "missing": N_("The picture {path} of the setting look.logo_file cannot be read."),
    "too large": N_("The picture {path} of the setting look.logo_file is larger than 300 kB."),
    "kind": N_("The picture {path} of the setting look.logo_file is no PNG, JPEG or SVG."),
    "damaged": N_("The picture {path} of the setting look.logo_file is damaged."),
}


def _request(error: RequestNotRead) -> Explanation:
    return Explanation(
        _(_REQUESTS[error.problem]).format(text=error.text),
        _("Write it as it stands on the request: --request '{example}'").format(example=EXAMPLE),
        ExitCode.USAGE,
    )


def _enclosure(error: EnclosureNotRead) -> Explanation:
    return Explanation(
        _("The file {path} cannot be read: {reason}.").format(
            path=error.path, reason=system_words.reason(error.reason)
        ),
        _("Name a file that is there: --enclose"),
        ExitCode.FILES,
    )


def _logo(error: BadLogo) -> Explanation:
    return Explanation(
        _(_LOGOS[error.problem]).format(path=error.path),
        _("Name another picture, or take the setting away."),
        ExitCode.SETTINGS,
    )


def _weak(error: WeakPassword) -> Explanation:
    wrong = {
        "short": _("The password is too short: it needs {count} signs at least.").format(count=SHORTEST),
        "letters": _("The password may have Latin letters, digits and signs alone."),
    }[error.problem]
    remedy = _("Choose another, and tell it to the addressee in another way than the file.")
    return Explanation(wrong, remedy, ExitCode.USAGE)


def _zip_there(error: ZipThere) -> Explanation:
    return Explanation(
        _("The file {path} is there already, and nothing is ever written over.").format(path=error.path),
        _("Name another file."),
        ExitCode.FILES,
    )


def _no_password(error: NoPassword) -> Explanation:
    if error.path is None:
        wrong = _("There is no password for the ZIP, and nobody to type one.")
    else:
        wrong = _("The file {path} holds no password on its first line.").format(path=error.path)
    return Explanation(wrong, _("Name a file with it: --password-file FILE"), ExitCode.USAGE)


def _fonts(error: FontsMissing) -> Explanation:
    return Explanation(
        _("Fonts of the program are missing in {folder}: {names}.").format(
            folder=error.folder, names=", ".join(error.names)
        ),
        _("Install the program anew; a PDF cannot be made without them."),
        ExitCode.FILES,
    )


EXPORT: Final[dict[type[BaseException], Explain]] = {
    RequestNotRead: _request,
    EnclosureNotRead: _enclosure,
    BadLogo: _logo,
    FontsMissing: _fonts,
    WeakPassword: _weak,
    ZipThere: _zip_there,
    NoPassword: _no_password,
}
