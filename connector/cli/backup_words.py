"""The words of what can go wrong with the copies of the database and with restoring one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from archive_store import errors as archive
from archive_store.texts import _
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation
from connector.cli.finding_words import in_short

_SHOWN: Final = 5


@dataclass
class PgDumpFailed(Exception):
    """PostgreSQL's own program is not there, or failed."""

    reason: str


def _backup_not_sound(error: archive.BackupNotSound) -> Explanation:
    found = list(dict.fromkeys(one if isinstance(one, str) else in_short(one) for one in error.findings))
    return Explanation(
        _("The copy {path} is not sound: {findings}.").format(
            path=error.path, findings="; ".join(found[:_SHOWN])
        ),
        _("Check the archive with: dnevnik-archive ledger verify; then the disk. Older copies stay."),
        ExitCode.NOT_VERIFIED,
    )


def _not_a_backup(error: archive.NotABackup) -> Explanation:
    return Explanation(
        _("There is no copy of an archive in {path}.").format(path=error.path),
        _("Name a file that backup made: archive-DATE.sqlite."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _archive_there(error: archive.ArchiveThere) -> Explanation:
    return Explanation(
        _("There is an archive already, and nothing is restored over it: {where}.").format(where=error.where),
        _("Restore into another folder, or move the old archive away first."),
        ExitCode.FILES,
    )


def _pg_dump_failed(error: PgDumpFailed) -> Explanation:
    return Explanation(
        _("pg_dump has failed: {reason}.").format(reason=error.reason.rstrip(".")),
        _("The copy itself was made. Install PostgreSQL's client programs, or leave --pg-dump out."),
        ExitCode.FILES,
    )


BACKUP: Final[dict[type[BaseException], Explain]] = {
    archive.BackupNotSound: _backup_not_sound,
    archive.NotABackup: _not_a_backup,
    archive.ArchiveThere: _archive_there,
    PgDumpFailed: _pg_dump_failed,
}
