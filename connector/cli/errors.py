"""The words and the exit code of every error that a person can mend: what is wrong, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from archive_store import errors as archive
from archive_store.snapshot.seal import SealingFailed
from archive_store.texts import N_, _
from archive_store.year import errors as closing
from config.settings import SettingsError
from connector.api import errors as api
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation
from connector.cli.sign_in_words import SIGN_IN
from connector.schedule.alone import ScheduleRunning


@dataclass
class SchoolNotNamed(Exception):
    """The token opens no school, or several."""

    known: list[str]


@dataclass
class NoSuchSchool(Exception):
    """The settings know no school of this number."""

    school_id: int
    known: list[str]


@dataclass
class NoSuchCase(Exception):
    """No open case of the quarantine has this number."""

    number: int
    known: list[str]


@dataclass
class NoAlarm(Exception):
    """No way to give an alarm is set."""


@dataclass
class NoSuchRecord(Exception):
    """The archive never held a record of this kind and these ids."""

    kind: str
    ids: str


@dataclass
class NoSuchPupil(Exception):
    """No pupil of that name, or several."""

    name: str
    known: list[str]


@dataclass
class PgDumpFailed(Exception):
    """PostgreSQL's own program is not there, or failed."""

    reason: str


@dataclass
class NoMail(Exception):
    """No mail is set (``reason`` is empty), or it could not be sent."""

    reason: str


@dataclass
class ForeignUnit(Exception):
    """Where a unit is to be written lies a file that this archive did not write."""

    path: Path


@dataclass
class PortNotFree(Exception):
    """The sandbox cannot listen on its port."""

    port: int


def explain(error: BaseException) -> Explanation | None:
    """The explanation of an error, or None if it is a fault of the program."""
    for kind in type(error).__mro__:
        if kind in _EXPLANATIONS:
            return _EXPLANATIONS[kind](error)
    return None


def _listed(known: list[str]) -> str:
    return ", ".join(known) or _("none")


def _settings(error: SettingsError) -> Explanation:
    wrong = {
        "not found": _("The file of settings {detail} is not there or cannot be read."),
        "not TOML": _("The file of settings is not valid TOML: {detail}."),
        "unknown": _("There is no setting called {setting}."),
        "wrong value": _("The setting {setting} has a wrong value: {detail}."),
        "secret in file": _("The file of settings {detail} holds {setting}, which must not stand there."),
        "not private": _("The file {detail} can be read by others."),
        "unreadable": _("The file {detail} cannot be read."),
        "one token": _("The variable {detail} holds one token, but the settings name several schools."),
    }[error.problem].format(setting=error.setting, detail=error.detail)
    remedy = {
        "not found": _("Make it with: dnevnik-archive init"),
        "not private": _("Close it with: chmod 600 {detail}"),
        "one token": _("Put each school's token in its token_file and take the variable away."),
        "secret in file": _("Move it to a file of its own beside the settings, for its owner alone."),
    }.get(error.problem, _("Correct it in the file or in the environment and run the command again."))
    return Explanation(wrong, remedy.format(detail=error.detail), ExitCode.SETTINGS)


def _school_not_named(error: SchoolNotNamed) -> Explanation:
    if not error.known:
        wrong = _("The token's owner belongs to no school.")
        return Explanation(wrong, _("Use the token of an employee of the school."), ExitCode.SIGN_IN)
    return Explanation(
        _("It is not clear which of these schools is meant: {schools}.").format(schools=_listed(error.known)),
        _("Name one by the option --school or the setting school_id."),
        ExitCode.SETTINGS,
    )


def _no_such_school(error: NoSuchSchool) -> Explanation:
    return Explanation(
        _("The settings know no school {school}.").format(school=error.school_id),
        _("They know these: {schools}.").format(schools=_listed(error.known)),
        ExitCode.SETTINGS,
    )


