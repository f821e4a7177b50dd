"""The invented class is at hand for the tests of forms, of their look and of exports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from archive_store.render.source import Source


@pytest.fixture
def connection(sqlite_store: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to an empty archive, in a transaction that is not kept."""
    with sqlite_store.connect() as connection:
        yield connection


@pytest.fixture
def source() -> Source:
    """Where the documents of the tests come from."""
    moscow = timezone(timedelta(hours=3))
    as_of, made_at = datetime(2026, 8, 30, 23, 10, tzinfo=moscow), datetime(2026, 9, 1, 9, 0, tzinfo=moscow)
    return Source("МБОУ «Школа № 901»", as_of, "8f3c0123456789abcdef", made_at)
