"""The platform's answers are kept as they came, once each."""

from __future__ import annotations

import sqlalchemy as sa

from archive_store import answers, schema

SCHOOL = 1_000_000_000_901


def test_an_answer_comes_back_as_it_came(store: sa.Engine) -> None:
    with store.begin() as connection:
        answers.keep(connection, SCHOOL, 1, "works/many [1,2]", answers.pack(b'[{"id": 1}]'))
        assert answers.answer(connection, SCHOOL, 1, "works/many [1,2]") == b'[{"id": 1}]'
        assert answers.answer(connection, SCHOOL, 2, "works/many [1,2]") is None
        assert answers.answer(connection, SCHOOL + 1, 1, "works/many [1,2]") is None


def test_equal_answers_are_stored_once_and_filed_under_each_run(store: sa.Engine) -> None:
    with store.begin() as connection:
        for run in (1, 2, 2):
            answers.keep(connection, SCHOOL, run, "schools/1", answers.pack(b"[]" * 1000))
        stored = connection.execute(sa.select(sa.func.count()).select_from(schema.RAW_ANSWER)).scalar()
        assert stored == 1
        assert answers.answer(connection, SCHOOL, 2, "schools/1") == b"[]" * 1000
