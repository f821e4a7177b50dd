"""``snapshot repair``: replace a damaged copy by a sound one, and only when told to.

The new copy is staged on the damaged copy's medium and verified before the old one is moved, and verified
once more in its place before the old one goes. Nothing is taken from a copy that does not verify; with
``by_file`` a bag whose copies are damaged in different files is put together from the files that agree with
the manifest of the sealed root, and is then verified like any other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive_store.carriers.book import Kind, Scribe
from archive_store.carriers.copies import Place, SealedBag
from archive_store.carriers.errors import LinkInTheWay
from archive_store.carriers.files import manifests, root_of
from archive_store.carriers.transfer import (
    at_carrier,
    copy_file,
    discard,
    keep_signatures,
    open_up,
    publish,
    sound,
    staged,
    staged_by,
)
from archive_store.errors import ArchiveError
from archive_store.on_disk import flush_folder

ASIDE: Final = ".aside-"


class Outcome(StrEnum):
    """What became of a copy."""

    SOUND = "sound"
    REPAIRED = "repaired"
    NO_SOURCE = "no source"  # the other copy does not verify either


@dataclass(frozen=True, slots=True)
class Repaired:
    """A copy and what became of it; ``findings`` are those of the source that cannot be used."""

    sealed: SealedBag
    outcome: Outcome
    findings: tuple[str, ...] = ()


@dataclass
class RepairNotSound(ArchiveError):
    """The new copy does not verify in its place; the one before is kept aside."""

    bag: str
    aside: Path
    findings: list[str]


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair under way: of which place, from which."""

    engine: sa.Engine
    scribe: Scribe
    damaged: Place
    source: Place
    by_file: bool = False

    def run(self, expected: Sequence[SealedBag]) -> Iterator[Repaired]:
        """Look at every copy and replace those that do not verify. Raises what transfer raises."""
        for sealed in expected:
            with at_carrier(self.damaged, self.scribe.school_id) as still_there:
                target = self.damaged.root / sealed.year / sealed.bag
                if not _is_linked(target) and not sound(target, sealed.root):
                    discard(self._aside(sealed))  # left by a repair that was cut off when all was done
                    yield Repaired(sealed, Outcome.SOUND)
                    continue
                refused = self._refused(sealed)
                if refused:
                    yield Repaired(sealed, Outcome.NO_SOURCE, tuple(refused))
                    continue
                with self._staged(sealed) as folder:
                    still_there()
                    self._replace(folder, sealed, target)
            details = {
                "year": sealed.study_year,
                "bag": sealed.bag,
                "root": sealed.root,
                "from": self.source.key,
            }
            with self.engine.begin() as connection:
                self.scribe.enter(connection, Kind.REPAIRED, self.damaged.key, details)
            yield Repaired(sealed, Outcome.REPAIRED)

    def _refused(self, sealed: SealedBag) -> list[str]:
        """Why the other copy cannot be used; nothing if it can."""
        with at_carrier(self.source, self.scribe.school_id):
            try:
                bag = self.source.bag(sealed.year, sealed.bag)
            except LinkInTheWay as error:
                return [str(error.path)]
            findings = sound(bag, sealed.root)
        if not findings or not self.by_file:
            return findings
        pieces = self._pieces(sealed)
        return [name for name, whole in pieces.items() if whole is None] if pieces else findings

    @contextmanager
    def _staged(self, sealed: SealedBag) -> Iterator[Path]:
        source = self.source.bag(sealed.year, sealed.bag)
        if not self.by_file or not sound(source, sealed.root):
            with staged(self.damaged, sealed, source) as folder:
                yield folder
            return

        def put_together(folder: Path) -> None:
            for name, whole in self._pieces(sealed).items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                copy_file(whole or source / name, folder / name)
            keep_signatures(source, folder)

        with staged_by(self.damaged, sealed, put_together) as folder:
            yield folder

    def _pieces(self, sealed: SealedBag) -> dict[str, Path | None]:
        """For each file of the bag, a copy that agrees with the sealed manifest; None if none does."""
        bags = [
            place.root / sealed.year / sealed.bag
            for place in (self.source, self.damaged)
            if not _is_linked(place.root / sealed.year / sealed.bag)
        ]
        listed = next((manifests(bag) for bag in bags if root_of(bag) == sealed.root and manifests(bag)), {})
        return {
            name: next((bag / name for bag in bags if _agrees(bag / name, digest)), None)
            for name, digest in listed.items()
        }

    def _replace(self, folder: Path, sealed: SealedBag, target: Path) -> None:
        aside = self._aside(sealed)
        with _writable(self.damaged.root / sealed.year):
            if target.is_symlink():
                target.unlink()
            elif target.exists():
                keep_signatures(target, folder)
                discard(aside)
                aside.parent.mkdir(exist_ok=True, mode=0o700)
                open_up(target)
                target.rename(aside)
            publish(folder, self.damaged, sealed)
        findings = sound(target, sealed.root)
        if findings:
            raise RepairNotSound(sealed.place, aside, findings)
        discard(aside)
        if aside.parent.is_dir() and not any(aside.parent.iterdir()):
            aside.parent.rmdir()

    def _aside(self, sealed: SealedBag) -> Path:
        return self.damaged.root / f"{ASIDE}{sealed.year}" / sealed.bag


def _is_linked(bag: Path) -> bool:
    return bag.is_symlink() or bag.parent.is_symlink()


def _agrees(path: Path, digest: str | None) -> bool:
    """Whether a plain file has that digest; any file will do where none is stated."""
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            return digest is None or file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


@contextmanager
def _writable(year: Path) -> Iterator[None]:
    """A sealed year's folder is read only; it is opened for the exchange of a bag."""
    if year.is_symlink():
        raise LinkInTheWay(year)
    mode = year.stat().st_mode & 0o777 if year.exists() else 0o700
    if year.exists():
        year.chmod(0o700)
    try:
        yield
    finally:
        if year.exists() and os.name != "nt":
            year.chmod(mode)
        flush_folder(year.parent)
