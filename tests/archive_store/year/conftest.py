"""The small invented year of the tests of sealing, in an archive of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

sys.path.append(str(Path(__file__).parents[1] / "snapshot"))

from small_year import fill


@pytest.fixture
def archive(sqlite_store: sa.Engine) -> sa.Engine:
    """The record of the small year, on SQLite."""
    return fill(sqlite_store)
