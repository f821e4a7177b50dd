"""The words of the log of access: its errors, its kinds of reads, how each ended."""

from __future__ import annotations

from typing import Final

from archive_store.access.errors import AccessNotCompleted, AccessNotLogged
from archive_store.texts import _
from connector.cli import system_words
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation


def _not_logged(error: AccessNotLogged) -> Explanation:
    return Explanation(
        _("The log of access cannot be written ({reason}), and so nothing was given out.").format(
            reason=system_words.reason(error.reason)
        ),
        _("Make room on the disk, see that the archive can be written, and run the command again."),
        ExitCode.FILES,
    )


def _not_completed(error: AccessNotCompleted) -> Explanation:
    return Explanation(
        _(
            "It was given out, but the log of access could not be written to its end ({reason}): "
            "entry {number} stands there as begun."
        ).format(reason=system_words.reason(error.reason), number=error.number),
        _("Keep this message with what was given out, and see that the archive can be written."),
        ExitCode.FILES,
    )


ACCESS: Final[dict[type[BaseException], Explain]] = {
    AccessNotLogged: _not_logged,
    AccessNotCompleted: _not_completed,
}
