"""Carriers, copies, checks, repair, restore and diff as their user types them."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from reading import file_text, needs_poppler

sys.path.append(str(Path(__file__).parents[2] / "archive_store" / "snapshot"))

from archive_store import texts
from archive_store.carriers import devices
from archive_store.carriers.devices import Device
from archive_store.store import make_store
from archive_store.year.closing import close_year
from connector.cli.exit_codes import ExitCode
from handling import JOURNAL, MARKS, altered, flipped
from small_year import AT, SCHOOL, YEAR, fill


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive with a closed year. Read only: tests take a copy."""
    folder = tmp_path_factory.mktemp("closed")
    engine = make_store(f"sqlite:///{folder / 'archive.sqlite'}")
    fill(engine)
    with engine.begin() as connection:
        close_year(connection, SCHOOL, YEAR, folder / "snapshots", AT)
    engine.dispose()
    return folder


@pytest.fixture
def disks(command: Any, closed: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A closed year, and the folders ``safe`` and ``office``, each on a disk of its own."""

    def device_of(path: Path) -> Device:
        disk = next((name for name in ("safe", "office") if name in path.parts), "computer")
        return Device(disk, frozenset([disk]))

    monkeypatch.setattr(devices, "device_of", device_of)
    shutil.copytree(closed, Path(), dirs_exist_ok=True)
    for name in ("safe", "office"):
        Path(name).mkdir()
    return command


def _add(command: Any, name: str, *more: str) -> Any:
    options = (
        "--role",
        "основной",
        "--room",
        f"room of {name}",
        "--inventory",
        f"no. {name}",
        "--name",
        name,
    )
    return command("carrier", "add", name, *options, *more)


@pytest.fixture
def copied(disks: Any) -> Any:
    """The same with the year on both carriers."""
    for name in ("safe", "office"):
        assert _add(disks, name).code == ExitCode.OK
        assert disks("snapshot", "copy", "2024", "--to", name).code == ExitCode.OK
    return disks


def _damage(name: str) -> None:
    file = Path(name) / "2024-2025" / JOURNAL / MARKS
    file.chmod(0o600)
    altered(file, flipped)


def _waits(command: Any) -> list[str]:
    (school,) = json.loads(command("status", "--json").out)["schools"]
    return [one["kind"] for one in school["waiting"] if one["kind"] not in ("sign-in", "silence")]


def test_a_year_is_copied_twice_and_status_is_content(disks: Any) -> None:
    assert _waits(disks) == ["few-copies"]
    for name in ("safe", "office"):
        _add(disks, name)
        disks("snapshot", "copy", "--to", f"no. {name}")
    assert _waits(disks) == []
    listed = disks("carrier", "list").out
    assert "room of safe" in listed
    disks("carrier", "retire", "safe", "--reason", "act 5")
    assert _waits(disks) == ["few-copies"]
    assert "act 5" in disks("carrier", "list", "--all").out
    assert disks("snapshot", "copy", "--to", "safe").code == ExitCode.NOT_IN_ARCHIVE


def test_the_check_of_a_year_tells_bags_without_two_copies(copied: Any) -> None:
    def missing() -> tuple[int, list[str]]:
        checks = json.loads(copied("year", "check", "2024", "--json", "--quick").out)["checks"]
        (found,) = [one for one in checks if one["code"] == "copies-missing"]
        return found["count"], [one["detail"] for one in found["places"]]

    assert missing() == (0, [])
    copied("carrier", "retire", "safe", "--reason", "act 5")
    count, places = missing()
    assert count == len(places) == 3
    assert f"{JOURNAL}: copies 1" in places


def test_damage_is_told_with_the_command_that_mends_it_and_that_command_mends_it(copied: Any) -> None:
    _damage("safe")
    found = copied("snapshot", "verify", "--all")
    assert found.code == ExitCode.NOT_VERIFIED
    assert "journal of class 9А, 2024/2025" in found.out
    assert "Touched by it: Marks of lessons." in found.out
    assert _waits(copied) == ["few-copies", "damaged-copies"]
    (line,) = [line for line in found.out.splitlines() if "To mend it: " in line]
    assert line.endswith('snapshot repair --carrier "safe" --from "archive"')
    assert copied("snapshot", "repair", "--carrier", "safe", "--from", "archive").code == ExitCode.OK
    assert copied("snapshot", "verify", "--carrier", "safe", "--level", "deep").code == ExitCode.OK
    assert _waits(copied) == []
    assert copied("ledger", "verify").code == ExitCode.OK


@needs_poppler
def test_the_protocol_is_a_page_to_be_signed_and_a_file_for_programs(copied: Any) -> None:
    _damage("office")
    texts.activate("ru")
    for _time in range(2):
        assert copied("snapshot", "verify", "--all", "--protocol", "file").code == ExitCode.NOT_VERIFIED
    pages = sorted(Path("file").glob("*.pdf"))
    assert len(pages) == len(list(Path("file").glob("*.json"))) == 2
    value = json.loads(pages[0].with_suffix(".json").read_text())
    assert [place["sound"] for place in value["places"]] == [True, True, False]
    shown = " ".join(file_text(pages[0], "-layout").split())
    for words in ("Протокол проверки наличия", "room of safe", "no. office", "ПОВРЕЖДЕНО", "Текущие отметки",
                  "подсчитаны, не проверялись", "Ответственный за архив"):  # fmt: skip
        assert words in shown


def test_a_shared_device_is_refused_and_an_unknown_one_must_be_confirmed(
    disks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "device_of", lambda _path: Device("one", frozenset(["sda"])))
    refused = _add(disks, "safe")
    assert refused.code == ExitCode.FILES
    assert "same physical device as the archive itself" in refused.err
    monkeypatch.setattr(devices, "device_of", lambda path: Device(path.name))
    refused = _add(disks, "safe")
    assert refused.code == ExitCode.FILES
    assert "--other-device-confirmed" in refused.err
    assert _add(disks, "safe", "--other-device-confirmed").code == ExitCode.OK
    practised = _add(disks, "office", "--same-device-confirmed")
    assert "does not count as a second copy" in practised.out


def test_a_restored_year_answers_as_the_archive_did(copied: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = copied("data", "marks", "--year", "2024").out
    refused = copied("restore", "safe")
    assert (refused.code, "never adds" in refused.err) == (ExitCode.FILES, True)
    restored = copied("restore", "safe", "--into", "restored.sqlite")
    assert restored.code == ExitCode.OK
    assert "Origin: 2024-2025/summary-ed01, root " in restored.out
    assert "Not taken over:" in restored.out
    monkeypatch.setenv("DNEVNIK_ARCHIVE_STORE_URL", "sqlite:///restored.sqlite")
    assert copied("data", "marks", "--year", "2024").out == before
    assert copied("ledger", "verify").code == ExitCode.OK


def test_what_does_not_verify_is_refused_unless_told(copied: Any) -> None:
    path = Path("safe") / "2024-2025" / JOURNAL / "read-me.txt"
    path.chmod(0o600)
    altered(path, flipped)
    assert copied("restore", "safe", "--into", "restored.sqlite").code == ExitCode.NOT_VERIFIED
    assert not Path("restored.sqlite").exists()
    told = copied("restore", "safe", "--into", "restored.sqlite", "--unverified")
    assert told.code == ExitCode.NOT_VERIFIED
    assert "RESTORED FROM WHAT DOES NOT VERIFY" in told.out
    assert "read-me.txt" in told.out


def test_differences_are_told_in_words_and_as_json(copied: Any) -> None:
    one, other = "safe/2024-2025/journal-9A-ed01", "safe/2024-2025/journal-9B-ed01"
    same = copied("snapshot", "diff", "safe", "office")
    assert (same.code, "No record differs" in same.out) == (ExitCode.OK, True)
    told = copied("snapshot", "diff", one, other)
    assert told.code == ExitCode.NOT_VERIFIED
    assert "only in the first: 9А, Алгебра" in told.out
    lines = [json.loads(line) for line in copied("snapshot", "diff", one, other, "--json").out.splitlines()]
    assert {line["kind"] for line in lines} >= {"only in A", "only in B"}
    assert copied("snapshot", "diff", "safe", "file").code == ExitCode.NOT_IN_ARCHIVE


def test_nothing_to_check_and_nothing_named_are_told(command: Any, disks: Any) -> None:
    assert disks("snapshot", "verify").code == ExitCode.USAGE
    assert disks("snapshot", "verify", "snapshots", "--all").code == ExitCode.USAGE
    assert disks("snapshot", "copy", "2019", "--to", "safe").code == ExitCode.NOT_IN_ARCHIVE
    assert disks("snapshot", "verify", "snapshots").code == ExitCode.OK
