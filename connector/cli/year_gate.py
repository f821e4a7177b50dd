"""The rules of closing from the settings, the school's terms, and what is known beside the record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.carriers.duties import verified_copies
from archive_store.nomenclature import confirmations, kinds
from archive_store.nomenclature.kinds import Nomenclature
from archive_store.snapshot.terms import YearTerms, year_terms
from archive_store.texts import N_
from archive_store.verification.whole import verify
from archive_store.year.readiness import CODES
from archive_store.year.rules import Facts, Rules, Thresholds
from config.errors import SettingsError
from config.settings import Settings
from connector.cli.finding_words import FindingWords
from connector.cli.session import Session, utc_text

_NO_SUCH_CHECK: Final = N_("checks that exist, unlike {unknown}: {known}")
_LISTS: Final = ("checks_stop", "checks_stop_final", "checks_accept")


def rules_of(settings: Settings) -> Rules:
    """Which findings stop a closing. Raises SettingsError if a list names a check that there is not."""
    for name in _LISTS:
        unknown = sorted(set(getattr(settings, name)) - CODES)
        if unknown:
            values = {"unknown": ", ".join(unknown), "known": ", ".join(sorted(CODES))}
            raise SettingsError("wrong value", name, _NO_SUCH_CHECK, values)
    return Rules(
        frozenset(settings.checks_stop),
        frozenset(settings.checks_stop_final),
        frozenset(settings.checks_accept),
        Thresholds(
            settings.last_sync_days,
            settings.longest_unread_days,
            settings.average_tolerance,
            settings.fewest_marks,
            settings.share_of_class,
        ),
    )


def nomenclature_of(settings: Settings) -> Nomenclature:
    """The school's own list of files, else the one that comes with the program. Raises NomenclatureError."""
    path = settings.nomenclature
    return kinds.read(path) if path.exists() else kinds.default()


def terms_of(connection: sa.Connection, school_id: int, settings: Settings) -> YearTerms:
    """The terms of what is sealed, and whether the school has confirmed them. Raises NomenclatureError."""
    known = nomenclature_of(settings)
    confirmed = confirmations.confirmed(connection, school_id, known)
    return year_terms(known, confirmed=confirmed is not None)


def facts_of(
    session: Session, connection: sa.Connection, at: AsOf, year: int, terms: YearTerms, *, with_ledger: bool
) -> Facts:
    """What is known beside the record of a year, now; of the copies, what the book of carriers says."""

    def findings() -> Iterable[str]:
        words = FindingWords(connection, at.school_id, session.settings.zone)
        for one in verify(connection, at.school_id).findings:
            yield words.sentence(one)

    return Facts(
        session.window().today.isoformat(),
        utc_text(),
        findings if with_ledger else None,
        verified_copies(connection, at.school_id, year),
        terms.journal.confirmed and terms.summary.confirmed,
    )
