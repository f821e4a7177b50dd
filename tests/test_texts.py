"""Every text that a person reads is there in Russian and in English."""

from __future__ import annotations

import re
import string

import catalogues
import pytest
from babel.messages.catalog import Message

from archive_store import texts

_MESSAGES = [message for message in catalogues.extracted() if message.id]
# Words that are the same in both languages.
_SAME = {"PDF/A", "XLSX", "CSV"}


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _id(message: Message) -> str:
    return _first(message.id)[:60]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_catalogue_has_every_text_and_no_other(language: str) -> None:
    known = {_first(message.id) for message in catalogues.translated(language) if message.id}
    assert known == {_first(message.id) for message in _MESSAGES}


@pytest.mark.parametrize("message", _MESSAGES, ids=_id)
def test_a_text_is_english_in_the_code_and_russian_in_russian(message: Message) -> None:
    source = _first(message.id)
    assert not re.search("[а-яё]", source), "the code speaks English"
    russian = catalogues.translated("ru").get(message.id)
    assert russian is not None
    assert russian.string, "not translated"
    assert not russian.fuzzy
    for text in [russian.string] if isinstance(russian.string, str) else russian.string:
        assert re.search("[а-яёА-ЯЁ]", text) or source in _SAME
        assert _placeholders(text) == _placeholders(source)


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_translations(language: str) -> None:
    assert catalogues.path(language, "mo").read_bytes() == catalogues.compiled(
        catalogues.translated(language)
    )


def test_the_language_is_chosen_at_run_time() -> None:
    texts.activate("ru")
    assert texts._("Pupils") == "Ученики"
    texts.activate("en")
    assert texts._("Pupils") == "Pupils"
