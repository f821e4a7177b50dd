"""One settings file with every choice of a school for its papers: the forms and a package show them all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from reading import file_text, needs_poppler

SETTINGS = """
nomenclature_file = "ours.toml"
forms_coefficients = "90/60/30/10/5"
forms_decimals = 1
forms_late_correction_days = 21
forms_letters = { absent = "Нб", good-reason = "Ув" }
forms_attendance = { "бол." = "ill" }
forms_words = { "б/о" = "not-assessed" }
forms_scales = { mark10 = [10, 8, 6, 4] }

[look]
name = "Гимназия имени Ломоносова"
address = "644000, г. Омск, ул. Школьная, д. 1"
contacts = "тел. (3812) 00-00-00"
details = ["ОГРН 1020000000000"]
head_office = "Директор гимназии"
head = "И. И. Образцова"
deputy_office = "Завуч"
deputy = "П. П. Примерова"
executor = "С. С. Писарева"
logo_file = "logo.svg"
signers.attendance-summary = ["Завуч", "Классная дама"]
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20"/></svg>'
OF_LETTERS = (
    "Гимназия имени Ломоносова", "ОГРН 1020000000000",
    "644000, г. Омск", "тел. (3812) 00-00-00", "Директор гимназии", "И. И. Образцова", "С. С. Писарева",
)  # fmt: skip
NAME = "Гимназия имени Ломоносова"


def text_of(file: Path) -> str:
    return " ".join(file_text(file, "-layout").split())


@pytest.fixture
def choices(tmp_path: Path, archive: Any) -> Any:
    with (tmp_path / "dnevnik-archive.toml").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)
    (tmp_path / "logo.svg").write_text(LOGO)
    return archive


@needs_poppler
def test_the_forms_show_every_choice(choices: Any, closed_year: str, a_class: str, tmp_path: Path) -> None:
    names = ("attendance-summary", "subject-report", "class-journal")
    ended = choices(
        "form", *names, "--year", closed_year, "--group", a_class, "--out", "f", "--format", "pdf,json"
    )
    assert ended.code == 0, ended.err
    attendance, subjects, journal = (text_of(tmp_path / "f" / f"{name}.pdf") for name in names)
    for text in (attendance, subjects):
        for said in (
            NAME,
            "б/о — not assessed (of a pupil)",
            "scale of 10 points: «5» from 8, «4» from 6, «3» from 4",
        ):
            assert said in text
    assert "Missed lessons: Нб, Б, Ув;" in attendance
    assert "Завуч" in attendance
    assert "П. П. Примерова" in attendance
    assert "Классная дама" in attendance
    assert "90/60/30/10/5" in subjects
    assert "П. П. Примерова" in subjects  # signed by the office as the form itself calls it
    assert NAME in journal
    assert "Нб" in journal
    assert "бол." in journal
    told = orjson.loads((tmp_path / "f" / "attendance-summary.json").read_bytes())
    attended = [
        row["total_attended"] if "total_attended" in row else row["attended"]
        for row in told["tables"][0]["rows"]
    ]
    assert any(attended)
    assert all(one["value"] == round(one["value"], 1) for one in attended if one)


@needs_poppler
def test_a_package_shows_them_too(choices: Any, closed_year: str, a_class: str, tmp_path: Path) -> None:
    ended = choices(
        "export", "--profile", "department", "--year", closed_year, "--group", a_class, "--out", "given"
    )
    assert ended.code == 0, ended.err
    letter = text_of(tmp_path / "given" / "00-letter.pdf")
    for said in OF_LETTERS:
        assert said in letter
    (subjects,) = (tmp_path / "given" / "forms").glob("subject-report*.pdf")
    assert "90/60/30/10/5" in text_of(subjects)
    (attendance,) = (tmp_path / "given" / "forms").glob("attendance-summary*.pdf")
    assert "Missed lessons: Нб, Б, Ув;" in text_of(attendance)


def test_the_viewer_flags_corrections_by_them(choices: Any, closed_year: str, a_class: str) -> None:
    ended = choices("export", "viewer", "--year", closed_year, "--class", a_class, "--out", "seen")
    assert ended.code == 0, ended.err
    (told,) = Path("seen/viewer/data").glob("*/corrections.js")
    assert "more than 21 days after" in told.read_text("utf-8")


def test_the_terms_are_those_of_the_schools_own_nomenclature(choices: Any, tmp_path: Path) -> None:
    assert choices("terms", "init").code == 0
    own = tmp_path / "ours.toml"
    own.write_text(own.read_text("utf-8").replace('index = ""', 'index = "05-12"', 1), "utf-8")
    assert "05-12" in choices("terms", "show").out