def _no_such_case(error: NoSuchCase) -> Explanation:
    return Explanation(
        _("No case with the number {number} waits for a decision.").format(number=error.number),
        _("These wait: {numbers}.").format(numbers=_listed(error.known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _unreachable(error: api.Unreachable) -> Explanation:
    return Explanation(
        _("The platform does not answer: {reason}.").format(reason=error.reason.rstrip(".")),
        _("Check the network and the setting api_url; the next run catches up by itself."),
        ExitCode.PLATFORM,
    )


def _not_json(error: api.NotJson) -> Explanation:
    return Explanation(
        _("Instead of data the address gave a page ({content_type}) for the call {call}.").format(
            content_type=error.content_type, call=error.call
        ),
        _("Check that the setting api_url is the address of the API, and that no proxy stands between."),
        ExitCode.PLATFORM,
    )


def _local(moment: datetime) -> str:
    """A moment by the clock of this machine."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _platform_down(error: api.PlatformDown) -> Explanation:
    cause = explain(error.cause)
    return Explanation(
        cause.wrong if cause else type(error.cause).__name__,
        _("The platform is left alone until {moment}; the next run goes on from here.").format(
            moment=_local(error.next_try)
        ),
        ExitCode.PLATFORM,
    )


def _budget_spent(error: api.BudgetSpent) -> Explanation:
    return Explanation(
        _("The calls of the day are spent: {per_day} (setting calls_per_day).").format(per_day=error.per_day),
        _("There will be new ones at {moment}; the next run goes on from here.").format(
            moment=_local(error.goes_on)
        ),
        ExitCode.PARTIAL,
    )


def _wrong_proxy(error: api.WrongProxy) -> Explanation:
    return Explanation(
        _("The proxy that the environment names cannot be used ({variables}).").format(
            variables=_listed(error.variables)
        ),
        _("It must be an address such as http://proxy:8080. Correct the variable or take it away."),
        ExitCode.SETTINGS,
    )


def _wrong_certificates(error: api.WrongCertificates) -> Explanation:
    return Explanation(
        _("The certificates that the environment names cannot be read ({variables}).").format(
            variables=_listed(error.variables)
        ),
        _("Correct the variable or take it away."),
        ExitCode.SETTINGS,
    )


def _platform(wrong: str) -> Explain:
    def explanation(error: api.ApiError) -> Explanation:
        values = {"reason": "", "where": "", "problem": ""} | vars(error)
        return Explanation(
            _(wrong).format(**values),
            _("Run the command again later; if it stays so, tell the makers of the program."),
            ExitCode.PLATFORM,
        )

    return explanation


def _access_refused(error: api.AccessRefused) -> Explanation:
    return Explanation(
        _("The platform does not let the token's owner see this: {call} ({reason}).").format(
            call=error.call, reason=error.reason
        ),
        _("Use the token of the school's administrator, with the rights that the user guide lists."),
        ExitCode.SIGN_IN,
    )


def _not_there(error: api.NotThere) -> Explanation:
    return Explanation(
        _("The platform does not know {call}.").format(call=error.call),
        _("Check the settings api_url (it ends with the version, /v2/) and school_id."),
        ExitCode.PLATFORM,
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
            where=error.where, reason=error.reason.rstrip(".")
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
            schools=_listed(error.known)
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
        _("It holds these academic years: {years}.").format(years=_listed(known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _unknown_group(error: archive.UnknownGroup) -> Explanation:
    return Explanation(
        _("There is no class called {name}.").format(name=error.name),
        _("The archive knows these classes: {groups}.").format(groups=_listed(error.known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _unknown_subject(error: archive.UnknownSubject) -> Explanation:
    return Explanation(
        _("There is no subject called {name}.").format(name=error.name),
        _("The archive knows these subjects: {subjects}.").format(subjects=_listed(error.known)),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _folder_not_writable(error: archive.FolderNotWritable) -> Explanation:
    return Explanation(
        _("The folder {path} cannot be written: {reason}.").format(
            path=error.path, reason=error.reason.rstrip(".")
        ),
        _("Choose another folder, or make room and give yourself the right to write there."),
        ExitCode.FILES,
    )


def _folder_not_empty(error: archive.FolderNotEmpty) -> Explanation:
    return Explanation(
        _("The folder {path} is not empty, and nothing is ever written over.").format(path=error.path),
        _("Name a folder that does not exist yet."),
        ExitCode.FILES,
    )


def _unknown_run(error: archive.UnknownRun) -> Explanation:
    return Explanation(
        _("The archive knows no run {run} of this school that has ended.").format(run=error.run_id),
        _("The last one is {last}.").format(last=error.last),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _already_sealed(error: archive.AlreadySealed) -> Explanation:
    return Explanation(
        _("The academic year {year}/{next} is closed and sealed already: {path}.").format(
            year=error.study_year, next=error.study_year + 1, path=error.path
        ),
        _("A sealed year is never changed. Check it with: dnevnik-archive snapshot verify"),
        ExitCode.FILES,
    )


def _not_a_snapshot(error: archive.NotASnapshot) -> Explanation:
    return Explanation(
        _("There is no sealed archive in {path}.").format(path=error.path),
        _("Name the folder of a bag, of a year, or of all snapshots."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _year_not_ended(error: closing.YearNotEnded) -> Explanation:
    return Explanation(
        _("The academic year {year}/{next} has not ended: its last day is {day}.").format(
            year=error.study_year, next=error.study_year + 1, day=error.last_day
        ),
        _("Close it when that day is over."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _nothing_to_seal(error: closing.NothingToSeal) -> Explanation:
    return Explanation(
        _("The archive holds no lesson of the academic year {year}/{next}.").format(
            year=error.study_year, next=error.study_year + 1
        ),
        _("Fill it with: dnevnik-archive sync"),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _other_snapshot(error: closing.OtherSnapshotThere) -> Explanation:
    return Explanation(
        _("In {path} lies a sealed year that this archive did not make.").format(path=error.path),
        _("Move that folder away, or name another by the setting snapshots_dir."),
        ExitCode.FILES,
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
        _("The archive's database fails: {reason}.").format(reason=reason.rstrip(".")),
        _("See that its disk has room, that it runs, and that it is whole; else restore it from the copy."),
        ExitCode.FILES,
    )


def _port_not_free(error: PortNotFree) -> Explanation:
    return Explanation(
        _("Port {port} cannot be used: another program has it, or it is reserved.").format(port=error.port),
        _("Name another by the option --port, or leave the option out."),
        ExitCode.BUSY,
    )


def _run_under_way(_error: archive.RunUnderWay) -> Explanation:
    return Explanation(
        _("Another run is writing to the archive."),
        _("Wait until it has ended, then run the command again."),
        ExitCode.BUSY,
    )


def _no_alarm(_error: NoAlarm) -> Explanation:
    return Explanation(
        _("No alarm is set."),
        _("Set heartbeat_url, webhook_url or mail_to in the file of settings."),
        ExitCode.SETTINGS,
    )


def _no_such_record(error: NoSuchRecord) -> Explanation:
    return Explanation(
        _("The archive has never held this record: {kind} {ids}.").format(kind=error.kind, ids=error.ids),
        _("Ids are shown by: dnevnik-archive data, history pupil."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _no_such_pupil(error: NoSuchPupil) -> Explanation:
    if error.known:
        return Explanation(
            _("Several pupils are called {name}.").format(name=error.name),
            _("Name one by the id: {pupils}.").format(pupils=_listed(error.known)),
            ExitCode.NOT_IN_ARCHIVE,
        )
    return Explanation(
        _("The archive knows no pupil called {name}.").format(name=error.name),
        _("Give the surname first, then the name; or the id, as data persons shows it."),
        ExitCode.NOT_IN_ARCHIVE,
    )


def _backup_not_sound(error: archive.BackupNotSound) -> Explanation:
    return Explanation(
        _("The copy {path} is not sound: {findings}.").format(
            path=error.path, findings="; ".join(error.findings[:5])
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


def _no_mail(error: NoMail) -> Explanation:
    wrong = _("The mail could not be sent ({reason}).") if error.reason else _("No mail is set.")
    return Explanation(
        wrong.format(reason=error.reason),
        _("Set mail_to, mail_from and mail_server in the file of settings; alarm test tries them."),
        ExitCode.SETTINGS,
    )


def _not_an_anchor(error: archive.NotAnAnchor) -> Explanation:
    return Explanation(
        _("This is no anchor of a ledger: {text}.").format(text=error.text),
        _("Name a file that ledger anchor wrote, or ENTRY:HEAD with at least 16 digits of the head."),
        ExitCode.USAGE,
    )


def _foreign_unit(error: ForeignUnit) -> Explanation:
    return Explanation(
        _("The file {path} was not written for this archive, and is left as it is.").format(path=error.path),
        _("Choose another name by the option --name."),
        ExitCode.FILES,
    )


def _schedule_running(_error: ScheduleRunning) -> Explanation:
    return Explanation(
        _("The schedule of this archive runs already."),
        _("Stop the other one first; dnevnik-archive status shows whether it runs."),
        ExitCode.BUSY,
    )


_EXPLANATIONS: dict[type[BaseException], Explain] = {
    **SIGN_IN,
    SettingsError: _settings,
    SchoolNotNamed: _school_not_named,
    NoSuchSchool: _no_such_school,
    NoSuchCase: _no_such_case,
    NoAlarm: _no_alarm,
    NoMail: _no_mail,
    PgDumpFailed: _pg_dump_failed,
    archive.BackupNotSound: _backup_not_sound,
    archive.NotABackup: _not_a_backup,
    archive.ArchiveThere: _archive_there,
    NoSuchRecord: _no_such_record,
    NoSuchPupil: _no_such_pupil,
    archive.NotAnAnchor: _not_an_anchor,
    ForeignUnit: _foreign_unit,
    ScheduleRunning: _schedule_running,
    api.AccessRefused: _access_refused,
    api.Unreachable: _unreachable,
    api.NotJson: _not_json,
    api.NotThere: _not_there,
    api.TooManyCalls: _platform(N_("The platform's limit of calls is reached ({call}).")),
    api.PlatformFault: _platform(N_("The platform reports a fault of its own: {reason} ({call}).")),
    api.CallRefused: _platform(N_("The platform refuses the call {call}: {reason}.")),
    api.CutShort: _platform(N_("The answer to {call} breaks off.")),
    api.PlatformDown: _platform_down,
    api.BudgetSpent: _budget_spent,
    api.WrongProxy: _wrong_proxy,
    api.WrongCertificates: _wrong_certificates,
    api.WrongShape: _platform(N_("The answer to {call} is not as documented, at {where}: {problem}.")),
    archive.StoreNotMade: _store_not_made,
    archive.StoreUnreachable: _store_unreachable,
    archive.StoreTooNew: _store_too_new,
    archive.UnknownSchool: _unknown_school,
    archive.UnknownYear: _unknown_year,
    archive.UnknownGroup: _unknown_group,
    archive.UnknownSubject: _unknown_subject,
    archive.UnknownRun: _unknown_run,
    archive.FolderNotWritable: _folder_not_writable,
    archive.FolderNotEmpty: _folder_not_empty,
    archive.AlreadySealed: _already_sealed,
    archive.NotASnapshot: _not_a_snapshot,
    archive.RunUnderWay: _run_under_way,
    PortNotFree: _port_not_free,
    closing.YearNotEnded: _year_not_ended,
    closing.NothingToSeal: _nothing_to_seal,
    closing.OtherSnapshotThere: _other_snapshot,
    SealingFailed: _sealing_failed,
    sa.exc.DatabaseError: _database_failed,
}
