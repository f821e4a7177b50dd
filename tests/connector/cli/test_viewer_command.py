"""The command ``export viewer``: the school, a year or some classes in a folder, and what was given out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema
from viewer_school import data_in

SCHOOL = "viewer/data/school.js"


def _classes(folder: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data_in((Path(folder) / SCHOOL).read_text("utf-8"), "school")["classes"]
    return found


def test_the_whole_school_is_written_year_by_year_and_put_on_record(archive: Any, closed_year: str) -> None:
    ended = archive("export", "viewer", "--out", "out")
    assert ended.code == 0
    assert "Open out/viewer.html in a browser" in ended.out
    written = _classes("out")
    years = [one["year"] for one in written]
    assert years == sorted(years, reverse=True)
    assert len(set(years)) == 2
    with sa.create_engine("sqlite:///archive.sqlite").connect() as connection:
        begun, given = connection.execute(sa.select(schema.ACCESS).order_by(schema.ACCESS.c.number)).all()
        marks = connection.execute(sa.text("SELECT count(*) FROM mark WHERE seen_to IS NULL")).scalar_one()
    assert (begun.kind, begun.state, given.state) == ("viewer", "begun", "given")
    assert json.loads(begun.about)["classes"] == len(written)
    assert len(json.loads(begun.about)["years"]) == 2
    counts = json.loads(given.about)
    assert counts["marks"] == sum(one["marks"] for one in written) > 0
    assert counts["marks"] >= marks  # a mark of a subgroup of two classes stands in both


def test_a_class_of_a_year_is_written_alone(archive: Any, closed_year: str, a_class: str) -> None:
    assert archive("export", "viewer", "--year", closed_year, "--class", a_class, "--out", "out").code == 0
    assert [one["name"] for one in _classes("out")] == [a_class]
    text = (Path("out") / "00-contents.txt").read_text("utf-8-sig")
    assert "1 class" in text
    assert "viewer.html" in text


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--class", "9А"], 2, "named with its academic year"),
        (["--year", "1999"], 7, "1999/2000"),
        (["--year", "{closed_year}", "--class", "13Ы"], 7, "13Ы"),
    ],
)
def test_what_is_not_there_is_named_and_nothing_is_written(
    archive: Any, closed_year: str, more: list[str], code: int, said: str
) -> None:
    options = [one.format(closed_year=closed_year) for one in more]
    ended = archive("export", "viewer", *options, "--out", "out")
    assert ended.code == code
    assert said in ended.err
    assert not Path("out").exists()


def test_a_folder_that_holds_something_is_left_alone(archive: Any, closed_year: str, a_class: str) -> None:
    Path("out").mkdir()
    Path("out/mine").touch()
    ended = archive("export", "viewer", "--year", closed_year, "--class", a_class, "--out", "out")
    assert ended.code == 8
    assert [one.name for one in Path("out").iterdir()] == ["mine"]
