"""The small year, sealed once, and fresh archives to restore it into."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

sys.path.append(str(Path(__file__).parents[1] / "snapshot"))

from small_year import AT, SCHOOL, YEAR, fill

from archive_store.store import make_store
from archive_store.year.closing import close_year


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """The record of the small year. Read only."""
    engine = make_store(f"sqlite:///{tmp_path_factory.mktemp('filled') / 'archive.sqlite'}")
    yield fill(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sealed(filled: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sealed year. Read only."""
    with filled.connect() as connection:
        return close_year(connection, SCHOOL, YEAR, tmp_path_factory.mktemp("sealed"), AT).sealed.path
