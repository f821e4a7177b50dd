"""Check the copies of sealed bags where they lie: names and sizes, digests, contents, each other, a restore.

A carrier is expected to hold what the book says was written to it. Every verdict counts what was expected,
checked, sound, damaged, missing, extra and not checked, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Self

from archive_store.carriers.copies import Level, Place, SealedBag
from archive_store.carriers.errors import LinkInTheWay
from archive_store.carriers.files import check_files, root_of, signatures
from archive_store.restore.drill import Drill
from archive_store.snapshot import verifier
from archive_store.snapshot.verifier import YEAR, Finding, Report

_DEEP: Final = (Level.DEEP, Level.DRILL)
Tell = Callable[[Place, str], None]


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of files and tables of a copy; ``unread`` of those expected were not read at this level."""

    expected: int = 0
    checked: int = 0
    ok: int = 0
    bad: int = 0
    missing: int = 0
    extra: int = 0
    unread: int = 0
    files: int = 0
    size: int = 0

    def __add__(self, other: Counts) -> Counts:
        names = self.__slots__
        return Counts(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check says of one copy.

    ``state``: sound, damaged, missing, other (a different bag of that name), extra (not on record there), or
    "not checked" (``why``: such as "absent", the carrier is not connected).
    """

    place: str
    key: str
    study_year: int
    bag: str
    state: str
    registered: str | None
    root: str | None
    counts: Counts = field(default_factory=Counts)
    findings: tuple[Finding, ...] = ()
    signatures: int = 0
    why: str = ""
    path: Path | None = None

    @property
    def is_sound(self) -> bool:
        """Whether the copy was found sound at the level of the check."""
        return self.state == "sound"


def check_place(
    place: Place, expected: Sequence[SealedBag], level: Level, tell: Tell, known: Mapping[str, str]
) -> Iterator[Verdict]:
    """Check every expected bag of a place, and name what lies there besides.

    ``known`` tells of all bags that the archive has sealed, by their place (year and bag), why one of them
    does not belong on this carrier.
    """
    with Drill() if level is Level.DRILL else _NoDrill() as drill:
        for sealed in expected:
            tell(place, sealed.place)
            yield _check(place, sealed, level, drill)
    yield from _extra(place, {one.place for one in expected}, known)


def not_checked(place: Place, expected: Sequence[SealedBag], why: str) -> list[Verdict]:
    """The verdicts on a place that cannot be reached."""
    return [
        Verdict(place.name, place.key, one.study_year, one.bag, "not checked", one.root, None, why=why)
        for one in expected
    ]


def _check(place: Place, sealed: SealedBag, level: Level, drill: Drill | _NoDrill) -> Verdict:
    blank = Verdict(place.name, place.key, sealed.study_year, sealed.bag, "sound", sealed.root, None)
    try:
        bag = place.bag(sealed.year, sealed.bag)
    except LinkInTheWay as error:
        finding = Finding("not-a-file", str(error.path.relative_to(place.root)))
        return replace(blank, state="damaged", findings=(finding,), counts=Counts(expected=1, bad=1))
    if not bag.is_dir():
        finding = Finding("bag-missing", sealed.place)
        return replace(blank, state="missing", findings=(finding,), counts=Counts(expected=1, missing=1))
    report, drilled = _report(bag, sealed.place, level, drill)
    root = root_of(bag)
    if root is not None and root != sealed.root:
        report.found("bag-other", sealed.place)
    unread = max(report.expected - report.checked - report.missing, 0) if level is Level.QUICK else 0
    sound = not report.findings and report.checked + unread == report.expected and not drilled
    state = "sound" if sound else "other" if _is_other(report, root, sealed) else "damaged"
    return replace(
        blank,
        state=state,
        root=root,
        counts=_counts(bag, report, unread),
        findings=(*report.findings, *drilled),
        signatures=signatures(bag),
        path=bag,
    )


def _report(bag: Path, place: str, level: Level, drill: Drill | _NoDrill) -> tuple[Report, list[Finding]]:
    if level not in _DEEP:
        return check_files(bag, place, contents=level is not Level.QUICK), []
    report = Report()
    verifier.verify_bag(bag, report)
    return report, drill.of(bag, place, report) if report.sound else []


def _is_other(report: Report, root: str | None, sealed: SealedBag) -> bool:
    """Whether the bag is whole in itself: not damaged, but not the one on record."""
    return root not in (None, sealed.root) and {one.code for one in report.findings} == {"bag-other"}


def _counts(bag: Path, report: Report, unread: int) -> Counts:
    sizes = [path.lstat().st_size for path in bag.rglob("*") if path.is_file()]
    return Counts(
        report.expected,
        report.checked,
        report.ok,
        report.bad,
        report.missing,
        report.extra,
        unread,
        len(sizes),
        sum(sizes),
    )


def _extra(place: Place, expected: set[str], known: Mapping[str, str]) -> Iterator[Verdict]:
    """What lies in the folders of years and was not written there by this archive."""
    for year in sorted(place.root.iterdir()) if place.root.is_dir() else ():
        if not YEAR.fullmatch(year.name) or year.is_symlink() or not year.is_dir():
            continue
        for path in sorted(year.iterdir()):
            name = f"{year.name}/{path.name}"
            if name not in expected and not path.name.startswith("."):
                why = known.get(name, "not of this archive")
                root = None if path.is_symlink() else root_of(path)
                yield Verdict(
                    place.name, place.key, int(year.name[:4]), path.name, "extra", None, root,
                    Counts(extra=1), (Finding("bag-extra", name),), why=why, path=path,
                )  # fmt: skip


class _NoDrill:
    """Stands where no restore is tried."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        return None

    def of(self, bag: Path, place: str, report: Report) -> list[Finding]:  # noqa: ARG002 - as Drill does
        """Nothing is found where nothing is tried."""
        return []
