"""Seal a later edition of a year beside the editions before it, which are never touched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from archive_store.catalogue import classes
from archive_store.snapshot import bag, naming, verifier
from archive_store.snapshot.contents import Record
from archive_store.snapshot.edition import Edition
from archive_store.snapshot.seal import SealedYear, Sealing, add_edition, staging
from archive_store.year.changes import Comparison, rows
from archive_store.year.errors import EditionBeforeMissing, OtherSnapshotThere
from archive_store.year.register import SealedEdition, newest_bags


def following(record: Record, known: Sequence[SealedEdition], edition: Edition) -> Edition:
    """The edition that comes after those that are known: what it follows, and which classes it concerns."""
    compared = Comparison(record.connection, record.study_year, known[-1].run_id, record.at)
    in_year = classes(record.connection, record.at, record.study_year)
    names = naming.journal_bags(in_year)
    groups = {naming.stem_of(name): group_id for group_id, name in names.items()}

    def changes(group_id: int | None) -> Iterable[tuple[Any, ...]]:
        return rows(compared.changes(group_id))

    return replace(
        edition,
        number=known[-1].number + 1,
        before=newest_bags(known, groups),
        changed=frozenset(compared.classes()),
        changes=changes,
    )


def seal_edition(sealing: Sealing, known: Sequence[SealedEdition], root: Path) -> SealedYear:
    """Stage the bags of an edition and put them beside those of the year, the summary last.

    What a killed publishing left behind is removed; an edition that was published, but not registered, is
    recognised by its roots. Raises EditionBeforeMissing, OtherSnapshotThere, SealingFailed.
    """
    study_year = sealing.record.study_year
    place = root / naming.year_folder(study_year)
    _require_before(sealing.edition, place)
    registered = {one.name for edition in known for one in edition.bags}
    with staging(root, study_year) as staged:
        sealed = sealing.stage(staged)
        made = {one.name: one.root.hex() for one, _term in sealed.bags}
        newer = {one.name for one in place.iterdir() if one.is_dir()} - registered
        if any(name.startswith(f"{naming.SUMMARY}-") for name in newer):
            return _adopted(sealed, place, made, newer)
        _remove_unfinished(place, newer & made.keys())
        if newer - made.keys():
            raise OtherSnapshotThere(place / min(newer - made.keys()))
        return add_edition(sealed, place)


def _require_before(edition: Edition, place: Path) -> None:
    """Every bag that the edition builds upon must lie in its place, and be the one that is registered."""
    for one in edition.before.values():
        manifest = place / one.bag / bag.TAG_MANIFEST
        try:
            root = sha256(manifest.read_bytes()).hexdigest()
        except OSError:
            root = ""
        if root != one.root:
            raise EditionBeforeMissing(place / one.bag)


def _adopted(sealed: SealedYear, place: Path, made: dict[str, str], newer: set[str]) -> SealedYear:
    """The edition that lies there already, if it is whole and the very one that was just made again."""
    for name in sorted(newer | made.keys()):
        report = verifier.verify(place / name)
        roots = [*report.roots.values()]
        if not report.sound or roots != [made.get(name)]:
            raise OtherSnapshotThere(place / name)
    return SealedYear(place, sealed.bags, sealed.groups)


def _remove_unfinished(place: Path, names: Iterable[str]) -> None:
    """Bags that no summary vouches for: the process died before the edition was there."""
    mode = place.stat().st_mode
    for name in names:
        place.chmod(0o700)
        bag.remove(place / name)
        place.chmod(mode)
