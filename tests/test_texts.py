"""Every text that a person reads is there in Russian and in English."""

from __future__ import annotations

import ast
import re
import string

import pytest
from babel.messages.catalog import Message

import catalogues
from archive_store import texts

# Of the catalogue, which the first test holds equal to the code: the code takes much longer to read.
_MESSAGES = [message for message in catalogues.translated("ru") if message.id]
# Words that are the same in both languages.
_SAME = {"№", "4. Windows: certutil -hashfile tagmanifest-sha256.txt SHA256"}


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    """The forms of a text: singular and plurals, or itself."""
    return [text] if isinstance(text, str) else list(text)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _id(message: Message) -> str:
    return _first(message.id)[:60]


def test_the_catalogues_have_every_text_and_no_other() -> None:
    of_code = {message.id for message in catalogues.extracted() if message.id}
    for language in texts.LANGUAGES:
        assert {message.id for message in catalogues.translated(language) if message.id} == of_code


@pytest.mark.parametrize("message", _MESSAGES, ids=_id)
def test_a_text_is_english_in_the_code_and_russian_in_russian(message: Message) -> None:
    source, translated = _first(message.id), message.string
    assert not re.search("[а-яё]", source), "the code speaks English"
    assert translated, "not translated"
    assert not message.fuzzy
    if isinstance(message.id, str):
        assert _placeholders(translated) == _placeholders(source)
    allowed = set().union(*map(_placeholders, _forms(message.id)))
    for text in _forms(translated):
        assert re.search("[а-яёА-ЯЁ]", text) or source in _SAME
        assert _placeholders(text) <= allowed


def test_no_text_hides_in_an_f_string_where_it_is_not_extracted() -> None:
    hidden = [
        f"{path.relative_to(catalogues.ROOT)}:{call.lineno}"
        for room in catalogues.ROOMS
        for path in (catalogues.ROOT / room).rglob("*.py")
        for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in catalogues.KEYWORDS
        and any(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert hidden == []


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
