"""Bring the catalogues up to date with the code: new texts in, old ones out. Then say what is not translated.

``.venv/bin/python tests/update_catalogues.py [TRANSLATIONS ...]``, where TRANSLATIONS are

- a JSON file of ``{text in the code: text in Russian}`` (for a plural: the singular and a list of its forms),
- or another Russian catalogue (``.po``), such as the other side of a merge; what we have is kept.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import catalogues
from archive_store.texts import LANGUAGES

_NO_MOMENT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_Texts: TypeAlias = dict[str, str | tuple[str, ...]]


def main(files: list[str]) -> None:
    """Update with the translations in these files, and print what still has none."""
    template = catalogues.extracted()
    for language in LANGUAGES:
        known = _texts(catalogues.translated(language))
        if language == "ru":
            known = _given(files, ".po") | known | _given(files, ".json")
        updated = _updated(template, known, language)
        catalogues.save(updated, language)
        print(language, "untranslated:", [message.id for message in updated if not _complete(message.string)])


def _updated(template: Catalog, known: _Texts, language: str) -> Catalog:
    updated = Catalog(
        language, project="dnevnik-archive", creation_date=_NO_MOMENT, revision_date=_NO_MOMENT, fuzzy=False
    )
    for message in template:
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            updated.add(message.id, known.get(first) or (message.id if language == "en" else None))
    return updated


def _given(files: list[str], suffix: str) -> _Texts:
    given: _Texts = {}
    for file in (Path(name) for name in files if name.endswith(suffix)):
        if suffix == ".json":
            texts = json.loads(file.read_text("utf-8"))
            given |= {text: tuple(ru) if isinstance(ru, list) else ru for text, ru in texts.items()}
        else:
            with file.open("rb") as stream:
                given |= _texts(read_po(stream, locale="ru"))
    return given


def _texts(catalogue: Catalog) -> _Texts:
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message.string
        for message in catalogue
        if message.id and _complete(message.string)
    }


def _complete(text: str | tuple[str, ...] | list[str]) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)


if __name__ == "__main__":
    main(sys.argv[1:])
