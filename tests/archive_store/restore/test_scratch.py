"""The record of a sealed year in a database of its own: private, and gone however the work ends."""

from __future__ import annotations

import json
import stat
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store import runs
from archive_store.errors import NotASnapshot
from archive_store.restore.errors import NotVerified
from archive_store.restore.scratch import sealed_record
from archive_store.schema import MARK
from handling import JOURNAL, MARKS, PASSPORT, SUMMARY, altered, copied, flipped
from small_year import YEAR


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_the_record_is_there_for_a_time_and_for_its_owner_alone(sealed: Path, temporary: Path) -> None:
    with sealed_record(sealed, "test") as record:
        passport = json.loads((sealed / JOURNAL / PASSPORT).read_text())
        count = record.connection.execute(sa.select(sa.func.count()).select_from(MARK.table)).scalar()
        assert count
        assert count >= passport["tables"]["mark"]["rows"]
        (folder,) = temporary.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in folder.iterdir())
    assert list(temporary.iterdir()) == []


def test_it_is_gone_after_a_failure_too(sealed: Path, temporary: Path) -> None:
    with pytest.raises(ZeroDivisionError), sealed_record(sealed, "test"):
        raise ZeroDivisionError
    assert list(temporary.iterdir()) == []


def test_the_summary_vouches_for_the_year_with_its_root(sealed: Path, temporary: Path) -> None:
    with sealed_record(sealed, "test") as record:
        bag = record.voucher(YEAR)
        assert bag is not None
        place, root = record.origin(bag)
        assert record.voucher(YEAR - 1) is None
    assert place.rpartition("/")[2] == SUMMARY
    assert root == sha256((sealed / SUMMARY / "tagmanifest-sha256.txt").read_bytes()).hexdigest()


def test_the_record_is_known_as_of_its_sealing_not_of_its_reading(sealed: Path, temporary: Path) -> None:
    with sealed_record(sealed, "test") as record:
        run = runs.last(record.connection, record.at.school_id)
        assert run is not None
        assert run.started_at == max(bag.recorded_at for bag in record.source.bags)


def test_one_bag_alone_vouches_for_itself(sealed: Path, temporary: Path) -> None:
    with sealed_record(sealed / JOURNAL, "test") as record:
        bag = record.voucher(YEAR)
        assert bag is not None
        assert bag.name == JOURNAL
        assert record.origin(bag)[1] == record.source.roots[record.origin(bag)[0]]


def test_a_damaged_bag_is_refused_by_its_name_and_leaves_nothing(
    sealed: Path, tmp_path: Path, temporary: Path
) -> None:
    year = copied(sealed, tmp_path)
    altered(year / JOURNAL / MARKS, flipped)
    with pytest.raises(NotVerified) as raised, sealed_record(year, "test"):
        pass
    assert any(JOURNAL in finding for finding in raised.value.findings)
    assert list(temporary.iterdir()) == []


def test_a_folder_without_bags_is_told(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(NotASnapshot), sealed_record(tmp_path / "none", "test"):
        pass
