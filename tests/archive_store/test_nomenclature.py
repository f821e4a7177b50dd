"""The school's list of files: read, refused for a clear reason, confirmed as it is and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store.nomenclature import confirmations, kinds
from archive_store.nomenclature.confirmations import Confirmation
from archive_store.nomenclature.kinds import NomenclatureError
from archive_store.verification.whole import verify

SCHOOL = 1_000_000_000_901
SAID = Confirmation("2025-08-30T09:00:00Z", "директор Орлова", "номенклатура дел, приказ № 45")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The program's defaults as a file of the school's own."""
    path = tmp_path / "nomenclature.toml"
    path.write_bytes(kinds.DEFAULTS.read_bytes())
    return path


def test_the_defaults_are_those_of_the_regulation() -> None:
    known = kinds.default()
    assert [(one.kind, one.years) for one in known.kinds[:4]] == [
        ("journal", 5), ("summary", 25), ("optional-journal", 5), ("personal-file", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "problem", "where"),
    [
        ('kind = "journal"', 'kind = "gournal"', "unknown kind", "gournal"),
        ('kind = "journal"', 'kind = "messages"', "kind twice", "messages"),
        ('kind = "journal"\n', "", "missing field", "1"),
        ("years = 5\n", "years = 0\n", "wrong term", "journal"),
        ("years = 5\n", "years = true\n", "wrong term", "journal"),
        ("years = 5\n", 'years = "permanent"\n', "wrong term", "journal"),
        ("years = 25\n", "years = 4\n", "summary shorter", "summary"),
        ("years = 5\n", "years = 5\nyear = 5\n", "unknown field", "journal"),
        ('index = ""', "index = 5", "not a text", "journal"),
        ('title = "Классный журнал (электронный)"', 'title = " "', "no title", "journal"),
        ('from = "year closed"', 'from = "whenever"', "wrong event", "journal"),
        ("[[file]]", "[[files]]", "unknown part", ""),
        ("[[file]]", "[[file", "not TOML", ""),
    ],
)
def test_what_is_wrong_is_named(file: Path, old: str, new: str, problem: str, where: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(NomenclatureError) as refused:
        kinds.read(file)
    assert (refused.value.problem, refused.value.where) == (problem, where)


def test_a_list_without_what_the_program_seals(file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace('kind = "summary"', 'kind = "messages"', 1), "utf-8")
    with pytest.raises(NomenclatureError):
        kinds.read(file)
    file.write_text("", "utf-8")
    with pytest.raises(NomenclatureError) as refused:
        kinds.read(file)
    assert refused.value.problem == "no files"


def test_a_confirmation_holds_for_these_very_terms_whatever_the_comments(
    store: sa.Engine, file: Path
) -> None:
    with store.connect() as connection:
        assert confirmations.confirmed(connection, SCHOOL, kinds.default()) is None
        confirmations.confirm(connection, SCHOOL, kinds.default(), SAID)
        file.write_text("# наше\n" + file.read_text("utf-8"), "utf-8")
        assert confirmations.confirmed(connection, SCHOOL, kinds.read(file)) == SAID
        assert confirmations.confirmed(connection, SCHOOL + 1, kinds.default()) is None
        file.write_text(file.read_text("utf-8").replace("years = 25", "years = 75"), "utf-8")
        assert confirmations.confirmed(connection, SCHOOL, kinds.read(file)) is None
        assert verify(connection, SCHOOL).findings == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE terms_confirmation SET by = 'someone'",
        "UPDATE terms_confirmation SET content = '[]'",
        "DELETE FROM terms_confirmation",
        (
            "INSERT INTO terms_confirmation SELECT school_id, 2, at, by, document, digest, content "
            "FROM terms_confirmation"
        ),
    ],
)
def test_a_confirmation_altered_behind_the_ledgers_back_is_found(
    sqlite_store: sa.Engine, statement: str
) -> None:
    with sqlite_store.connect() as connection:
        confirmations.confirm(connection, SCHOOL, kinds.default(), SAID)
        connection.execute(sa.text(statement))
        assert {one.kind for one in verify(connection, SCHOOL).findings} == {"register"}
