"""Lesson topics by subject; one topic a line, longer subjects are taught by stages."""

from __future__ import annotations

from connector.sandbox.content.topics_humanities import TOPICS as HUMANITIES
from connector.sandbox.content.topics_sciences import TOPICS as SCIENCES

_TOPICS = HUMANITIES | SCIENCES

_LONG = (
    "Обобщающий урок по разделу: систематизация изученного, повторение основных понятий, решение "
    "заданий разного уровня, работа в группах по карточкам, взаимная проверка по образцу, разбор "
    "типичных ошибок контрольной работы, самостоятельное составление плана ответа, подготовка к "
    "промежуточной аттестации; "
)
# Texts that break careless storage, CSV and HTML; sprinkled over all subjects.
AWKWARD: tuple[str, ...] = (
    _LONG * 2 + "рефлексия.",
    "=СУММ(A1:A10): формулы и функции",
    "Сравнение чисел: a < b & b > c, <b>повторение</b>",
    'Диктант по теме "Кавычки и «ёлочки»"; анализ',
    "Повторение.\nПодготовка к контрольной работе\nРешение задач",
    "-1 и другие отрицательные числа",
    "@Проект\tзащита; a,b,c",
    "  Урок-путешествие ☃ — 𝑥² + 𝑦²  ",
)


def topics_of(subject: str, grade: int) -> tuple[str, ...]:
    """Topics of a subject (its key) for a year of study: the nearest stage at or below it."""
    for stage in (10, 5, 1):
        text = _TOPICS.get(f"{subject}/{stage}")
        if text is not None and grade >= stage:
            return tuple(text.split("\n"))
    stage = next(stage for stage in (1, 5, 10) if f"{subject}/{stage}" in _TOPICS)
    return tuple(_TOPICS[f"{subject}/{stage}"].split("\n"))
