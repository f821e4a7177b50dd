"""The command ``form``: forms by name, in a folder that can be checked, and on record."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import pytest

from archive_store.asof import AsOf
from archive_store.catalogue import find_class, the_school
from archive_store.export.forms import FORMS, Scope
from archive_store.forms import class_journal
from archive_store.forms.averages import rounded
from archive_store.forms.rules import COEFFICIENTS, Rules
from archive_store.forms.signs import STANDARD
from archive_store.render import glyphs, typesetting
from archive_store.store import open_store
from config.settings import Settings
from connector.cli.exit_codes import ExitCode
from connector.cli.form_rules import form_rules, form_signs
from journal_cells import cells_that_differ
from reading import needs_poppler


def test_a_form_of_a_class_in_all_formats(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path
) -> None:
    ended = archive("form", "attendance-summary", "--year", closed_year, "--group", a_class, "--out", "forms")
    assert ended.code == 0, ended.err
    assert sorted(path.name for path in (tmp_path / "forms").iterdir()) == [
        "CHECKSUMS.sha256", "attendance-summary.csv", "attendance-summary.json", "attendance-summary.pdf",
        "attendance-summary.xlsx",
    ]  # fmt: skip
    subprocess.run(["sha256sum", "-c", "--quiet", "CHECKSUMS.sha256"], cwd=tmp_path / "forms", check=True)


def test_without_a_class_every_class_has_its_own(archive: Any, closed_year: str, tmp_path: Path) -> None:
    names = ("summary-sheet", "attendance-summary")
    ended = archive("form", *names, "--year", closed_year, "--format", "pdf", "--out", "forms")
    assert ended.code == 0, ended.err
    stems = {path.stem for path in (tmp_path / "forms").glob("*.pdf")}
    classes = {stem.removeprefix("summary-sheet-") for stem in stems if stem.startswith("summary-sheet-")}
    assert len(classes) == 2
    assert stems == {f"{name}-{one}" for name in names for one in classes}


def test_the_school_chooses_its_formulas(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_FORMS_COEFFICIENTS", "90/60/30/10/0")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_FORMS_DECIMALS", "1")
    ended = archive(
        "form", "subject-report", "--year", closed_year, "--group", a_class, "--format", "json", "--out", "f"
    )
    assert ended.code == 0, ended.err
    told = orjson.loads((tmp_path / "f" / "subject-report.json").read_bytes())
    assert any("«5»×90 + «4»×60 + «3»×30" in note and "90/60/30/10/0" in note for note in told["notes"])
    (row, *_others) = (row for row in told["tables"][0]["rows"] if row["learned"])
    exact = Fraction(row["learned"]["exact"])
    assert row["learned"]["value"] == float(rounded(exact, 1))
    weights = row["fives"] * 90 + row["fours"] * 60 + row["threes"] * 30 + (row["twos"] + row["failed"]) * 10
    graded = sum(row[key] for key in ("fives", "fours", "threes", "twos", "failed", "not_assessed"))
    assert exact == Fraction(weights, graded)


def test_every_choice_of_the_settings_is_a_rule() -> None:
    defaults = Settings()
    assert replace(form_rules(defaults), signs=STANDARD) == Rules()
    of_default = form_signs(defaults)
    assert (of_default.printed, of_default.presences) == (STANDARD.printed, STANDARD.presences)
    assert (of_default.meanings, of_default.all_scales) == (STANDARD.meanings, STANDARD.all_scales)
    chosen = defaults.model_copy(
        update={
            "forms_coefficients": "alt",
            "forms_decimals": 0,
            "forms_fewest_marks": [2, 4],
            "forms_final_differs": 0.65,
            "forms_late_correction_days": 14,
            "forms_control_works": ["Зачётн"],
            "forms_certificate_columns": ["blank", "name"],
        }
    )
    assert replace(form_rules(chosen), signs=STANDARD) == Rules(
        coefficients=COEFFICIENTS["alt"],
        decimals=0,
        fewest_marks=(2, 4),
        final_differs_from=Fraction(65, 100),
        late_correction_days=14,
        control_works=("Зачётн",),
        certificate_columns=("blank", "name"),
    )


def test_a_sign_with_two_meanings_is_told(
    archive: Any, closed_year: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_FORMS_ATTENDANCE", '{"о": "absent"}')
    ended = archive("form", "attendance-summary", "--year", closed_year, "--out", "f")
    assert ended.code == ExitCode.SETTINGS
    assert "forms_attendance" in ended.err
    assert "«о»" in ended.err
    assert not (tmp_path / "f").exists()


def test_a_set_of_coefficients_that_there_is_not_is_told(
    archive: Any, closed_year: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_FORMS_COEFFICIENTS", "100/64/36")
    ended = archive("form", "subject-report", "--year", closed_year, "--out", "f")
    assert ended.code == ExitCode.SETTINGS
    assert "forms_coefficients" in ended.err
    assert "netschool" in ended.err
    assert not (tmp_path / "f").exists()


def test_all_forms_are_listed(command: Any) -> None:
    out = command("forms").out
    assert [name for name in FORMS if name not in out] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-form",), "attendance-summary"),
        (("attendance-summary", "--format", "docx"), "pdf, xlsx, csv, json"),
        (("attendance-summary", "--from", "2026-05-01", "--to", "2026-01-01"), "The last day is before"),
    ],
)
def test_what_is_not_there_is_told_and_nothing_is_written(
    archive: Any, closed_year: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = archive("form", *arguments, "--year", closed_year, "--out", "forms")
    assert ended.code == ExitCode.USAGE
    assert said in ended.err
    assert not (tmp_path / "forms").exists()


def _pupils(archive: Any, year: str) -> list[list[str]]:
    """The pupils of the archive: id, surname, given name, patronymic."""
    lines = archive("data", "persons", "--year", year).out.splitlines()
    head = lines[0].lstrip("\ufeff").split(",")
    fields = [head.index(name) for name in ("person_id", "last_name", "first_name", "middle_name")]
    return [[line.split(",")[one].strip("'") for one in fields] for line in lines[1:]]


def test_the_forms_of_a_pupil_are_found_by_his_name(archive: Any, closed_year: str, tmp_path: Path) -> None:
    _number, *names = _pupils(archive, closed_year)[0]
    forms = ("report-card", "record-card", "extract", "diary")
    ended = archive("form", *forms, "--year", closed_year, "--pupil", " ".join(names), "--out", "forms")
    assert ended.code == 0, ended.err
    files = {path.name for path in (tmp_path / "forms").iterdir()}
    assert {f"{form}.pdf" for form in forms} | {"extract-marks.csv", "diary-lessons.csv"} <= files
    assert names[0] in (tmp_path / "forms" / "report-card.json").read_text("utf-8")


def test_every_class_has_report_cards_of_all_its_pupils(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path
) -> None:
    ended = archive("form", "report-card", "--year", closed_year, "--group", a_class, "--out", "forms")
    assert ended.code == 0, ended.err
    (table,) = (tmp_path / "forms").glob("*.csv")
    named = {line.split(";")[0] for line in table.read_text("utf-8-sig").splitlines()[1:]}
    assert len(named) > 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("diary",), ExitCode.USAGE, "needs the pupil"),
        (("extract", "--pupil", "Несуществующий"), ExitCode.NOT_IN_ARCHIVE, "knows no pupil called"),
    ],
)
def test_a_pupil_who_does_not_fit_is_told(
    archive: Any, closed_year: str, tmp_path: Path, arguments: tuple[str, ...], code: ExitCode, said: str
) -> None:
    ended = archive("form", *arguments, "--year", closed_year, "--out", "forms")
    assert ended.code == code
    assert said in ended.err
    assert not (tmp_path / "forms").exists()


def test_certificates_are_for_classes_of_grades_nine_and_eleven(
    archive: Any, closed_year: str, tmp_path: Path
) -> None:
    lines = archive("data", "groups", "--year", closed_year).out.splitlines()
    names = [line.split(",")[1] for line in lines[1:] if ",Group," in line]
    other = next(name for name in names if not name.startswith(("9", "11")))
    asked = ("form", "certificate-register", "--year", closed_year, "--group", other, "--out", "forms")
    for of_pupil in ((), ("--pupil", _pupils(archive, closed_year)[0][0])):
        ended = archive(*asked, *of_pupil)
        assert ended.code == ExitCode.USAGE
        assert "classes of grades 9, 11" in ended.err
        assert not (tmp_path / "forms").exists()


def test_a_progress_bar_counts_the_classes(
    archive: Any, closed_year: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    ended = archive("form", "corrections", "--year", closed_year, "--format", "csv", "--out", "forms")
    assert "Forms" in ended.err
    assert "2/2" in ended.err


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_leaves_nothing_half_written(archive: Any, closed_year: str, tmp_path: Path) -> None:
    names = [one.name for one in FORMS.values() if one.scope is Scope.CLASS and one.grades is None]
    program = Path(sys.executable).with_name("dnevnik-archive")
    before = set(tmp_path.iterdir())
    with subprocess.Popen(
        [program, "form", *names, "--year", closed_year, "--out", "forms"],
        cwd=tmp_path,
        env={**os.environ, "DNEVNIK_ARCHIVE_LANGUAGE": "en"},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not any(tmp_path.glob(".forms-*/*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        _out, err = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "nothing is left half-written" in err
    assert "Traceback" not in err
    of_sqlite = {"archive.sqlite-wal", "archive.sqlite-shm"}
    assert {one.name for one in set(tmp_path.iterdir()) - before} <= of_sqlite


def test_missing_fonts_are_named_and_nothing_is_written(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(glyphs.FONTS, tmp_path / "fonts")
    (tmp_path / "fonts" / "PTS75F.ttf").unlink()
    monkeypatch.setattr(glyphs, "FONTS", tmp_path / "fonts")
    typesetting._fonts.cache_clear()
    ended = archive("form", "corrections", "--year", closed_year, "--group", a_class, "--out", "forms")
    assert ended.code == ExitCode.FILES
    assert f"missing in {tmp_path / 'fonts'}: PTS75F.ttf" in ended.err
    assert not (tmp_path / "forms").exists()


@needs_poppler
def test_the_journal_of_a_class_stands_cell_by_cell(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path
) -> None:
    form = ("form", "class-journal", "--year", closed_year, "--group", a_class, "--format", "pdf")
    ended = archive(*form, "--out", "forms")
    assert ended.code == 0, ended.err
    with open_store(f"sqlite:///{tmp_path / 'archive.sqlite'}").connect() as connection:
        at = AsOf(the_school(connection, None))
        group = find_class(connection, at, int(closed_year), a_class)
        journal = class_journal.build(connection, at, group)
    written = (tmp_path / "forms" / "class-journal.pdf").read_bytes()
    compared, differ = cells_that_differ(journal, written, tmp_path)
    assert compared > 1_000
    assert differ == []
