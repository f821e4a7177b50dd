"""Every text that a person reads, in Russian or English (GNU gettext).

The words stand in the code in English; ``locale/<language>/LC_MESSAGES/messages.po`` holds the
translations. A leaf room: it imports nothing of the project, so that any room may speak.
"""

from __future__ import annotations

import gettext as _gettext
import os
from pathlib import Path
from typing import Final

LOCALE_DIR: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("ru", "en")

_active: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def activate(language: str) -> None:
    """Speak ``language`` ("ru" or "en") from now on; click's own words follow."""
    global _active, _language  # noqa: PLW0603 - one process speaks one language
    _language = language
    _active = _gettext.translation("messages", LOCALE_DIR, [language], fallback=True)
    os.environ["LANGUAGE"] = language
    _gettext.bindtextdomain("messages", str(LOCALE_DIR))


def active() -> str:
    """The language that is spoken now."""
    return _language


def _(message: str) -> str:
    """The text in the active language."""
    return _active.gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The text with the noun's form that goes with ``number``."""
    return _active.ngettext(singular, plural, number)


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark a text for translation; :func:`_` translates it where it is shown."""
    return message


def NP_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 - as above
    """Mark a text with a plural for translation."""
    return singular, plural
