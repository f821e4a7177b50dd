"""A damaged copy is replaced by a sound one when told to, and by nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from archive_store.carriers import transfer
from archive_store.carriers.copies import Level, copies, sealed_bags
from archive_store.carriers.errors import CarrierNotThere
from archive_store.carriers.repairing import Outcome, Repair, Repaired
from archive_store.carriers.rounds import expected_at, the_place
from archive_store.verification.whole import verify
from handling import DATABASE, JOURNAL, MARKS, OTHER_JOURNAL, SUMMARY, altered, flipped, rehashed, repacked
from small_year import SCHOOL

YEAR = "2024-2025"


def repair(school: Any, damaged: str, source: str, by_file: bool = False) -> list[Repaired]:
    with school.engine.connect() as connection:
        places = [the_place(connection, SCHOOL, school.own.root, name) for name in (damaged, source)]
        expected = expected_at(places[0], sealed_bags(connection, SCHOOL), copies(connection, SCHOOL))
    return list(Repair(school.engine, school.scribe(), places[0], places[1], by_file).run(expected))


def outcomes(found: list[Repaired]) -> dict[str, str]:
    return {one.sealed.bag: one.outcome for one in found}


def bag(root: Path, name: str = JOURNAL) -> Path:
    for path in (root / YEAR, root / YEAR / name, *(root / YEAR / name).rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return root / YEAR / name


def left_on(disk: Path) -> set[str]:
    return {path.name for path in disk.iterdir()}


@pytest.mark.parametrize("damage", ["changed", "removed", "missing bag", "edited to match"])
def test_a_damaged_copy_is_replaced_and_a_sound_one_left_as_it_is(copied_twice: Any, damage: str) -> None:
    there = bag(copied_twice.disk("a"))
    if damage == "changed":
        altered(there / MARKS, flipped)
    elif damage == "removed":
        (there / MARKS).unlink()
    elif damage == "edited to match":
        repacked(there / MARKS, lambda content: content.replace(b",5,5,", b",4,4,"))
        rehashed(there)
    else:
        shutil.rmtree(there)
    assert outcomes(repair(copied_twice, "a", "b")) == {
        JOURNAL: Outcome.REPAIRED, OTHER_JOURNAL: Outcome.SOUND, SUMMARY: Outcome.SOUND,
    }  # fmt: skip
    assert copied_twice.check(Level.FULL).is_sound
    assert left_on(copied_twice.disk("a")) == {"carrier.json", YEAR}
    with copied_twice.engine.connect() as connection:
        assert verify(connection, SCHOOL).findings == ()


def test_two_carriers_damaged_in_different_bags_mend_each_other(copied_twice: Any) -> None:
    altered(bag(copied_twice.disk("a")) / MARKS, flipped)
    altered(bag(copied_twice.disk("b"), OTHER_JOURNAL) / MARKS, flipped)
    assert outcomes(repair(copied_twice, "a", "b"))[JOURNAL] == Outcome.REPAIRED
    assert outcomes(repair(copied_twice, "b", "a"))[OTHER_JOURNAL] == Outcome.REPAIRED
    assert copied_twice.check(Level.FULL).is_sound


@pytest.mark.parametrize("by_file", [False, True])
def test_nothing_is_taken_from_a_copy_that_does_not_verify(copied_twice: Any, by_file: bool) -> None:
    before = {}
    for disk in ("a", "b"):
        altered(bag(copied_twice.disk(disk)) / MARKS, flipped)
        before[disk] = (copied_twice.disk(disk) / YEAR / JOURNAL / MARKS).read_bytes()
    (refused, *_others) = repair(copied_twice, "a", "b", by_file)
    assert refused.outcome is Outcome.NO_SOURCE
    assert any(MARKS in finding for finding in refused.findings)
    for disk in ("a", "b"):
        assert (copied_twice.disk(disk) / YEAR / JOURNAL / MARKS).read_bytes() == before[disk]


def test_copies_damaged_in_different_files_are_put_together_by_file(copied_twice: Any) -> None:
    altered(bag(copied_twice.disk("a")) / MARKS, flipped)
    altered(bag(copied_twice.disk("b")) / DATABASE, flipped)
    assert outcomes(repair(copied_twice, "a", "b"))[JOURNAL] == Outcome.NO_SOURCE
    assert outcomes(repair(copied_twice, "a", "b", by_file=True))[JOURNAL] == Outcome.REPAIRED
    assert outcomes(repair(copied_twice, "b", "a"))[JOURNAL] == Outcome.REPAIRED
    assert copied_twice.check(Level.FULL).is_sound


def test_the_archives_own_folder_is_mended_from_a_carrier_and_stays_read_only(copied_twice: Any) -> None:
    altered(bag(copied_twice.own.root) / MARKS, flipped)
    copied_twice.own.root.joinpath(YEAR).chmod(0o500)
    assert outcomes(repair(copied_twice, "archive", "b"))[JOURNAL] == Outcome.REPAIRED
    assert copied_twice.own.root.joinpath(YEAR).stat().st_mode & 0o777 == 0o500
    assert copied_twice.check().is_sound


def test_a_signature_that_only_the_damaged_copy_has_is_kept(copied_twice: Any) -> None:
    there = bag(copied_twice.disk("a"))
    altered(there / MARKS, flipped)
    (there / "signatures").mkdir()
    (there / "signatures" / "head.p7s").write_bytes(b"signature")
    repair(copied_twice, "a", "b")
    assert (copied_twice.disk("a") / YEAR / JOURNAL / "signatures" / "head.p7s").read_bytes() == b"signature"


def test_cut_off_before_the_new_copy_has_its_name_the_old_one_is_kept_and_the_next_repair_ends_it(
    copied_twice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    altered(bag(copied_twice.disk("a")) / MARKS, flipped)
    kept = copied_twice.disk("a") / f".aside-{YEAR}" / JOURNAL

    class KilledError(BaseException):
        pass

    def killed(*_arguments: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("archive_store.carriers.repairing.publish", killed)
        with pytest.raises(KilledError):
            repair(copied_twice, "a", "b")
    assert (kept / MARKS).exists()
    assert copied_twice.unsound() == [("a", JOURNAL, "missing")]
    assert outcomes(repair(copied_twice, "a", "b"))[JOURNAL] == Outcome.REPAIRED
    assert left_on(copied_twice.disk("a")) == {"carrier.json", YEAR}


def test_a_carrier_taken_out_amid_a_repair_keeps_what_it_had(
    copied_twice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    altered(bag(copied_twice.disk("a")) / MARKS, flipped)
    damaged = (copied_twice.disk("a") / YEAR / JOURNAL / MARKS).read_bytes()
    disk, away = copied_twice.disk("a"), copied_twice.disk("a").with_name("away")
    copy_file = transfer.copy_file

    def pulling(source: Path, target: Path) -> None:
        if target.name == "mark.csv.gz":
            disk.rename(away)
        copy_file(source, target)

    monkeypatch.setattr(transfer, "copy_file", pulling)
    with pytest.raises(CarrierNotThere):
        repair(copied_twice, "a", "b")
    away.rename(disk)
    assert (disk / YEAR / JOURNAL / MARKS).read_bytes() == damaged
