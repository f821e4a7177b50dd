"""What is written appears whole or not at all, whatever ends the command, and stays once it is told."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import pyzipper

from archive_store import on_disk
from archive_store.carriers.encrypting import _replace
from archive_store.export.encrypted_zip import write_zip
from archive_store.export.errors import ZipThere
from archive_store.on_disk import appearing, part_of
from archive_store.retention.notes import write_beside
from archive_store.retention.tombstones import Tombstone

PASSWORD = "Correct-Horse-77"
STONE = Tombstone(2019, "journal-9A-ed01", "0" * 64, 77, 3, 900, 5, 1, "2025-09-04T00:00:00Z")


def _write(target: Path, meanwhile: Callable[[], object]) -> None:
    with appearing(target) as file:
        file.write(b"ours")
        meanwhile()


def _stopped() -> None:
    raise KeyboardInterrupt


def test_a_file_has_its_name_only_when_all_of_it_is_written(tmp_path: Path) -> None:
    target = tmp_path / "whole"
    with appearing(target) as file:
        file.write(b"all of it")
        file.flush()
        assert not target.exists()
    assert target.read_bytes() == b"all of it"
    assert list(tmp_path.iterdir()) == [target]
    if os.name != "nt":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_what_failed_or_was_stopped_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _write(tmp_path / "whole", _stopped)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_command_left_is_written_anew(tmp_path: Path) -> None:
    part_of(tmp_path / "whole").write_bytes(b"left by a command that was killed, and longer")
    with appearing(tmp_path / "whole") as file:
        file.write(b"anew")
    assert (tmp_path / "whole").read_bytes() == b"anew"


def test_nothing_is_written_over_unless_it_may_be_not_even_what_came_meanwhile(tmp_path: Path) -> None:
    target = tmp_path / "whole"
    with pytest.raises(FileExistsError):
        _write(target, lambda: target.write_bytes(b"of another"))
    assert target.read_bytes() == b"of another"
    with appearing(target, over=True) as file:
        file.write(b"ours")
    assert target.read_bytes() == b"ours"


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed there")
def test_half_of_another_commands_file_is_never_given_the_name(tmp_path: Path) -> None:
    target = tmp_path / "whole"

    def another() -> None:
        part_of(target).unlink()
        part_of(target).write_bytes(b"half of anoth")

    with pytest.raises(FileExistsError):
        _write(target, another)
    assert not target.exists()


def test_a_zip_has_its_name_only_when_all_of_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    out = tmp_path / "given.zip"
    part_of(out).write_bytes(b"left by a command that was killed")

    def files() -> Iterator[str]:
        for name in ("1.txt", "2.txt"):
            (tmp_path / "in" / name).write_text(name)
            yield name
            assert not out.exists()

    written = write_zip(tmp_path / "in", files(), out, PASSWORD)
    assert written.size == out.stat().st_size
    assert sorted(one.name for one in tmp_path.iterdir()) == ["given.zip", "in"]
    with pyzipper.AESZipFile(out) as packed:
        packed.setpassword(PASSWORD.encode())
        assert packed.read("2.txt") == b"2.txt"
    with pytest.raises(ZipThere):
        write_zip(tmp_path / "in", files(), out, PASSWORD)


def test_tombstones_and_the_papers_of_a_carrier_are_flushed_with_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[Path, list[str]]] = []

    def flush(folder: Path) -> None:
        flushed.append((folder, sorted(one.name for one in folder.iterdir())))

    monkeypatch.setattr(on_disk, "flush_folder", flush)
    write_beside(tmp_path, 901, [STONE])
    assert flushed == [(tmp_path / "destroyed", ["901-2019-2020-journal-9A-ed01.json"])]
    _replace(tmp_path / "README.txt", b"for whoever finds it")
    assert flushed[1:] == [(tmp_path, ["README.txt", "destroyed"])]
