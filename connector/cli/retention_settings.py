"""What the settings say of a destruction: folders, terms, the day."""

from __future__ import annotations

from pathlib import Path

from archive_store.backup.making import FILES
from archive_store.nomenclature import kinds
from archive_store.nomenclature.kinds import Nomenclature, NomenclatureError
from archive_store.retention.destroying import Order
from connector.cli.session import Session
from connector.cli.year_gate import nomenclature_of


def today_of(session: Session) -> str:
    """Today in the school's zone, as YYYY-MM-DD."""
    return session.window().today.isoformat()


def terms_or_default(session: Session) -> Nomenclature:
    """The terms; of a list of files that cannot be read the program's: what is sealed states its own, too.

    For what must go on whatever is wrong with that file; the commands of terms say it.
    """
    try:
        return nomenclature_of(session.settings)
    except NomenclatureError:
        return kinds.default()


def files_of(session: Session) -> tuple[Path, ...]:
    """The school's folder of homework's files, and the one beside the copies of the database."""
    settings = session.settings
    beside = settings.backups / FILES
    if settings.school_id is not None and settings.files.name == str(settings.school_id):
        beside /= settings.files.name  # of several schools each has a folder of its own
    return settings.files, beside


def order_of(session: Session, *, leave_absent: bool) -> Order:
    """How acts are carried out here."""
    settings = session.settings
    beside = (settings.backups,) if settings.backups.is_dir() else ()
    return Order(
        settings.snapshots,
        files_of(session),
        beside,
        nomenclature_of(settings),
        today_of(session),
        leave_absent,
    )
