"""The truth is what a full crawl over HTTP finds."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox import PlatformVariant, true_records, truth

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.sandbox.conftest import Client

NAMES = ("lessons", "works", "homework", "marks", "attendance", "final_marks")


def _crawl(client: Client, year: int) -> dict[str, int]:
    found: dict[str, set] = {name: set() for name in (*NAMES, "persons", "memberships")}
    span = {"from": f"{year}-09-01", "to": f"{year + 1}-08-31"}
    days = f"{span['from']}/{span['to']}"
    classes, subgroups = client.groups(year=year), client.groups(year=year, kind="Subgroup")
    for group in (g["id"] for g in classes):
        for lesson in client.get(f"edu-groups/{group}/lessons/{days}"):
            found["lessons"].add(lesson["id"])
            found["works"] |= {work["id"] for work in lesson["works"]}
            found["homework"] |= {w["id"] for w in lesson["works"] if w["type"] == "Homework"}
        found["marks"] |= {mark["id"] for mark in client.get(f"edu-groups/{group}/marks/{days}")}
        for entry in client.get(f"lesson-log-entries/group/{group}", **span):
            found["attendance"].add((entry["lesson"], entry["person"]))
        for row in client.get(f"edu-groups/{group}/final-marks"):
            found["final_marks"] |= {c["final-mark"]["id"] for c in row["per-subject-final-marks"]}
    ids = [group["id"] for group in classes + subgroups]
    for roster in client.post("edu-groups/students", ids):
        for student in roster["students"]:
            found["persons"].add(student["person"]["id"])
            found["memberships"].add((roster["group"]["id"], student["person"]["id"]))
    return {name: len(items) for name, items in found.items()} | {"groups": len(ids)}


def test_a_crawl_finds_the_truth_of_both_years(small: Client) -> None:
    url = small.served.url.replace("/v2/", "/sandbox/truth")
    for year in (2024, 2025):
        told = small.http.get(url, params={"year": year}).json()
        assert told == _crawl(small, year) == truth(small.served.school, year)
        assert min(told.values()) > 0


@pytest.mark.parametrize("last", [None, date(2025, 11, 3)])
def test_the_true_records_are_those_counted_and_those_shown(small: Client, last: date | None) -> None:
    school = small.served.school
    for year in (2024, 2025):
        records, counts = true_records(school, year, last), truth(school, year, last)
        assert {name: len(rows) for name, rows in records.items()} == {n: counts[n] for n in records}
    mark = next(iter(records["marks"].values()))
    assert small.get(f"marks/{mark['id']}") == mark
    lesson = next(iter(records["lessons"].values()))
    assert small.get(f"lessons/{lesson['id']}") == lesson
    assert set(true_records(school, 2023)["marks"]) == set()


def test_the_truth_does_not_change_when_past_years_are_closed(small: Client) -> None:
    school = small.served.school
    open_truth = truth(school, 2024)
    try:
        school.variant = PlatformVariant(old_years_closed="empty", lists_subgroup_records=False)
        assert truth(school, 2024) == open_truth
        assert len(true_records(school, 2024)["final_marks"]) == open_truth["final_marks"] > 0
    finally:
        school.variant = school.parameters.start_variant()


def test_a_year_the_school_does_not_show_has_nothing(small: Client) -> None:
    assert set(truth(small.served.school, 2023).values()) == {0}


def test_class_calls_hold_the_lessons_of_their_subgroups(small: Client) -> None:
    days = "2025-10-01/2025-10-31"
    for subgroup in small.groups(kind="Subgroup"):
        own = small.get(f"edu-groups/{subgroup['id']}/lessons/{days}")
        assert {lesson["group"] for lesson in own} <= {subgroup["id"]}
        for parent in subgroup["parentIds"]:
            shown = [le["id"] for le in small.get(f"edu-groups/{parent}/lessons/{days}")]
            assert {lesson["id"] for lesson in own} <= set(shown)
            assert len(shown) == len(set(shown))


def test_finals_tell_period_year_exam_and_final_by_their_works(small: Client) -> None:
    group = next(g for g in small.groups(year=2024) if g["parallel"] == 8 or g["parallel"] == 11)
    rows = small.get(f"edu-groups/{group['id']}/final-marks")
    marks = {
        cell["final-mark"]["work"]: row["reportingPeriod"]
        for row in rows
        for cell in row["per-subject-final-marks"]
    }
    works = small.post("works/many", list(marks))
    assert len(works) == len(marks)
    kinds = {(work["type"], work["periodType"]) for work in works}
    assert kinds >= {("PeriodMark", "Year"), ("Exam", "Year"), ("PeriodFinalMark", "Year")}
    for work in works:
        assert work["lesson"] is None
        assert (marks[work["id"]] is None) == (work["periodType"] == "Year")


def test_only_periods_finished_by_the_clock_have_finals(small: Client) -> None:
    group = next(g for g in small.groups() if g["name"] == "9А")["id"]
    periods = {p["id"]: p for p in small.get(f"edu-groups/{group}/reporting-periods")}
    rows = small.get(f"edu-groups/{group}/final-marks")
    filled = {row["reportingPeriod"] for row in rows if row["per-subject-final-marks"]}
    assert filled == {p["id"] for p in periods.values() if p["finish"] < "2026-03-20"}
    assert {row["reportingPeriod"] for row in rows} - filled >= {None}


def test_the_two_averages_follow_the_marks(small: Client) -> None:
    group = next(g for g in small.groups() if g["name"] == "9А")["id"]
    days = "2025-09-01/2025-10-24"
    marks = small.get(f"edu-groups/{group}/marks/{days}")
    works = {w["id"]: w for w in small.post("works/many", [m["work"] for m in marks])}
    row = small.get(f"edu-groups/{group}/avg-marks/{days}")[0]
    for cell in row["per-subject-averages"]:
        own = [
            int(m["value"][0])
            for m in marks
            if m["person"] == row["person"]
            and m["type"] == "Mark5"
            and works[m["work"]]["subjectId"] == cell["subject"]
        ]
        shown = float(cell["avg-mark-value"].replace(",", "."))
        assert abs(shown - sum(own) / len(own)) <= 0.0051


def test_all_averages_of_a_class_follow_from_marks_weights_and_periods(
    small: Client, shape: Callable[[str, Any], None]
) -> None:
    group = next(g for g in small.groups() if g["name"] == "9А")["id"]
    period = small.get(f"edu-groups/{group}/reporting-periods")[1]
    days = f"{period['start'][:10]}/{period['finish'][:10]}"
    weights = {one["id"]: one["weight"] for one in small.get(f"work-types/{small.school()}")}
    marks = small.get(f"edu-groups/{group}/marks/{days}")
    works = {w["id"]: w for w in small.post("works/many", [m["work"] for m in marks])}
    cells: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for mark in marks:
        if mark["value"][0] in "12345":
            cell = mark["person"], works[mark["work"]]["subjectId"]
            cells.setdefault(cell, []).append((int(mark["value"][0]), weights[mark["workType"]]))
    simple = {cell: Fraction(sum(m for m, _ in own), len(own)) for cell, own in cells.items()}
    weighted = {
        cell: Fraction(sum(m * w for m, w in own), sum(w for _, w in own)) for cell, own in cells.items()
    }
    assert simple != weighted

    def comma(value: Fraction) -> str:
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{exact.quantize(Decimal('0.01'), ROUND_HALF_UP)}".replace(".", ",")

    by_days = small.get(f"edu-groups/{group}/avg-marks/{days}")
    by_period = small.get(
        f"edu-groups/{group}/reporting-periods/{period['id']}/avg-marks/{period['finish'][:10]}"
    )
    for rows in (by_days, by_period):
        shown = {
            (row["person"], one["subject"]): one["avg-mark-value"]
            for row in rows
            for one in row["per-subject-averages"]
        }
        assert shown == {cell: comma(value) for cell, value in simple.items()}
    shape("GroupAverageMark", by_period[0])
    numbers = {
        (one["person"], row["subject"]): one["value"]
        for row in small.get(f"edu-groups/{group}/wa-marks/{days}")["subjectMarks"]
        for one in row["marks"]
    }
    assert numbers == {cell: float(comma(value).replace(",", ".")) for cell, value in weighted.items()}
