"""``export --profile``: a package, from the archive or from a sealed one alone, and on record."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import orjson
import pytest
import pyzipper
import sqlalchemy as sa
from openpyxl import load_workbook

from archive_store.access import giving
from archive_store.access.readings import Reading, readings
from archive_store.store import open_store
from connector.cli.exit_codes import ExitCode

REQUEST = "№ 07-15/123 от 03.11.2025"
PASSWORD = "Correct-Horse-9"


def last_read(folder: Path) -> Reading:
    """What the log of access holds of the last read, with its end."""
    engine = open_store(f"sqlite:///{folder / 'archive.sqlite'}")
    with engine.connect() as connection:
        school = connection.exec_driver_sql("SELECT school_id FROM access LIMIT 1").scalar_one()
        *_before, last = readings(connection, int(school))
    engine.dispose()
    return last


def some_pupil(archive: Any, year: str, group: str) -> str:
    """The id of a pupil of the class."""
    groups = list(csv.reader(StringIO(archive("data", "groups", "--year", year).out)))
    (class_id,) = [row[0] for row in groups if row[1] == group and "Group" in row]
    members = list(csv.reader(StringIO(archive("data", "memberships", "--year", year).out)))
    return next(row[1] for row in members if row[0] == class_id)


def tables(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((folder / "data").rglob("*.csv"))
    }


def cells(book: Path) -> list[tuple[Any, ...]]:
    """The rows of a form's sheets, but for the lines that say where the form comes from."""
    rows = (row for sheet in load_workbook(book) for row in sheet.iter_rows(values_only=True))
    return [row for row in rows if not any("archive" in str(cell) or "UTC" in str(cell) for cell in row)]


