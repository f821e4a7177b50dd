"""Bring the catalogues up to date with the code: new texts in, old ones out. Then translate the empty ones.

Run it as ``.venv/bin/python tests/update_catalogues.py``.
"""

from __future__ import annotations

from datetime import UTC, datetime

from babel.messages.catalog import Catalog

import catalogues
from archive_store.texts import LANGUAGES

_NO_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Update, and say what is to be translated."""
    template = catalogues.extracted()
    for language in LANGUAGES:
        known = (
            catalogues.translated(language) if catalogues.path(language, "po").exists() else Catalog(language)
        )
        updated = Catalog(
            language,
            project="dnevnik-archive",
            creation_date=_NO_MOMENT,
            revision_date=_NO_MOMENT,
            fuzzy=False,
        )
        for message in template:
            if not message.id:
                continue
            old = known.get(message.id)
            text = old.string if old is not None else None
            updated.add(message.id, text or (message.id if language == "en" else None))
            if not updated[message.id].string:
                print(language, repr(message.id))
        catalogues.save(updated, language)


if __name__ == "__main__":
    main()
