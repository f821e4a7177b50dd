"""Subjects of the invented school and the hours a week each year of study has of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Split(Enum):
    """How a class is divided for a subject."""

    WHOLE = "whole"
    HALVES = "halves"
    SEXES = "sexes"
    UNITED = "united"  # one subgroup for two classes of a parallel


@dataclass(frozen=True, slots=True)
class SubjectPlan:
    """A subject: `key` is ours, `department` names the teachers who may teach it."""

    key: str
    name: str
    short: str
    area: str
    area_id: int
    department: str
    split: Split = Split.WHOLE
    split_from: int = 1
    passfail: tuple[int, ...] = ()


_PHILOLOGY = "Русский язык и литература"
_LANGUAGES = "Иностранные языки"
_MATHS = "Математика и информатика"
_SOCIETY = "Общественно-научные предметы"
_NATURE = "Естественно-научные предметы"
_ARTS = "Искусство"
_LABOUR = "Технология"
_SPORT = "Физическая культура и основы безопасности"
_CULTURE = "Основы духовно-нравственной культуры"


def _plan(
    key: str,
    name: str,
    short: str,
    area: str,
    area_id: int,
    department: str,
    *,
    split: Split = Split.WHOLE,
    split_from: int = 1,
    passfail: tuple[int, ...] = (),
) -> SubjectPlan:
    return SubjectPlan(key, name, short, area, area_id, department, split, split_from, passfail)


SUBJECTS: tuple[SubjectPlan, ...] = (
    _plan("russian", "Русский язык", "Рус.яз", _PHILOLOGY, 1, "philology"),
    _plan("reading", "Литературное чтение", "Лит.чт", _PHILOLOGY, 1, "philology"),
    _plan("literature", "Литература", "Лит", _PHILOLOGY, 1, "philology"),
    _plan("english", "Английский язык", "Анг.яз", _LANGUAGES, 2, "english", split=Split.HALVES),
    _plan("maths", "Математика", "Матем", _MATHS, 3, "maths"),
    _plan("algebra", "Алгебра", "Алг", _MATHS, 3, "maths"),
    _plan("geometry", "Геометрия", "Геом", _MATHS, 3, "maths"),
    _plan("statistics", "Вероятность и статистика", "ВиС", _MATHS, 3, "maths"),
    _plan("informatics", "Информатика", "Инф", _MATHS, 3, "informatics", split=Split.HALVES),
    _plan("world", "Окружающий мир", "Окр.мир", _NATURE, 5, "primary"),
    _plan("history", "История", "Ист", _SOCIETY, 4, "history"),
    _plan("society", "Обществознание", "Общ", _SOCIETY, 4, "history"),
    _plan("geography", "География", "Геогр", _SOCIETY, 4, "geography"),
    _plan("physics", "Физика", "Физ", _NATURE, 5, "physics"),
    _plan("chemistry", "Химия", "Хим", _NATURE, 5, "chemistry"),
    _plan("biology", "Биология", "Биол", _NATURE, 5, "biology"),
    _plan(
        "ethics",
        "Основы религиозных культур и светской этики",
        "ОРКСЭ",
        _CULTURE,
        6,
        "primary",
        passfail=(4,),
    ),
    _plan(
        "heritage",
        "Основы духовно-нравственной культуры народов России",
        "ОДНКНР",
        _CULTURE,
        6,
        "history",
        passfail=(5, 6),
    ),
    _plan("art", "Изобразительное искусство", "ИЗО", _ARTS, 7, "art"),
    _plan("music", "Музыка", "Муз", _ARTS, 7, "music"),
    _plan("labour", "Труд (технология)", "Труд", _LABOUR, 8, "labour", split=Split.SEXES, split_from=5),
    _plan("sport", "Физическая культура", "Физ-ра", _SPORT, 9, "sport"),
    _plan("safety", "Основы безопасности и защиты Родины", "ОБЗР", _SPORT, 9, "safety", passfail=(11,)),
    _plan("project", "Индивидуальный проект", "Проект", _SOCIETY, 4, "history", passfail=(10, 11)),
    _plan(
        "profile",
        "Решение задач повышенной сложности по математике",
        "Проф.мат",
        _MATHS,
        3,
        "maths",
        split=Split.UNITED,
    ),
)

# Hours a week; a five-day week of the federal educational programme, a little rounded.
HOURS: dict[int, tuple[tuple[str, int], ...]] = {
    1: (("russian", 5), ("reading", 4), ("maths", 4), ("world", 2), ("art", 1), ("music", 1),
        ("labour", 1), ("sport", 3)),
    2: (("russian", 5), ("reading", 4), ("english", 2), ("maths", 4), ("world", 2), ("art", 1),
        ("music", 1), ("labour", 1), ("sport", 3)),
    3: (("russian", 5), ("reading", 4), ("english", 2), ("maths", 4), ("world", 2), ("art", 1),
        ("music", 1), ("labour", 1), ("sport", 3)),
    4: (("russian", 5), ("reading", 3), ("english", 2), ("maths", 4), ("world", 2), ("ethics", 1),
        ("art", 1), ("music", 1), ("labour", 1), ("sport", 3)),
    5: (("russian", 5), ("literature", 3), ("english", 3), ("maths", 5), ("informatics", 1),
        ("history", 2), ("geography", 1), ("biology", 1), ("heritage", 1), ("art", 1),
        ("music", 1), ("labour", 2), ("sport", 2)),
    6: (("russian", 6), ("literature", 3), ("english", 3), ("maths", 5), ("informatics", 1),
        ("history", 2), ("society", 1), ("geography", 1), ("biology", 1), ("heritage", 1),
        ("art", 1), ("music", 1), ("labour", 2), ("sport", 2)),
    7: (("russian", 4), ("literature", 2), ("english", 3), ("algebra", 3), ("geometry", 2),
        ("statistics", 1), ("informatics", 1), ("history", 2), ("society", 1), ("geography", 2),
        ("physics", 2), ("biology", 1), ("art", 1), ("music", 1), ("labour", 2), ("sport", 2)),
    8: (("russian", 3), ("literature", 2), ("english", 3), ("algebra", 3), ("geometry", 2),
        ("statistics", 1), ("informatics", 1), ("history", 2), ("society", 1), ("geography", 2),
        ("physics", 2), ("chemistry", 2), ("biology", 2), ("music", 1), ("labour", 1),
        ("sport", 2), ("safety", 1)),
    9: (("russian", 3), ("literature", 3), ("english", 3), ("algebra", 3), ("geometry", 2),
        ("statistics", 1), ("informatics", 1), ("history", 2), ("society", 1), ("geography", 2),
        ("physics", 3), ("chemistry", 2), ("biology", 2), ("labour", 1), ("sport", 2),
        ("safety", 1)),
    10: (("russian", 2), ("literature", 3), ("english", 3), ("algebra", 3), ("geometry", 2),
         ("statistics", 1), ("informatics", 1), ("history", 2), ("society", 2), ("geography", 1),
         ("physics", 2), ("chemistry", 1), ("biology", 1), ("sport", 2), ("safety", 1),
         ("project", 1), ("profile", 2)),
    11: (("russian", 2), ("literature", 3), ("english", 3), ("algebra", 3), ("geometry", 2),
         ("statistics", 1), ("informatics", 1), ("history", 2), ("society", 2), ("geography", 1),
         ("physics", 2), ("chemistry", 1), ("biology", 1), ("sport", 2), ("safety", 1),
         ("project", 1), ("profile", 2)),
}  # fmt: skip

# Departments whose subjects a class of years 1-4 has from a subject teacher, not from its own.
SPECIALISTS_IN_PRIMARY = frozenset({"english", "music", "sport"})
