"""The words of what can go wrong with the archive, its database, its sealed years and its exports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive_store import errors as archive
from archive_store.export.depersonal_errors import KeyNotUsable, NotDepersonalised
from archive_store.snapshot.parquet import ParquetNotInstalled
from archive_store.snapshot.seal import SealingFailed
from archive_store.texts import _
from connector.cli import system_words
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation, listed


@dataclass
class NoSuchCase(Exception):
    """No open case of the quarantine has this number."""

    number: int
    known: list[str]


@dataclass
class FileThere(Exception):
    """Where a file is to be written lies one already; nothing is written over."""

    path: Path


@dataclass
class NotApart(Exception):
    """What is depersonalised was to lie with the record that it is made from, or with the key."""

    path: Path
    kept: Path


def _not_apart(error: NotApart) -> Explanation:
    return Explanation(
        _("{path} lies in the folder of the archive ({kept}); what is depersonalised is kept apart.").format(
            path=error.path, kept=error.kept
        ),
        _("Name another folder, on another disk at best; the key stays where it is."),
        ExitCode.FILES,
    )


def _not_depersonalised(error: NotDepersonalised) -> Explanation:
    return Explanation(
        _("A name or an id still stood in the table {table}; nothing was given out.").format(
            table=error.table
        ),
        _("Please tell the makers of the program; name another class or year until it is mended."),
        ExitCode.NOT_VERIFIED,
    )


def _key_not_usable(error: KeyNotUsable) -> Explanation:
    reasons = {
        "not private": _("others can read it"),
        "not a key": _("it holds no key of 64 hexadecimal digits"),
    }
    return Explanation(
        _("The key of the pseudonyms cannot be used: {path}, {reason}.").format(
            path=error.path, reason=reasons[error.reason]
        ),
        _("Take the rights of others away, or name another file in pseudonym_key_file; a new one is made."),
        ExitCode.SETTINGS,
    )


def _no_such_case(error: NoSuchCase) -> Explanation:
    return Explanation(
        _("No case with the number {number} waits for a decision.").format(number=error.number),
        _("These wait: {numbers}.").format(numbers=listed(error.known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _store_not_made(error: archive.StoreNotMade) -> Explanation:
    return Explanation(
        _("There is no archive yet: {path}.").format(path=error.path),
        _("Make it with: dnevnik-archive init"),
        ExitCode.SETTINGS,
    )


def _store_unreachable(error: archive.StoreUnreachable) -> Explanation:
    return Explanation(
        _("The archive {where} cannot be opened: {reason}.").format(
            where=error.where, reason=system_words.reason(error.reason)
        ),
        _("Check the setting store_url and that the database runs."),
        ExitCode.SETTINGS,
    )


def _store_too_new(error: archive.StoreTooNew) -> Explanation:
    return Explanation(
        _("A newer version of the program has changed the archive (revision {revision}).").format(
            revision=error.revision
        ),
        _("Install the newest version of the program."),
        ExitCode.SETTINGS,
    )


def _unknown_school(error: archive.UnknownSchool) -> Explanation:
    if not error.known:
        wrong = _("The archive holds no school yet.")
        return Explanation(wrong, _("Fill it with: dnevnik-archive sync"), ExitCode.NOT_IN_ARCHIVE)
    return Explanation(
        _("It is not said which school is meant. The archive holds: {schools}.").format(
            schools=listed(error.known)
        ),
        _("Name one by the option --school or the setting school_id."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _unknown_year(error: archive.UnknownYear) -> Explanation:
    known = [f"{year} ({year}/{year + 1})" for year in error.known]
    return Explanation(
        _("The archive holds nothing of the academic year {year}/{next}.").format(
            year=error.study_year, next=error.study_year + 1
        ),
        _("It holds these academic years: {years}.").format(years=listed(known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _unknown_group(error: archive.UnknownGroup) -> Explanation:
    return Explanation(
        _("There is no class called {name}.").format(name=error.name),
        _("The archive knows these classes: {groups}.").format(groups=listed(error.known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _not_in_year(error: archive.NotInYear) -> Explanation:
    known = [
        _("class {group} in {year}/{next}").format(group=group, year=year, next=year + 1)
        for year, group in error.known
    ]
    return Explanation(
        _("{pupil} was in no class in the academic year {year}/{next}.").format(
            pupil=error.pupil, year=error.study_year, next=error.study_year + 1
        ),
        _("Name another --year; the archive knows: {known}.").format(known=listed(known))
        if known
        else _("The archive knows no class of this person at all."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _not_of_this_grade(error: archive.NotOfThisGrade) -> Explanation:
    said = (
        _("The form {form} is not for class {group}.").format(form=error.form, group=error.class_name)
        if error.class_name
        else _("The year has no class for the form {form}.").format(form=error.form)
    )
    grades = listed([str(grade) for grade in error.grades])
    return Explanation(said, _("It is for classes of grades {grades}.").format(grades=grades), ExitCode.USAGE)


def _unknown_subject(error: archive.UnknownSubject) -> Explanation:
    return Explanation(
        _("There is no subject called {name}.").format(name=error.name),
        _("The archive knows these subjects: {subjects}.").format(subjects=listed(error.known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _folder_not_writable(error: archive.FolderNotWritable) -> Explanation:
    return Explanation(
        _("The folder {path} cannot be written: {reason}.").format(
            path=error.path, reason=system_words.reason(error.reason)
        ),
        _(
            "Make room, or give yourself the right to write there, and repeat the command: what is done "
            "already stays. Or choose another folder."
        ),
        ExitCode.FILES,
    )


def _folder_not_empty(error: archive.FolderNotEmpty) -> Explanation:
    return Explanation(
        _("The folder {path} is not empty, and nothing is ever written over.").format(path=error.path),
        _("Name a folder that does not exist yet."),
        ExitCode.FILES,
    )


def _file_there(error: FileThere) -> Explanation:
    return Explanation(
        _("The file {path} is there already, and nothing is ever written over.").format(path=error.path),
        _("Name another file."),
        ExitCode.FILES,
    )


def _already_sealed(error: archive.AlreadySealed) -> Explanation:
    return Explanation(
        _("The academic year {year}/{next} is closed and sealed already: {path}.").format(
            year=error.study_year, next=error.study_year + 1, path=error.path
        ),
        _(
            "A sealed year is never changed. After the preliminary closing comes the final one; then "
            "corrections are sealed as an edition: dnevnik-archive year amend"
        ),
        ExitCode.FILES,
    )


def _not_a_snapshot(error: archive.NotASnapshot) -> Explanation:
    return Explanation(
        _("There is no sealed archive in {path}.").format(path=error.path),
        _("Name the folder of a bag, of a year, or of all snapshots."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _parquet_not_installed(_error: ParquetNotInstalled) -> Explanation:
    return Explanation(
        _("Parquet is asked for by the setting seal_parquet, but pyarrow is not installed."),
        _("Install it: pip install 'dnevnik-archive[parquet]'; or set seal_parquet = false."),
        ExitCode.SETTINGS,
    )


def _sealing_failed(error: SealingFailed) -> Explanation:
    return Explanation(
        _("What was written does not read back as the record, and nothing was sealed: {findings}.").format(
            findings="; ".join(error.findings)
        ),
        _("Check the disk and run the command again."),
        ExitCode.FILES,
    )


def _database_failed(error: sa.exc.DBAPIError) -> Explanation:
    # The first line alone: a server's further lines may show the contents of rows.
    reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
    return Explanation(
        _("The archive's database fails: {reason}.").format(reason=system_words.reason(reason)),
        _("See that its disk has room, that it runs, and that it is whole; else restore it from the copy."),
        ExitCode.FILES,
    )


def _run_under_way(_error: archive.RunUnderWay) -> Explanation:
    return Explanation(
        _("Another run is writing to the archive."),
        _("Wait until it has ended, then run the command again."),
        ExitCode.BUSY,
    )


ARCHIVE: Final[dict[type[BaseException], Explain]] = {
    NotApart: _not_apart,
    KeyNotUsable: _key_not_usable,
    NotDepersonalised: _not_depersonalised,
    NoSuchCase: _no_such_case,
    archive.StoreNotMade: _store_not_made,
    archive.StoreUnreachable: _store_unreachable,
    archive.StoreTooNew: _store_too_new,
    archive.UnknownSchool: _unknown_school,
    archive.UnknownYear: _unknown_year,
    archive.UnknownGroup: _unknown_group,
    archive.NotInYear: _not_in_year,
    archive.NotOfThisGrade: _not_of_this_grade,
    archive.UnknownSubject: _unknown_subject,
    archive.FolderNotWritable: _folder_not_writable,
    archive.FolderNotEmpty: _folder_not_empty,
    archive.AlreadySealed: _already_sealed,
    archive.NotASnapshot: _not_a_snapshot,
    archive.RunUnderWay: _run_under_way,
    FileThere: _file_there,
    SealingFailed: _sealing_failed,
    ParquetNotInstalled: _parquet_not_installed,
    sa.exc.DatabaseError: _database_failed,
}
