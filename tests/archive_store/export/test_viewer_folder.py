"""The folder of the viewer: complete, checkable, with every value of the record in its files of data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema, texts
from archive_store.asof import AsOf
from archive_store.catalogue import classes
from archive_store.errors import FolderNotEmpty
from archive_store.export.viewer_folder import export_viewer
from archive_store.forms.corrections import corrections_form
from archive_store.forms.rules import Rules
from archive_store.render.reports import corrections
from archive_store.render.viewer import page
from archive_store.render.viewer.keys import class_key
from archive_store.render.viewer.words import WORDS
from invented_class import InventedClass
from viewer_school import MOSCOW, SOURCE, Exported, cells_on_record, data_in

SCRIPTS = {path.name: path.read_text("utf-8") for path in Path(page.__file__).parent.glob("*.js")}

FORBIDDEN = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(",
    "XMLHttpRequest", "WebSocket", "import(", "http:", "https:", "localStorage",
)  # fmt: skip


def _shown(cell: str | list[str] | None) -> str:
    if cell is None:
        return ""
    marks, letters = (cell, "") if isinstance(cell, str) else (cell[0], "".join(cell[1:]))
    return " ".join(part for part in (letters, marks) if part)


def test_every_value_of_a_class_stands_in_its_cell(exported: Exported) -> None:
    for name in ("7А", "7Б"):
        key, one = exported.class_of(name)
        lessons, found = exported.data(f"{key}/lessons"), {}
        for number, of_section in enumerate(lessons):
            data = exported.data(f"{key}/s{number:02}")
            first = 0
            for spread in data["spreads"]:
                for pupil, row in zip(data["pupils"], spread["cells"], strict=True):
                    of_spread = of_section[first : first + spread["lessons"]]
                    found |= {
                        f"{lesson[0]}/{pupil[0]}": _shown(cell)
                        for lesson, cell in zip(of_spread, row, strict=True)
                    }
                first += spread["lessons"]
        assert {key: text for key, text in found.items() if text} == cells_on_record(exported.school, name)
        assert len(one["sections"]) == len(lessons)


def test_the_contents_count_what_the_record_holds(exported: Exported) -> None:
    older, own = exported.data("school")["classes"]
    assert (older["name"], own["name"]) == ("7А", "7Б")
    assert {name: own[name] for name in ("pupils", "sections", "lessons", "finals", "corrections")} == {
        "pupils": 30, "sections": 2, "lessons": 26, "finals": 2, "corrections": 4,
    }  # fmt: skip
    cells = cells_on_record(exported.school, "7Б").values()
    assert own["marks"] == sum(len(re.findall(r"\d", text)) for text in cells)
    assert own["absences"] == sum(len(re.findall("[НБПО]", text)) for text in cells)
    assert exported.export.rows["marks"] == own["marks"] + older["marks"]


def test_each_page_can_name_the_digest_of_its_file(exported: Exported) -> None:
    listed = dict(
        line.split("  ")[::-1] for line in (exported.folder / "CHECKSUMS.sha256").read_text().splitlines()
    )
    for entry in exported.data("school")["classes"]:
        path = f"viewer/data/{entry['key']}/class.js"
        assert entry["digest"] == listed[path] == sha256((exported.folder / path).read_bytes()).hexdigest()
        for name, digest in exported.data(f"{entry['key']}/class")["digests"].items():
            assert listed[f"viewer/data/{entry['key']}/{name}.js"] == digest
    on_disk = {
        one.relative_to(exported.folder).as_posix() for one in exported.folder.rglob("*.*") if one.is_file()
    }
    assert on_disk - {"CHECKSUMS.sha256"} == set(listed)


def test_no_number_is_too_long_for_javascript(exported: Exported) -> None:
    for path in (exported.folder / "viewer" / "data").rglob("*.js"):
        assert max(_numbers(json.loads(path.read_text("utf-8").split(", ", 1)[1][:-3])), default=0) < 2**31


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _numbers(one)
    elif isinstance(value, int | float):
        yield value


def test_the_same_record_gives_the_same_bytes(exported: Exported, tmp_path: Path) -> None:
    texts.activate("ru")
    school = exported.school
    told: list[str] = []
    again = export_viewer(school.connection, school.at, school.groups, tmp_path / "out", SOURCE, told.append)
    assert again.digest == exported.export.digest
    assert told == ["7А", "7Б"]
    with pytest.raises(FolderNotEmpty):
        export_viewer(school.connection, school.at, school.groups, tmp_path / "out", SOURCE)


def test_as_of_a_run_nothing_later_is_shown(exported: Exported, tmp_path: Path) -> None:
    school, at = exported.school, AsOf(exported.school.at.school_id, 1)
    export = export_viewer(
        school.connection, at, classes(school.connection, at, 2025), tmp_path / "out", SOURCE
    )
    then = Exported(school, export.path, export)
    key, one = then.class_of("7Б")
    assert then.data("school")["classes"][1]["corrections"] == 0
    assert [section["corrected"] for section in one["sections"]] == [0, 0]
    place = next(n for n, section in enumerate(one["sections"]) if section["subject"] == "Математика")
    lives = then.data(f"{key}/h{place:02}")["cells"]
    ((_kind, _id, events, *_),) = lives[f"{school.corrected.lesson_id}/{school.corrected.person_id}"]
    assert events == [["first", 0, "3", None]]


def test_a_class_without_pupils_and_lessons_is_shown(connection: sa.Connection, tmp_path: Path) -> None:
    invented = InventedClass(connection)
    at = invented.write()
    export = export_viewer(connection, at, [invented.edu_group], tmp_path / "out", SOURCE)
    assert (export.rows["pupils"], export.rows["marks"]) == (0, 0)
    assert (tmp_path / "out" / "viewer.html").is_file()


def test_corrections_are_told_in_the_words_and_by_the_rule_of_the_printed_list(
    connection: sa.Connection, tmp_path: Path
) -> None:
    """An absence that was none, a homework for another day, a lesson that moved and was cancelled."""
    invented = InventedClass(connection)
    invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    lesson = invented.lesson(maths, "2025-09-10", homework="№ 5", status="InWork")
    entry = invented.attendance(lesson, anna, "Absent")
    (work,) = invented.records[schema.WORK]
    due = work._replace(target_day="2025-09-12")
    invented.replace(schema.WORK, work, due)
    invented.write("2025-09-10T20:00:00Z")
    invented.replace(schema.WORK, due, due._replace(target_day="2025-09-15"))
    invented.replace(schema.ATTENDANCE, entry, entry._replace(status="Attend"))
    invented.replace(schema.LESSON, lesson, lesson._replace(status="Cancelled", day="2025-09-11"))
    at = invented.write("2025-09-14T20:00:00Z")
    texts.activate("ru")
    rules, group = Rules(late_correction_days=3), invented.edu_group
    export = export_viewer(connection, at, [group], tmp_path / "out", SOURCE, rules=rules)
    key = class_key(group.study_year, group.group_id)
    name = f"{key}/corrections"
    told = data_in((export.path / "viewer" / "data" / f"{name}.js").read_text("utf-8"), name)
    form = corrections_form(connection, at, group, MOSCOW, late_after_days=3)
    counts, printed = corrections.report(form, None).tables
    words = dict(told["flags"])
    assert [
        (one[6], one[7], one[8], one[12], "; ".join(words[flag] for flag in one[13])) for one in told["rows"]
    ] == [tuple(row.values[place] for place in (1, 5, 6, 9, 10)) for row in printed.rows]
    assert [title for _kind, title in told["kinds"]] == [row.values[0] for row in counts.rows[:-1]]
    values = {(one[6], one[7], one[8]) for one in told["rows"]}
    assert values == {
        ("посещаемость", "Н", "присутствовал"),
        ("срок домашнего задания", "12.09.2025", "15.09.2025"),
        ("день урока", "10.09.2025", "11.09.2025"),
        ("состояние урока", "урок не отменён", "урок отменён"),
    }
    late = {one[6]: words["after-7-days"] in (words[flag] for flag in one[13]) for one in told["rows"]}
    assert late["посещаемость"]
    assert words["after-7-days"] == "позже 3 дней"


def test_the_page_gets_each_word_that_its_scripts_say_and_no_other() -> None:
    said: set[str] = set()
    for text in SCRIPTS.values():
        said |= set(re.findall(r'\bt\("((?:[^"\\]|\\.)*)"[,)]', text))
        for values in re.findall(r"^const (?:WHAT|KINDS) = \{(.*)\};", text, re.MULTILINE):
            said |= set(re.findall(r': "([^"]*)"', values))
    assert said == set(WORDS)


def test_the_scripts_make_no_html_and_ask_no_network(exported: Exported) -> None:
    whole = "".join(SCRIPTS.values())
    for forbidden in FORBIDDEN:
        assert forbidden not in whole
    assert not re.search(r"\(\?<[=!]", whole), "Safari of 2021 knows no lookbehind"
    html = (exported.folder / "viewer.html").read_text("utf-8")
    (policy,) = re.findall('Content-Security-Policy" content="([^"]*)"', html)
    assert policy.startswith("default-src 'none'; script-src 'self' file:;")
    assert set(re.findall('src="viewer/([a-z]+).js"', html)) == {name[:-3] for name in SCRIPTS}
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! defer src=)|<style|\son\w+=", html)
