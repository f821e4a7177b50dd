"""The papers on access to personal data are PDF/A-2u in the judgement of veraPDF, also with awkward texts."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import verapdf

pytestmark = verapdf.NEEDED
AWKWARD = "МБОУ «Школа № 901» \U0001f600 \u202e\x07 \u0301 漢字 <b>#x"


def test_card_log_and_statement_comply(archive: Any, a_class: str, closed_year: str, tmp_path: Path) -> None:
    with sqlite3.connect("archive.sqlite") as database:
        ((person,),) = database.execute("SELECT person_id FROM mark LIMIT 1")
        database.execute("UPDATE person SET middle_name = ? WHERE person_id = ?", (AWKWARD, person))
        database.execute("UPDATE school SET name = ?", (AWKWARD,))
        database.execute("UPDATE subject SET name = name || ?", (AWKWARD,))
    said = ("--by", AWKWARD, "--purpose", AWKWARD * 9, "--request", AWKWARD, "--addressee", "x" * 200)
    archive("data", "marks", "--year", closed_year, "--group", a_class, *said)
    assert archive("person", "card", str(person), "--out", "card", *said).code == 0
    apart = tmp_path.parent / f"{tmp_path.name}-apart"
    assert archive("export", "depersonalised", "--year", closed_year, "--out", str(apart), *said).code == 0
    assert archive("access", "list", "--out", "log.pdf").code == 0
    files = [Path("card/card.pdf"), apart / "00-statement.pdf", Path("log.pdf")]
    verdicts = verapdf.verdicts([path.absolute() for path in files])  # in one start of the validator
    assert dict(zip(files, verdicts, strict=True)) == dict.fromkeys(files, "compliant")
