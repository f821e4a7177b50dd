"""A year is copied to a carrier whole and verified, or what could not be is not there under its name."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive_store.carriers import register, transfer
from archive_store.carriers.copies import copies
from archive_store.carriers.copying import Outcome
from archive_store.carriers.errors import (
    CarrierNotThere,
    CopyNotSound,
    LinkInTheWay,
    OtherCarrierThere,
    SourceNotSound,
)
from archive_store.carriers.transfer import open_up
from archive_store.errors import FolderNotWritable
from archive_store.snapshot.verifier import verify
from archive_store.verification.whole import verify as verify_ledger
from handling import JOURNAL, MARKS, OTHER_JOURNAL, SUMMARY, altered, copied, flipped
from small_year import SCHOOL

ALL = [JOURNAL, OTHER_JOURNAL, SUMMARY]
YEAR = "2024-2025"


def outcomes(found: list[Any]) -> list[str]:
    return [one.outcome for one in found]


def on(disk: Path) -> list[str]:
    """What lies on a disk, besides the mark."""
    return sorted(path.name for path in disk.iterdir() if path.name != "carrier.json")


def bags_on(disk: Path) -> list[str]:
    return sorted(path.name for path in (disk / YEAR).iterdir()) if (disk / YEAR).is_dir() else []


def in_the_book(school: Any) -> list[str]:
    with school.engine.connect() as connection:
        assert verify_ledger(connection, SCHOOL).findings == ()
        return [copy.bag for copy in copies(connection, SCHOOL)]


def test_all_bags_are_copied_verified_entered_in_the_book_and_not_copied_again(school: Any) -> None:
    carrier = school.add("a")
    assert outcomes(school.copy(carrier)) == [Outcome.COPIED] * 3
    report = verify(school.disk("a"))
    assert report.sound
    assert report.roots == verify(school.own.root).roots
    assert (on(school.disk("a")), bags_on(school.disk("a"))) == ([YEAR], ALL)
    assert in_the_book(school) == ALL
    before = {path: path.stat().st_mtime_ns for path in school.disk("a").rglob("*")}
    assert outcomes(school.copy(carrier)) == [Outcome.THERE] * 3
    assert {path: path.stat().st_mtime_ns for path in school.disk("a").rglob("*")} == before
    assert in_the_book(school) == ALL


def _not_permitted(path: Path, mode: int, **_more: bool) -> None:
    """As Linux answers on a file system without owners."""
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path), mode)


@pytest.mark.parametrize("knows_modes", [True, False], ids=["modes", "FAT"])
def test_a_signature_that_came_later_follows_and_what_is_sealed_stays(
    school: Any, monkeypatch: pytest.MonkeyPatch, knows_modes: bool
) -> None:
    carrier = school.add("a")
    school.copy(carrier)
    folder = school.own.root / YEAR / JOURNAL
    (folder / "signatures").mkdir()
    (folder / "signatures" / "head.p7s").write_bytes(b"signature")
    if not knows_modes:
        open_up(school.disk("a"))
        monkeypatch.setattr(Path, "chmod", _not_permitted)
    assert outcomes(school.copy(carrier)) == [Outcome.THERE] * 3
    assert (school.disk("a") / YEAR / JOURNAL / "signatures" / "head.p7s").read_bytes() == b"signature"
    assert verify(school.disk("a")).sound


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("side", ["a signature of ours", "the folder on the carrier"])
def test_a_link_among_signatures_that_came_later_is_refused_and_named(
    school: Any, tmp_path: Path, side: str
) -> None:
    carrier = school.add("a")
    school.copy(carrier)
    folder, there = school.own.root / YEAR / JOURNAL, school.disk("a") / YEAR / JOURNAL
    (folder / "signatures").mkdir()
    (tmp_path / "elsewhere").mkdir()
    secret = tmp_path / "elsewhere" / "secret.sig"
    secret.write_bytes(b"secret")
    if side == "a signature of ours":
        link = folder / "signatures" / "head.sig"
        link.symlink_to(secret)
    else:
        (folder / "signatures" / "head.sig").write_bytes(b"signature")
        open_up(school.disk("a"))
        link = there / "signatures"
        link.symlink_to(secret.parent, target_is_directory=True)
    with pytest.raises(LinkInTheWay) as refused:
        list(school.copy(carrier))
    assert refused.value.path == link
    assert list(secret.parent.iterdir()) == [secret]
    assert b"secret" not in [path.read_bytes() for path in there.rglob("*.sig") if not path.is_symlink()]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], None]], None]:
    """Let something happen when so many files have been flushed to the carrier."""

    def fail(after: int, happen: Callable[[], None]) -> None:
        flushed = iter(range(10**6))
        fsync = os.fsync

        def counting(handle: int) -> None:
            if next(flushed) == after:
                happen()
            fsync(handle)

        monkeypatch.setattr(transfer.os, "fsync", counting)

    return fail


def test_a_full_disk_leaves_nothing_half_published_and_the_next_call_goes_on(
    school: Any, failing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = school.add("a")

    def no_space() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    failing(80, no_space)
    with pytest.raises(FolderNotWritable) as refused:
        school.copy(carrier)
    assert refused.value.reason == os.strerror(errno.ENOSPC)
    assert on(school.disk("a")) == [YEAR]
    assert bags_on(school.disk("a")) == [JOURNAL]
    assert in_the_book(school) == [JOURNAL]
    monkeypatch.undo()
    # The carrier is asked for by its mark alone: undoing took the invented disks away as well.
    assert outcomes(school.copy(carrier)) == [Outcome.THERE, Outcome.COPIED, Outcome.COPIED]
    assert verify(school.disk("a")).sound


@pytest.fixture
def tiny_disk(school: Any) -> Iterator[Path]:
    """A real file system of 1,100 KB in the place of disk ``a``."""
    disk = school.disk("a")
    mounted = sys.platform == "linux" and shutil.which("mount")
    command = ["mount", "-t", "tmpfs", "-o", "size=1100k", "tmpfs", str(disk)]
    if not mounted or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("may not mount a file system here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_really_full(school: Any, tiny_disk: Path) -> None:
    carrier = school.add("a")
    with pytest.raises(FolderNotWritable) as refused:
        school.copy(carrier)
    assert refused.value.reason == os.strerror(errno.ENOSPC)
    assert (on(tiny_disk), bags_on(tiny_disk)) == ([YEAR], [JOURNAL])
    assert verify(tiny_disk / YEAR / JOURNAL).sound


def test_a_carrier_taken_out_half_way_and_put_back(school: Any, failing: Any) -> None:
    carrier = school.add("a")
    disk, elsewhere = school.disk("a"), school.disk("a").with_name("a-taken-out")
    failing(80, lambda: disk.rename(elsewhere))
    with pytest.raises(CarrierNotThere) as gone:
        school.copy(carrier)
    assert gone.value.name == "a"
    assert not disk.exists()
    elsewhere.rename(disk)
    assert bags_on(disk) == [JOURNAL]
    assert outcomes(school.copy(carrier)) == [Outcome.THERE, Outcome.COPIED, Outcome.COPIED]
    assert on(disk) == [YEAR]
    assert verify(disk).sound


def test_an_empty_mount_point_is_not_taken_for_the_carrier(school: Any, failing: Any) -> None:
    """The carrier goes, its mount point stays: nothing may be published on the computer's own disk."""
    carrier = school.add("a")
    disk = school.disk("a")
    failing(20, (disk / register.IDENTITY).unlink)
    with pytest.raises(CarrierNotThere):
        school.copy(carrier)
    assert bags_on(disk) == []
    assert in_the_book(school) == []


