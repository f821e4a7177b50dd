"""How many classes the school has in each year of study, and of what size."""

from __future__ import annotations

from dataclasses import dataclass

GRADES = 11
_CLASS_SIZE = 25
_RURAL_SIZE = 6
# Which years of study a tiny school has, and where a larger one opens further classes first.
_SMALL_ORDER = (9, 1, 11, 5, 10, 7, 3, 8, 4, 6, 2)
_EXTRA_ORDER = (11, 5, 1, 10, 2, 7, 3, 6, 4, 8, 9)
LETTERS = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Pupils who enter year 1 in September of `start`; `sizes` are places in classes А, Б, ..."""

    start: int
    sizes: tuple[int, ...]

    def grade(self, year: int) -> int:
        """Return the year of study in an academic year; outside 1..11 they are not at school."""
        return year - self.start + 1

    def present(self, year: int) -> bool:
        """Tell whether they study in an academic year."""
        return 1 <= self.grade(year) <= GRADES


def plan_cohorts(pupils: int, years: tuple[int, ...]) -> tuple[Cohort, ...]:
    """Return the cohorts that study in any of the years, oldest first.

    The last year has `pupils` places; a year before it has about as many, since those who left
    had as many classes as those who came.
    """
    classes = max(2, min(GRADES, pupils // _RURAL_SIZE), round(pupils / _CLASS_SIZE))
    sizes = _sizes_by_grade(pupils, classes)
    latest = years[-1]
    cohorts = []
    for start in range(years[0] - GRADES + 1, latest + 1):
        grade = (latest - start) % GRADES + 1
        if grade in sizes:
            cohorts.append(Cohort(start, sizes[grade]))
    return tuple(cohorts)


def _sizes_by_grade(pupils: int, classes: int) -> dict[int, tuple[int, ...]]:
    grades = list(_SMALL_ORDER[:classes])
    grades += [_EXTRA_ORDER[n % GRADES] for n in range(classes - len(grades))]
    grades.sort()
    small, larger = divmod(pupils, classes)
    sizes: dict[int, tuple[int, ...]] = {}
    for position, grade in enumerate(grades):
        size = small + (1 if position < larger else 0)
        sizes[grade] = (*sizes.get(grade, ()), size)
    return sizes
