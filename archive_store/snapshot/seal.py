"""Seal an academic year: one bag per class and one of the summary sheets, all of them or none.

The bags are staged beside their place, read back, checked by the independent verifier, flushed to the
disk, made read-only, and published by one rename. The same record gives the same bytes, hence the same
roots: no clock goes in; only the versions of SQLite and zlib bear on them, the program's own format, and
the language in which passport, page and meanings of columns are written. The digests of the tables depend
on the record alone. What a killed sealing leaves behind is removed by the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from archive_store import schema
from archive_store.asof import read
from archive_store.catalogue import classes
from archive_store.errors import ArchiveError
from archive_store.records import EduGroup
from archive_store.signatures import own
from archive_store.signatures.keys import SigningKey
from archive_store.snapshot import answers, bag, canonical_csv, database, naming, parquet, verifier
from archive_store.snapshot.attachments import Attachments, seal_files
from archive_store.snapshot.bag import SealedBag
from archive_store.snapshot.canonical_csv import Written
from archive_store.snapshot.contents import Record, SealedTable
from archive_store.snapshot.datapackage import data_package
from archive_store.snapshot.edition import CHANGE_COLUMNS, FIRST, Before, Edition
from archive_store.snapshot.page import verify_page
from archive_store.snapshot.passport import Origin, Passport, Subject
from archive_store.snapshot.readme import read_me
from archive_store.snapshot.selection import files_of, journal_tables, summary_tables
from archive_store.snapshot.several import processes_for, seal_journals
from archive_store.snapshot.terms import Term, YearTerms, may_destroy_from, year_terms
from archive_store.texts import active

CHANGES: Final = "changes.csv"


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
class Extras:
    """What is sealed besides the record: the folder of homework's files; Parquet; the platform's answers."""

    files: Path | None = None
    parquet: bool = False
    answers: bool = False


NO_EXTRAS: Final = Extras()


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
    extras: Extras = NO_EXTRAS

    def stage(self, folder: Path) -> SealedYear:
        """Write the bags of this edition into ``folder`` and check them.

        Raises SealingFailed, ParquetNotInstalled.
        """
        known = classes(self.record.connection, self.record.at, self.record.study_year)
        edition = self.edition
        before = {key: one.bag for key, one in edition.before.items() if key is not None}
        names = naming.journal_bags(known, edition.number, before)
        concerned = [group for group in known if edition.concerns(group.group_id)]
        places = {folder / names[group.group_id]: group for group in concerned}
        # The changes of a later edition are read from this connection; they concern few classes.
        processes = processes_for(len(places)) if edition.number == 1 else 1
        made = seal_journals(self.record, places, self._journals(), processes)
        answered = [self._answers(folder)] if self.extras.answers else []
        # The summary vouches for the newest bag of every class, also for those that stay as they are.
        newest = {**edition.before} | {key: Before(one.name, one.root.hex()) for key, one in made.items()}
        roots = {newest[group.group_id].bag: newest[group.group_id].root for group in known}
        roots |= {one.name: one.root.hex() for one in answered}
        summary = self._summary(folder, roots)
        journals = [*made.values(), *answered]
        self._check(folder, [*answered, summary])
        if self.key is not None:
            for one in (*journals, summary):
                own.sign(folder / one.name / bag.TAG_MANIFEST, self.key)
        groups = {one.name: group_id for group_id, one in made.items()}
        kept = tuple((one, self.terms.journal.years) for one in journals)
        return SealedYear(folder, (*kept, (summary, self.terms.summary.years)), groups)

    def _check(self, folder: Path, made: Sequence[SealedBag]) -> None:
        """Read back the year as a whole, with every row of the bags that are not checked yet."""
        for one in made:
            _require_sound(verifier.verify(folder / one.name))
        if self.edition.number == 1:  # the bags of a later edition lie apart from those that they follow
            _require_sound(verifier.verify(folder, contents=False))

    def _journals(self) -> _JournalSealing:
        return _JournalSealing(self.origin, self.school, self.edition, self.terms, self.extras)

    def journal(self, folder: Path, group: EduGroup) -> SealedBag:
        """Write the bag of a class into ``folder`` and check every row of it. Raises SealingFailed."""
        sealed = self._bag(folder, journal_tables(self.record, group), self.terms.journal, group)
        _require_sound(verifier.verify(folder))
        return sealed

    def _answers(self, folder: Path) -> SealedBag:
        """All answers up to this edition: the newest bag of them supersedes the one before."""
        name = naming.in_edition(answers.NAME, self.edition.number)
        return self._bag(folder / name, answers.answer_tables(self.record), self.terms.journal)

    def _summary(self, folder: Path, roots: Mapping[str, str]) -> SealedBag:
        name = naming.in_edition(naming.SUMMARY, self.edition.number)
        return self._bag(folder / name, summary_tables(self.record), self.terms.summary, roots=roots)

    def _bag(
        self,
        folder: Path,
        tables: Sequence[SealedTable],
        term: Term,
        group: EduGroup | None = None,
        roots: Mapping[str, str] | None = None,
    ) -> SealedBag:
        data = folder / "data"
        (data / "tables").mkdir(parents=True, mode=0o700)
        sections = _SectionsWithinTables()
        written = _written(data, tables, sections)
        # The answers are neither of a class nor of the year's record: no record of theirs is corrected.
        of_record, group_id = group is not None or roots is not None, group.group_id if group else None
        if self.edition.number > 1 and of_record:
            self._write_changes(data / CHANGES, group)
        passport = Passport(
            bag=folder.name,
            about=self._subject(group),
            origin=self.origin,
            retention_years=term.years,
            destroy_from=may_destroy_from(self.record.study_year, term.years),
            tables=written,
            counted=sections.counts if group else {},
            checks=self.checks if roots is not None else [],
            bags=roots or {},
            received=tuple(read(self.record.connection, schema.SECTION, self.record.at)),
            files=self._files(data / "files", group) if group else None,
            parquet=self._parquet(data, tables, written),
            term=term,
            edition=self.edition.note(),
            previous=self.edition.previous(group_id) if of_record else {},
        )
        (data / "tables" / "datapackage.json").write_bytes(data_package(folder.name, tables))
        (data / "passport.json").write_bytes(passport.as_json())
        (data / "passport.txt").write_bytes(passport.as_text())
        return bag.finish(folder, self._info(passport), _tag_files(passport))

    def _files(self, target: Path, group: EduGroup) -> Attachments:
        return seal_files(self.record, files_of(self.record, group), self.extras.files, target)

    def _parquet(
        self, data: Path, tables: Sequence[SealedTable], written: Mapping[str, Written]
    ) -> str | None:
        """The program that wrote the tables as Parquet too, if they are asked for. Raises SealingFailed."""
        if not self.extras.parquet:
            return None
        made_by = parquet.version()
        parquet.write(data / "tables", data / "archive.sqlite", tables)
        paths = {table.name: data / "tables" / f"{table.name}.parquet" for table in tables}
        other = [str(path) for name, path in paths.items() if parquet.read_back(path) != written[name]]
        if other:
            raise SealingFailed(other)
        return made_by

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


@dataclass(frozen=True, slots=True)
class _JournalSealing:
    """What a process needs to seal the journal of any class."""

    origin: Origin
    school: str
    edition: Edition
    terms: YearTerms
    extras: Extras

    def __call__(self, record: Record, group: EduGroup, folder: Path) -> SealedBag:
        """Seal the journal of ``group`` in ``folder``."""
        sealing = Sealing(record, self.origin, self.school, [], self.edition, self.terms, None, self.extras)
        return sealing.journal(folder, group)


def _require_sound(report: verifier.Report) -> None:
    if not report.sound:
        raise SealingFailed([one.text(russian=active() == "ru") for one in report.findings])


def _written(
    data: Path, tables: Sequence[SealedTable], sections: _SectionsWithinTables
) -> dict[str, Written]:
    """Write every table in both forms; its rows are read from the record once."""
    written = {}
    with database.writing(data / "archive.sqlite", tables) as sealed:
        for table in tables:
            path = data / "tables" / f"{table.name}.csv.gz"
            rows = sealed.passing(table, sections.passing(table))
            written[table.name] = canonical_csv.write(path, table.names, rows)
    return written


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
        position = table.names.index(column)
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
        "verify.html": verify_page(),
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