def test_another_carrier_in_its_place_is_left_alone(school: Any) -> None:
    carrier = school.add("a")
    school.add("b")
    shutil.copy(school.disk("b") / register.IDENTITY, school.disk("a") / register.IDENTITY)
    with pytest.raises(OtherCarrierThere):
        school.copy(carrier)
    assert on(school.disk("a")) == []


def test_what_a_killed_copying_left_goes_and_a_bag_it_had_published_is_entered(school: Any) -> None:
    carrier = school.add("a")
    copied(school.own.root / YEAR / JOURNAL, school.disk("a") / YEAR)
    copied(school.own.root / YEAR / OTHER_JOURNAL, school.disk("a") / f".staging-{YEAR}" / YEAR)
    assert outcomes(school.copy(carrier)) == [Outcome.FOUND, Outcome.COPIED, Outcome.COPIED]
    assert in_the_book(school) == ALL
    assert on(school.disk("a")) == [YEAR]


def test_a_different_bag_of_the_same_name_is_never_written_over(school: Any) -> None:
    carrier = school.add("a")
    there = copied(school.own.root / YEAR / OTHER_JOURNAL, school.disk("a") / YEAR)
    there.rename(there.with_name(JOURNAL))
    assert outcomes(school.copy(carrier)) == [Outcome.OTHER, Outcome.COPIED, Outcome.COPIED]
    assert in_the_book(school) == [OTHER_JOURNAL, SUMMARY]


