"""The school's work types: kind as the API names it, title, abbreviation, weight in averages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A work type of the school; its place in `WORK_KINDS` is its code inside the sandbox."""

    kind: str
    kind_id: int
    title: str
    abbreviation: str
    weight: int
    important: bool = False
    final: bool = False


WORK_KINDS: tuple[WorkKind, ...] = (
    WorkKind("DefaultNewLessonWork", 1, "Работа на уроке", "РУ", 1),
    WorkKind("Homework", 2, "Домашнее задание", "ДЗ", 1),
    WorkKind("CommonWork", 3, "Самостоятельная работа", "СР", 2),
    WorkKind("LessonTestWork", 5, "Контрольная работа", "КР", 3, important=True),
    WorkKind("LessonExamination", 6, "Зачётная работа", "ЗР", 2, important=True),
    WorkKind("LessonComposition", 7, "Сочинение", "СОЧ", 3, important=True),
    WorkKind("LessonByHeart", 8, "Чтение наизусть", "НАИЗ", 1),
    WorkKind("LaboratoryWork", 10, "Лабораторная работа", "ЛР", 2),
    WorkKind("PeriodMark", 11, "Отметка за период", "ИТОГ", 1, important=True, final=True),
    WorkKind("PeriodFinalMark", 12, "Итоговая отметка", "ИТ", 1, important=True, final=True),
    WorkKind("Exam", 13, "Экзамен", "ЭКЗ", 1, important=True, final=True),
    WorkKind("CommonWork", 3, "Словарный диктант", "СД", 1),
)
DEFAULT, HOMEWORK, COMMON, TEST, EXAMINATION, COMPOSITION, BY_HEART, LABORATORY = range(8)
PERIOD_MARK, FINAL_MARK, EXAM, DICTATION = range(8, 12)

SIGNED = tuple(f"{digit}{sign}" for digit in "12345" for sign in ("-", "", "+"))
MARK_VALUES: dict[str, tuple[str, ...]] = {
    "mark5": SIGNED,
    "mark6": tuple("123456"),
    "mark7": tuple("1234567"),
    "mark10": tuple(str(value) for value in range(1, 11)),
    "mark12": tuple(str(value) for value in range(1, 13)),
    "mark100": tuple(str(value) for value in range(101)),
    "markabcdf": ("A", "B", "C", "D", "F"),
    "markoral6band": ("1", "2", "3", "4", "5", "6"),
    "test": ("зач", "незач"),
    "markna": ("н/а",),
    "markdismiss": ("ОСВ",),
    "notset": (".",),
}
