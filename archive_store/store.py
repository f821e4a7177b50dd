"""Open the archive's database: SQLite by default, PostgreSQL by URL; the schema is brought up to date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from archive_store.errors import StoreNotMade, StoreTooNew, StoreUnreachable

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT_MS: Final = 60_000
_SQLITE: Final = "sqlite:///"


def make_store(url: str) -> sa.Engine:
    """Open the database at ``url``, making it if it is not there, and bring its schema up to date.

    Raises StoreUnreachable when it cannot be opened, StoreTooNew when a newer program has used it.
    """
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        _keep_private(engine.url)
    with _reachable(engine) as connection:
        revision = _revision(connection)
        if revision != newest_revision():
            _bring_up_to_date(connection, revision)
    return engine


def open_store(url: str) -> sa.Engine:
    """Open the database at ``url``, which must be there, and bring its schema up to date.

    Raises StoreNotMade when the SQLite file does not exist, and what :func:`make_store` raises.
    """
    parsed = address(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    if is_file and not Path(str(parsed.database)).exists():
        raise StoreNotMade(str(parsed.database))
    return make_store(url)


def newest_revision() -> str:
    """The revision of the tables that this program knows last."""
    return max(_revisions_known())


def _revisions_known() -> set[str]:
    """The revisions that come with the program: the names of their modules begin with them."""
    return {file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")}


def _revision(connection: sa.Connection) -> str | None:
    """The revision that the tables have, None where there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _bring_up_to_date(connection: sa.Connection, revision: str | None) -> None:
    from alembic import command  # takes a while, and seldom there is anything to do

    if revision is not None and revision not in _revisions_known():
        raise StoreTooNew(revision)
    configuration = alembic_config()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")
    connection.commit()


@contextmanager
def durable(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that is on the disk once it is committed, whatever happens to the power then.

    For what is vouched for or given out. A run's own transactions are not: SQLite may lose the last of them
    to a power cut, whole, and the next run fetches them again.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA synchronous = FULL")
            connection.commit()
        try:
            with connection.begin():
                yield connection
        finally:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA synchronous = NORMAL")


def alembic_config() -> Config:
    """Alembic's configuration for the migrations that come with the program."""
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    configuration.set_main_option("path_separator", "os")
    return configuration


def address(url: str) -> sa.URL:
    """The URL, but what follows ``sqlite:///`` is a path, whatever signs of a URL stand in it."""
    if url.startswith(_SQLITE):
        return sa.URL.create("sqlite", database=url.removeprefix(_SQLITE))
    return sa.make_url(url)


def shown(url: str) -> str:
    """Where a database is, for people: the file, or the server's address without its password."""
    if url.startswith(_SQLITE):
        return url.removeprefix(_SQLITE)
    return sa.make_url(url).render_as_string(hide_password=True)


def _engine(url: str) -> sa.Engine:
    parsed = address(url)
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"))
    engine = sa.create_engine(parsed)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - any DBAPI's connection
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA wal_autocheckpoint = 16384")
    cursor.close()


def _keep_private(url: sa.URL) -> None:
    """Make the SQLite file before SQLite does, readable by its owner alone (0600)."""
    if not url.database or url.database == ":memory:":
        return
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(url.database, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnreachable(url.database, error.strerror or str(error)) from error


def _reachable(engine: sa.Engine) -> sa.Connection:
    try:
        return engine.connect()
    except sa.exc.DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise StoreUnreachable(where, str(error.orig).strip()) from error


def size_of(connection: sa.Connection) -> int:
    """How many bytes the archive's database takes, with what its newest changes take beside it."""
    if connection.dialect.name == "postgresql":
        return int(
            connection.execute(sa.select(sa.func.pg_database_size(sa.func.current_database()))).scalar_one()
        )
    file = str(connection.engine.url.database)
    parts = (Path(file), Path(file + "-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())
