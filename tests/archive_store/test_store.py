"""The database: made privately, migrated, refused when it cannot be what it should be."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from archive_store import schema
from archive_store.errors import StoreNotMade, StoreTooNew, StoreUnreachable
from archive_store.store import address, alembic_config, make_store, newest_revision, open_store, shown


def test_the_migrations_make_exactly_the_tables_of_the_schema(store: sa.Engine) -> None:
    with store.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.METADATA) == []


def test_versions_that_ended_have_an_index_of_their_own(store: sa.Engine) -> None:
    for entity in schema.ENTITIES:
        indexes = {str(one["name"]): one for one in sa.inspect(store).get_indexes(entity.table.name)}
        options = indexes[f"ix_{entity.table.name}_seen_to"]["dialect_options"]
        assert "seen_to IS NOT NULL" in str(options[f"{store.dialect.name}_where"])


NEWEST = ScriptDirectory.from_config(alembic_config()).get_current_head()


def test_the_newest_revision_is_the_head_of_the_migrations() -> None:
    assert newest_revision() == NEWEST


def test_an_archive_of_the_first_version_is_brought_up_to_date_with_what_it_holds(sqlite_url: str) -> None:
    engine = sa.create_engine(sqlite_url)
    with engine.connect() as connection:
        configuration = alembic_config()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0001")
        connection.execute(sa.text("INSERT INTO run VALUES (1, 7, 'sync', 'a', 'b', 'done', '{}', 'old')"))
        connection.commit()
    engine.dispose()
    with open_store(sqlite_url).connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == NEWEST
        assert connection.execute(sa.select(schema.RUN.c.program)).scalar() == "old"
        assert not connection.execute(sa.select(schema.QUARANTINE)).all()


def test_making_it_twice_changes_nothing(sqlite_url: str) -> None:
    make_store(sqlite_url).dispose()
    with open_store(sqlite_url).connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == NEWEST


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_the_file_is_its_owners_alone(sqlite_url: str, tmp_path: Path) -> None:
    make_store(sqlite_url).dispose()
    assert stat.S_IMODE((tmp_path / "archive.sqlite").stat().st_mode) == 0o600


def test_opening_what_was_never_made_says_so(sqlite_url: str) -> None:
    with pytest.raises(StoreNotMade):
        open_store(sqlite_url)


def test_a_database_of_a_newer_program_is_refused(sqlite_url: str) -> None:
    engine = make_store(sqlite_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew):
        open_store(sqlite_url)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnreachable) as caught:
        make_store("postgresql://archive:secret@127.0.0.1:1/archive")
    assert "secret" not in f"{caught.value.where} {caught.value.reason}"


@pytest.mark.parametrize("name", ["what?.sqlite", "no#1.sqlite", "100%25 ?mode=ro#.sqlite"])
def test_the_files_name_may_hold_signs_of_a_url(tmp_path: Path, name: str) -> None:
    make_store(f"sqlite:///{tmp_path / name}").dispose()
    assert [one.name for one in tmp_path.iterdir()] == [name]
    open_store(f"sqlite:///{tmp_path / name}").dispose()
    assert address(f"sqlite:///{tmp_path / name}").database == str(tmp_path / name)
    assert shown(f"sqlite:///{tmp_path / name}") == str(tmp_path / name)


def test_an_address_is_shown_without_its_password() -> None:
    assert (
        shown("postgresql://archive:secret@db.example/archive")
        == "postgresql://archive:***@db.example/archive"
    )


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable):
        make_store(f"sqlite:///{tmp_path}")


def test_every_column_has_a_meaning() -> None:
    missing = [
        f"{entity.name}.{name}"
        for entity in schema.ENTITIES
        for name in entity.columns
        if not entity.table.c[name].comment
    ]
    assert missing == []
