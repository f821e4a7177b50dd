"""Seal an academic year: one bag per class and one of the summary sheets, all of them or none.

The bags are staged beside their place, read back, checked by the independent verifier, flushed to the
disk, made read-only, and published by one rename. The same record gives the same bytes, hence the same
roots: no clock goes in; only the versions of SQLite and zlib bear on them, the program's own format, and
the language in which passport, page and meanings of columns are written. The digests of the tables depend
on the record alone. What a killed sealing leaves behind is removed by the next.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from archive_store import schema
from archive_store.asof import read
from archive_store.catalogue import classes
from archive_store.errors import ArchiveError, FolderNotWritable
from archive_store.records import EduGroup
from archive_store.signatures import own
from archive_store.signatures.keys import SigningKey
from archive_store.snapshot import bag, canonical_csv, database, naming, verifier
from archive_store.snapshot.bag import SealedBag
from archive_store.snapshot.contents import Record, SealedTable, journal_tables, summary_tables
from archive_store.snapshot.edition import CHANGE_COLUMNS, FIRST, Before, Edition
from archive_store.snapshot.passport import Origin, Passport, Subject, table_schema
from archive_store.snapshot.readme import read_me
from archive_store.snapshot.terms import Term, YearTerms, may_destroy_from, year_terms

CHANGES: Final = "changes.csv"
_STAGING: Final = ".staging-"
_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
_SQLITE_DISK: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)


@dataclass
class SealingFailed(ArchiveError):
    """What was written does not read back as the record: nothing was published."""

    findings: list[str]


@dataclass(frozen=True, slots=True)
class SealedYear:
    """A year, or an edition of it, as sealed: its folder, its bags with their retention terms in years.

    ``groups`` tells the class of a bag by its name.
    """

    path: Path
    bags: tuple[tuple[SealedBag, int], ...]
    groups: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sealing:
    """A sealing under way: from which record, for which school, with which results of the checks.

    ``key`` signs each bag, beside what is sealed.
    """

    record: Record
    origin: Origin
    school: str
    checks: list[dict[str, Any]]
    edition: Edition = FIRST
    terms: YearTerms = field(default_factory=year_terms)
    key: SigningKey | None = None

    def stage(self, folder: Path) -> SealedYear:
        """Write the bags of this edition into ``folder`` and check them. Raises SealingFailed."""
        known = classes(self.record.connection, self.record.at, self.record.study_year)
        edition = self.edition
        before = {key: one.bag for key, one in edition.before.items() if key is not None}
        names = naming.journal_bags(known, edition.number, before)
        concerned = [group for group in known if edition.concerns(group.group_id)]
        made = {group.group_id: self._journal(folder / names[group.group_id], group) for group in concerned}
        # The summary vouches for the newest bag of every class, also for those that stay as they are.
        newest = {**edition.before} | {key: Before(one.name, one.root.hex()) for key, one in made.items()}
        roots = {newest[group.group_id].bag: newest[group.group_id].root for group in known}
        name = naming.in_edition(naming.SUMMARY, edition.number)
        summary = self._summary(folder / name, roots)
        self._check(folder, [*made.values(), summary])
        if self.key is not None:
            for one in (*made.values(), summary):
                own.sign(folder / one.name / bag.TAG_MANIFEST, self.key)
        groups = {one.name: group_id for group_id, one in made.items()}
        journals = tuple((one, self.terms.journal.years) for one in made.values())
        return SealedYear(folder, (*journals, (summary, self.terms.summary.years)), groups)

    def _check(self, folder: Path, made: Sequence[SealedBag]) -> None:
        """Read everything back; the bags of a later edition lie apart from those that they follow."""
        places = [folder] if self.edition.number == 1 else [folder / one.name for one in made]
        reports = [verifier.verify(place) for place in places]
        if not all(report.sound for report in reports):
            found = [one.text(russian=False) for report in reports for one in report.findings]
            raise SealingFailed(found)

    def _journal(self, folder: Path, group: EduGroup) -> SealedBag:
        return self._bag(folder, journal_tables(self.record, group), self.terms.journal, group, {})

    def _summary(self, folder: Path, roots: Mapping[str, str]) -> SealedBag:
        return self._bag(folder, summary_tables(self.record), self.terms.summary, None, roots)

    def _bag(
        self,
        folder: Path,
        tables: Sequence[SealedTable],
        term: Term,
        group: EduGroup | None,
        roots: Mapping[str, str],
    ) -> SealedBag:
        data = folder / "data"
        (data / "tables").mkdir(parents=True, mode=0o700)
        sections = _SectionsWithinTables()
        written = {
            table.name: canonical_csv.write(
                data / "tables" / f"{table.name}.csv.gz", table.columns, sections.passing(table)
            )
            for table in tables
        }
        database.write(data / "archive.sqlite", tables)
        if self.edition.number > 1:
            self._write_changes(data / CHANGES, group)
        passport = Passport(
            bag=folder.name,
            about=self._subject(group),
            origin=self.origin,
            retention_years=term.years,
            destroy_from=may_destroy_from(self.record.study_year, term.years),
            tables=written,
            counted=sections.counts if group else {},
            checks=[] if group else self.checks,
            bags=roots,
            term=term,
            edition=self.edition.note(),
            previous=self.edition.previous(group.group_id if group else None),
        )
        (data / "tables" / "datapackage.json").write_bytes(table_schema(list(tables)))
        (data / "passport.json").write_bytes(passport.as_json())
        (data / "passport.txt").write_bytes(passport.as_text())
        return bag.finish(folder, self._info(passport), _tag_files(passport))

    def _write_changes(self, path: Path, group: EduGroup | None) -> None:
        """What differs from the edition before: both values, and since when the archive saw the new one."""
        with path.open("x", encoding="utf-8", newline="") as out:
            out.write(canonical_csv.line(CHANGE_COLUMNS))
            out.writelines(map(canonical_csv.line, self.edition.changes(group.group_id if group else None)))

    def _subject(self, group: EduGroup | None) -> Subject:
        return Subject(
            self.record.at.school_id,
            self.school,
            self.record.study_year,
            group.group_id if group else None,
            group.name if group else None,
            unmarked=group is not None and group.parallel == 1,
        )

    def _info(self, passport: Passport) -> dict[str, str]:
        about, origin = passport.about, self.origin
        year = naming.year_folder(about.study_year)
        return {
            "Source-Organization": about.school,
            "External-Identifier": f"urn:dnevnik-archive:{about.school_id}:{year}:{passport.bag}",
            "Bagging-Date": origin.recorded_at[:10],
            "Bag-Software-Agent": "dnevnik-archive",
            "Study-Year": year,
            **({"Group-Identifier": str(about.group_id)} if about.group_id else {}),
            **_edition_lines(self.edition, passport.previous),
            "Retention-Years": str(passport.retention_years),
            "May-Destroy-From": passport.destroy_from,
            "Ledger-Entry": str(origin.ledger_entry),
            "Ledger-Head": origin.ledger_head.hex(),
        }


@contextmanager
def staging(root: Path, study_year: int) -> Iterator[Path]:
    """A folder for the year, on the file system of ``root``; whatever is left in it at the end goes."""
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_leftovers(root)
        place = root / f"{_STAGING}{naming.year_folder(study_year)}"
        (place / naming.year_folder(study_year)).mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise FolderNotWritable(root, error.strerror or str(error)) from error
    try:
        yield place / naming.year_folder(study_year)
    except OSError as error:
        if error.errno in _DISK:
            raise FolderNotWritable(root, error.strerror or str(error)) from error
        raise
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in _SQLITE_DISK:
            raise FolderNotWritable(root, str(error)) from error
        raise
    finally:
        bag.remove(place)


def publish(sealed: SealedYear, root: Path) -> SealedYear:
    """Protect the staged bags and move the year to its place by one rename."""
    for one in sealed.path.iterdir():
        bag.protect(one)
    bag.flush_folder(sealed.path)
    place = root / sealed.path.name
    sealed.path.rename(place)
    place.chmod(0o500)
    bag.flush_folder(root)
    return SealedYear(place, sealed.bags, sealed.groups)


def add_edition(sealed: SealedYear, place: Path) -> SealedYear:
    """Move the staged bags of a later edition beside those of the year at ``place``, the summary last.

    The summary vouches for the others: until it is there, a new bag is no part of the year, and what a
    killed publishing left without it is removed by the next.
    """
    mode = place.stat().st_mode
    place.chmod(0o700)
    try:
        for one, _term in sealed.bags:
            folder = sealed.path / one.name
            bag.protect(folder)
            folder.chmod(0o700)  # else it cannot be moved to another folder
            folder.rename(place / one.name)
            (place / one.name).chmod(0o500)
            bag.flush_folder(place)
    finally:
        place.chmod(mode)
    return SealedYear(place, sealed.bags, sealed.groups)


class _SectionsWithinTables:
    """Counts what is a section of its own, though it has no table: topics of lessons, homework."""

    _WITHIN: Final = {
        schema.LESSON.name: ("topic", "topic", bool),
        schema.WORK.name: ("homework", "type", "Homework".__eq__),
    }

    def __init__(self) -> None:
        self.counts = {section: 0 for section, _column, _counts in self._WITHIN.values()}

    def passing(self, table: SealedTable) -> Iterable[tuple[Any, ...]]:
        """The rows of a table, unchanged."""
        if table.name not in self._WITHIN:
            yield from table.rows()
            return
        section, column, belongs = self._WITHIN[table.name]
        position = table.columns.index(column)
        for row in table.rows():
            self.counts[section] += belongs(row[position])
            yield row


def school_name(record: Record) -> str:
    """The name of the school, as the record has it."""
    found = list(read(record.connection, schema.SCHOOL, record.at))
    return found[0].name if found else str(record.at.school_id)


def _tag_files(passport: Passport) -> dict[str, bytes]:
    return {
        "verify.py": Path(verifier.__file__).read_bytes(),
        "read-me.txt": read_me(passport),
    }


def _edition_lines(edition: Edition, previous: Mapping[str, str]) -> dict[str, str]:
    """The label of an edition. The summary follows many bags: its passport lists them."""
    lines = {"Edition": str(edition.number), "Closing-Stage": edition.stage.value}
    if len(previous) == 1:
        ((bag_before, root),) = previous.items()
        lines |= {"Previous-Edition": bag_before, "Previous-Edition-Root": root}
    said = {"Reason": edition.reason, "Order-Number": edition.order_number}
    return lines | {name: text for name, text in said.items() if text}


def _remove_leftovers(root: Path) -> None:
    for left in root.glob(f"{_STAGING}*"):
        bag.remove(left)
