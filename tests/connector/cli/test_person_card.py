"""A person asks what the archive holds: all of it, with sources, terms and to whom it was given."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from connector.cli.exit_codes import ExitCode
from reading import file_text, needs_poppler


def _rows(query: str, *values: Any) -> list[Any]:
    with sqlite3.connect("archive.sqlite") as database:
        return database.execute(query, values).fetchall()


@needs_poppler
def test_a_pupils_card_holds_every_record_and_every_disclosure(
    archive: Any, a_class: str, closed_year: str
) -> None:
    ((person, last_name),) = _rows(
        "SELECT person_id, last_name FROM person WHERE person_id IN (SELECT person_id FROM mark) LIMIT 1"
    )
    archive("history", "pupil", str(person), "--purpose", "a complaint")
    ended = archive(
        "person", "card", str(person), "--out", "card", "--request", "no. 5", "--addressee", "mother"
    )
    assert ended.code == ExitCode.OK, ended
    card = json.loads(Path("card/card.json").read_text("utf-8"))
    held = {(one["entity"], *one["key"].values()) for one in card["records"]}
    for table, key in (("mark", "mark_id"), ("final_mark", "mark_id"), ("person", "person_id")):
        expected = {
            (table, str(row[0])) for row in _rows(f"SELECT {key} FROM {table} WHERE person_id = ?", person)
        }
        assert expected <= held
    attended = _rows("SELECT lesson_id FROM attendance WHERE person_id = ?", person)
    assert {("attendance", str(row[0]), str(person)) for row in attended} <= held
    others = {
        event["record"]["person_id"] for one in card["records"] for event in one["events"]
        if event["record"] and "person_id" in event["record"]
    }  # fmt: skip
    assert others == {str(person)}
    # What was given before, with its purpose; not this card itself, which is not given yet.
    assert [one["purpose"] for one in card["disclosures"]][-1] == "a complaint"
    text = file_text(Path("card/card.pdf"), "-layout")
    for part in (last_name, "no. 5", "mother", "a complaint", "Terms of keeping", "on education"):
        assert part in text
    kinds = _rows("SELECT kind, state, request FROM access ORDER BY number DESC LIMIT 2")
    assert kinds == [("person-card", "given", "no. 5"), ("person-card", "begun", "no. 5")]
    assert archive("person", "card", str(person), "--out", "card").code == ExitCode.FILES
    assert archive("person", "card", "Никто", "--out", "other").code == ExitCode.NOT_IN_ARCHIVE


@needs_poppler
def test_a_teachers_card_holds_the_lessons_taught(archive: Any) -> None:
    ((teachers,),) = _rows("SELECT teachers FROM lesson WHERE teachers <> '[]' LIMIT 1")
    teacher = json.loads(teachers)[0]
    assert archive("person", "card", teacher, "--out", "card").code == ExitCode.OK
    card = json.loads(Path("card/card.json").read_text("utf-8"))
    lessons = {one["key"]["lesson_id"] for one in card["records"] if one["entity"] == "lesson"}
    expected = _rows("SELECT lesson_id FROM lesson WHERE teachers LIKE ?", f'%"{teacher}"%')
    assert lessons == {str(row[0]) for row in expected}
    assert "Lessons that were taught" in file_text(Path("card/card.pdf"), "-layout")