def test_a_package_is_written_and_logged_with_who_asked_and_why(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path
) -> None:
    ended = archive(
        "export", "--profile", "prosecutor", "--year", closed_year, "--group", a_class, "--out", "given",
        "--request", REQUEST, "--addressee", "Прокуратура Зареченска", "--purpose", "надзор",
        "--basis", "основание", "--outgoing", "№ 5 от 10.11.2025",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    subprocess.run(["sha256sum", "-c", "--quiet", "CHECKSUMS.sha256"], cwd=tmp_path / "given", check=True)
    last = last_read(tmp_path)
    assert f"entry {last.begun.number}." in ended.out
    occasion, about = last.begun.occasion, last.begun.about
    told = (occasion.request, occasion.addressee, occasion.purpose, about["basis"], about["outgoing"])
    assert told == (REQUEST, "Прокуратура Зареченска", "надзор", "основание", "№ 5 от 10.11.2025")
    assert (last.begun.kind, about["what"]) == ("package", "prosecutor")
    assert about["groups"]
    assert last.begun.target == str(tmp_path / "given")
    assert last.ended is not None
    assert last.ended.digest == sha256((tmp_path / "given" / "CHECKSUMS.sha256").read_bytes()).digest()
    manifest = orjson.loads((tmp_path / "given" / "manifest.json").read_bytes())
    assert manifest["outgoing"] == "№ 5 от 10.11.2025"


def test_a_sealed_year_alone_gives_the_same_tables_and_needs_no_archive(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path
) -> None:
    assert archive("year", "close", closed_year).code == 0
    pupil = some_pupil(archive, closed_year, a_class)
    asked = ("export", "--profile", "parent", "--year", closed_year, "--pupil", pupil, "--request", REQUEST)
    assert archive(*asked, "--out", "live").code == 0
    shutil.move(tmp_path / "snapshots", tmp_path / "brought")
    for left in tmp_path.glob("archive.sqlite*"):
        left.unlink()
    ended = archive(*asked, "--out", "sealed", "--from-snapshot", "brought")
    assert ended.code == 0, ended.err
    assert tables(tmp_path / "sealed") == tables(tmp_path / "live")
    assert len(tables(tmp_path / "live")) == 6
    forms = {path.name for path in (tmp_path / "live" / "forms").glob("*.xlsx")}
    assert len(forms) == 3
    for name in forms:
        live = cells(tmp_path / "live" / "forms" / name)
        assert len(live) > 5
        assert cells(tmp_path / "sealed" / "forms" / name) == live
    assert "There is no archive to log this in" in ended.out
    digest = sha256((tmp_path / "sealed" / "CHECKSUMS.sha256").read_bytes()).hexdigest()
    assert digest in ended.out
    assert not (tmp_path / "archive.sqlite").exists()
    manifest = orjson.loads((tmp_path / "sealed" / "manifest.json").read_bytes())
    summary = next((tmp_path / "brought").rglob("summary-ed01/tagmanifest-sha256.txt"))
    assert manifest["source"]["sealed"]["root"] == sha256(summary.read_bytes()).hexdigest()


def test_a_damaged_bag_is_refused_by_name_and_nothing_is_given(
    command: Any, sealed_folder: Path, closed_year: str, tmp_path: Path
) -> None:
    shutil.copytree(sealed_folder / "snapshots", tmp_path / "brought")
    table = next((tmp_path / "brought").rglob("journal-*/data/tables/mark.csv.gz"))
    table.chmod(0o600)
    table.write_bytes(table.read_bytes()[:-1])
    ended = command(
        "export",
        "--profile",
        "archive",
        "--year",
        closed_year,
        "--out",
        "given",
        "--from-snapshot",
        "brought",
    )
    assert ended.code == ExitCode.NOT_VERIFIED
    assert table.parts[-4] in ended.err
    assert not (tmp_path / "given").exists()


def test_the_municipal_archive_gets_the_bags_of_long_terms_whole(
    command: Any, sealed_folder: Path, closed_year: str, tmp_path: Path
) -> None:
    shutil.copytree(sealed_folder, tmp_path, dirs_exist_ok=True)
    ended = command(
        "export", "--profile", "archive", "--year", closed_year, "--out", "given",
        "--from-snapshot", "snapshots",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    last = last_read(tmp_path)  # the archive is at hand, and its log knows
    assert f"entry {last.begun.number}." in ended.out
    assert (last.begun.about["what"], last.state) == ("archive", "given")
    assert "sealed" in last.begun.about
    (bag,) = (tmp_path / "given" / "bags").glob("*/*")
    assert bag.name == "summary-ed01"
    assert command("snapshot", "verify", str(bag)).code == 0
    assert (bag / "signatures").is_dir()
    manifest = orjson.loads((tmp_path / "given" / "manifest.json").read_bytes())
    (item,) = [one for one in manifest["files"] if one["path"].startswith("bags/")]
    assert item["sha256"] == manifest["source"]["sealed"]["root"]
    rows = cells(tmp_path / "given" / "forms" / "bag-protocol.xlsx")
    (of_bag,) = [row for row in rows if any(str(cell).endswith("/summary-ed01") for cell in row)]
    expected, checked, sound, root = of_bag[6:10]
    assert expected == checked == sound > 0
    assert root == item["sha256"]


def test_a_zip_under_a_password_is_all_that_is_left(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(PASSWORD + "\n")
    (tmp_path / "password").chmod(0o600)
    pupil = some_pupil(archive, closed_year, a_class)
    asked = ("export", "--profile", "school", "--year", closed_year, "--pupil", pupil, "--request", REQUEST)
    ended = archive(*asked, "--zip", "--password-file", "password", "--out", "given.zip")
    assert ended.code == 0, ended.err
    assert (tmp_path / "given.zip").stat().st_mode & 0o777 == 0o600
    with pyzipper.AESZipFile(tmp_path / "given.zip") as packed:
        assert all(one.flag_bits & 1 for one in packed.infolist())
        packed.setpassword(b"Wrong-Horse-99")
        with pytest.raises(RuntimeError):
            packed.read("manifest.json")
        packed.setpassword(PASSWORD.encode())
        packed.extractall(tmp_path / "opened")
    subprocess.run(["sha256sum", "-c", "--quiet", "CHECKSUMS.sha256"], cwd=tmp_path / "opened", check=True)
    last = last_read(tmp_path).ended
    assert last is not None
    assert last.digest == sha256((tmp_path / "given.zip").read_bytes()).digest()
    assert last.digest.hex() in ended.out
    assert not list(tmp_path.glob(".export-*"))
    again = archive(*asked, "--zip", "--password-file", "password", "--out", "given.zip")
    assert again.code == ExitCode.FILES
    assert PASSWORD not in ended.out + ended.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--profile", "tax"), ExitCode.USAGE, "prosecutor, rosobrnadzor"),
        (("--profile", "prosecutor"), ExitCode.USAGE, "written request"),
        (("--profile", "prosecutor", "--request", "12"), ExitCode.USAGE, "not number and date"),
        (("--profile", "prosecutor", "--request", "12 от 99.99.2025"), ExitCode.USAGE, "cannot be read"),
        (("--profile", "parent", "--request", REQUEST), ExitCode.USAGE, "named pupils"),
        (("--profile", "department", "--pupil", "1"), ExitCode.USAGE, "not about single pupils"),
        (("--profile", "archive"), ExitCode.USAGE, "folder of the sealed year"),
        (("--profile", "archive", "--from-snapshot", "none"), ExitCode.NOT_IN_ARCHIVE, "none"),
        (("--profile", "department", "--zip"), ExitCode.USAGE, "nobody to type"),
        (("--profile", "department", "--group", "99Щ"), ExitCode.NOT_IN_ARCHIVE, "99Щ"),
        (("--basis", "основание"), ExitCode.USAGE, "--profile alone"),
        (("--profile", "department", "--zip", "--encrypt"), ExitCode.USAGE, "not both"),
        (("--profile", "department", "--encrypt"), ExitCode.USAGE, ".tar.age"),
        (("class",), ExitCode.USAGE, "export class"),
        ((), ExitCode.USAGE, "Name one class"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    archive: Any, closed_year: str, tmp_path: Path, arguments: tuple[str, ...], code: ExitCode, said: str
) -> None:
    ended = archive("export", "--year", closed_year, "--out", "given", *arguments)
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert not (tmp_path / "given").exists()


@pytest.mark.skipif(os.name == "nt", reason="there are no such rights there")
def test_a_password_that_others_can_read_is_refused(archive: Any, closed_year: str, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    (tmp_path / "password").chmod(0o644)
    ended = archive(
        "export", "--profile", "department", "--year", closed_year, "--out", "given.zip",
        "--zip", "--password-file", "password",
    )  # fmt: skip
    assert ended.code == ExitCode.SETTINGS
    assert "can be read by others" in ended.err
    assert PASSWORD not in ended.out + ended.err
    assert not (tmp_path / "given.zip").exists()


@pytest.mark.parametrize(("password", "said"), [("Ab1-Cd2", "too short"), ("пароль-из-слов", "Latin")])
def test_a_weak_password_is_refused(
    archive: Any, closed_year: str, tmp_path: Path, password: str, said: str
) -> None:
    (tmp_path / "password").write_text(password, encoding="utf-8")
    (tmp_path / "password").chmod(0o600)
    ended = archive(
        "export", "--profile", "department", "--year", closed_year, "--out", "given.zip",
        "--zip", "--password-file", "password",
    )  # fmt: skip
    assert ended.code == ExitCode.USAGE
    assert said in ended.err
    assert password not in ended.err
    assert not (tmp_path / "given.zip").exists()


def test_what_cannot_be_logged_is_not_given(
    archive: Any, closed_year: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> int:
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(giving, "begin", fails)
    ended = archive("export", "--profile", "department", "--year", closed_year, "--out", "given")
    assert ended.code == ExitCode.FILES
    assert not (tmp_path / "given").exists()


def test_the_profiles_are_listed_with_what_is_kept_out(command: Any) -> None:
    out = " ".join(command("profiles").out.split())
    assert "prosecutor" in out
    assert "messages" in out


def test_a_school_that_has_its_own_look_has_it_on_its_papers(
    archive: Any, closed_year: str, tmp_path: Path
) -> None:
    settings = tmp_path / "dnevnik-archive.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + '\n[look]\nname = "Лицей № 8"\nhead = "И. И. Иванова"\n', encoding="utf-8")
    asked = ("export", "--profile", "department", "--year", closed_year)
    assert archive(*asked, "--out", "given").code == 0
    assert "Лицей № 8" in (tmp_path / "given" / "index.html").read_text(encoding="utf-8")
    settings.write_text(before + '\n[look]\nlogo_file = "logo.png"\n', encoding="utf-8")
    bad = archive(*asked, "--out", "other")
    assert (bad.code, "look.logo_file" in bad.err) == (ExitCode.SETTINGS, True)
    settings.write_text(before + '\n[look.signers]\nno-form = ["Директор"]\n', encoding="utf-8")
    unknown = archive(*asked, "--out", "other")
    assert (unknown.code, "look.signers.no-form" in unknown.err) == (ExitCode.SETTINGS, True)
    assert not (tmp_path / "other").exists()
