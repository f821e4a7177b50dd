"""One run at a time, on each database; the lock goes when its holder goes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store.errors import RunUnderWay
from archive_store.lock import one_run


def test_a_second_run_is_refused_while_the_first_holds_the_lock(store: sa.Engine) -> None:
    with one_run(store):
        other = sa.create_engine(store.url)
        with pytest.raises(RunUnderWay), one_run(other):
            pass
        other.dispose()
    with one_run(store):
        pass


def test_a_run_that_fails_gives_the_lock_back(store: sa.Engine) -> None:
    with pytest.raises(ZeroDivisionError), one_run(store):
        raise ZeroDivisionError
    with one_run(store):
        pass
