"""Every form that is a report is PDF/A-2u in the judgement of veraPDF, and holds its title."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
import verapdf

from archive_store.asof import AsOf
from archive_store.export.forms import FORMS, Asked
from archive_store.render.report import Report
from archive_store.render.report_pdf import report_pdf
from archive_store.render.source import Source
from invented_class import SCHOOL, InventedClass

pytestmark = verapdf.NEEDED


@pytest.fixture
def asked(connection: sa.Connection) -> Asked:
    """A class with awkward names and texts."""
    invented = InventedClass(connection)
    first, *_others = invented.quarters()
    maths, test = invented.subject("Математика"), invented.work_type("Контрольная работа", "КР", 3)
    long = "Абдурахмангаджиева-Константинопольская Мария-Антуанетта"
    pupils = [invented.pupil(long, "Ӑнна-Ҫемҫе", "Оглы кызы"), invented.pupil("Ё", None), invented.pupil("Ё")]
    for day in ("2025-09-01", "2025-09-08"):
        lesson = invented.lesson(maths, day, topic="<b>Дроби</b> 🙂 " * 30, homework="§ 1", work_type=test)
        for pupil, value in zip(pupils, ("5/4", "н/а", "???"), strict=True):
            invented.mark(lesson, pupil, value)
            invented.attendance(lesson, pupil, "Ill")
    invented.final(maths, pupils[0], "2", first)
    invented.write()
    return Asked(connection, AsOf(SCHOOL), 2025, group=invented.edu_group, person_id=pupils[0])


def test_all_reports_comply(asked: Asked, source: Source, tmp_path: Path) -> None:
    tables = {
        "programme-coverage": "Класс;Предмет;Часов;Учитель\n7Б;Математика;34,5;Иванова\n",
        "vpr": f"Код;Предмет;ВПР\n{asked.person_id};Математика;5\n",
    }
    files = []
    for form in FORMS.values():
        if form.name in tables:
            path = tmp_path / f"{form.name}.csv"
            path.write_text(tables[form.name], encoding="utf-8")
            made = form.make(replace(asked, table=path))
        else:
            made = form.make(replace(asked, person_id=None) if form.also_of_pupil else asked)
        if isinstance(made, Report | tuple):
            first, *more = made if isinstance(made, tuple) else (made,)
            files.append(tmp_path / f"{form.name}.pdf")
            files[-1].write_bytes(report_pdf(first, source, *more))
    assert {"report-card", "record-card", "extract", "diary", "certificate-register"} <= {
        file.stem for file in files
    }
    verdicts = verapdf.verdicts(files)  # in one start of the validator
    assert {file.stem: verdict for file, verdict in zip(files, verdicts, strict=True)} == {
        file.stem: "compliant" for file in files
    }