def test_a_damaged_bag_that_the_book_does_not_know_is_not_taken_for_a_copy(school: Any) -> None:
    carrier = school.add("a")
    there = copied(school.own.root / YEAR / JOURNAL, school.disk("a") / YEAR)
    altered(there / MARKS, flipped)
    assert outcomes(school.copy(carrier)) == [Outcome.DAMAGED, Outcome.COPIED, Outcome.COPIED]


def test_a_damaged_source_is_named_and_not_copied(school: Any) -> None:
    carrier = school.add("a")
    altered(school.own.root / YEAR / OTHER_JOURNAL / MARKS, flipped)
    with pytest.raises(SourceNotSound) as refused:
        school.copy(carrier)
    assert refused.value.bag == f"{YEAR}/{OTHER_JOURNAL}"
    assert any(MARKS in finding for finding in refused.value.findings)
    assert (on(school.disk("a")), bags_on(school.disk("a"))) == ([YEAR], [JOURNAL])


def test_a_carrier_that_gives_back_other_bytes_than_were_written(
    school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = school.add("a")
    copy_file = transfer.copy_file

    def rotten(source: Path, target: Path) -> None:
        copy_file(source, target)
        if target.name == "mark.csv.gz":
            altered(target, flipped)

    monkeypatch.setattr(transfer, "copy_file", rotten)
    with pytest.raises(CopyNotSound):
        school.copy(carrier)
    assert on(school.disk("a")) == []


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("where", [YEAR, f".staging-{YEAR}", f"{YEAR}/{JOURNAL}"])
def test_a_link_on_the_carrier_is_never_followed(school: Any, tmp_path: Path, where: str) -> None:
    carrier = school.add("a")
    target = tmp_path / "elsewhere"
    (target / YEAR).mkdir(parents=True)
    (target / "precious.txt").write_text("precious")
    (school.disk("a") / where).parent.mkdir(exist_ok=True)
    (school.disk("a") / where).symlink_to(target, target_is_directory=True)
    if where.startswith(".staging"):
        assert outcomes(school.copy(carrier)) == [Outcome.COPIED] * 3
    else:
        with pytest.raises(LinkInTheWay):
            school.copy(carrier)
    assert sorted(path.name for path in target.rglob("*")) == [YEAR, "precious.txt"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_in_the_source_is_not_copied(school: Any, tmp_path: Path) -> None:
    carrier = school.add("a")
    (tmp_path / "secret").write_text("secret")
    (school.own.root / YEAR / JOURNAL / "data" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(LinkInTheWay):
        school.copy(carrier)
    assert on(school.disk("a")) == []
