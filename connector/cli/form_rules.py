"""What a school chooses in the formulas and signs of its forms, from the settings."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from archive_store.forms.rules import COEFFICIENTS, Rules, coefficients
from archive_store.forms.signs import Meaning, Presence, Scale, Signs, TwoMeanings
from archive_store.texts import N_
from config.errors import SettingsError
from config.settings import Settings

_COEFFICIENTS: Final = N_("one of these: {known}; or five whole numbers up to 100, such as 100/64/36/14/8")
_ONE_MEANING: Final = N_("one meaning for each sign; «{sign}» would have two, here or with forms_letters")


def form_rules(settings: Settings) -> Rules:
    """The rules. Raises SettingsError if there is no such set of coefficients or a sign has two meanings."""
    try:
        chosen = coefficients(settings.forms_coefficients)
    except ValueError:
        values = {"known": ", ".join(COEFFICIENTS)}
        raise SettingsError("wrong value", "forms_coefficients", _COEFFICIENTS, values) from None
    return Rules(
        coefficients=chosen,
        decimals=settings.forms_decimals,
        fewest_marks=tuple(settings.forms_fewest_marks),
        final_differs_from=Fraction(str(settings.forms_final_differs)),
        late_correction_days=settings.forms_late_correction_days,
        control_works=tuple(settings.forms_control_works),
        certificate_columns=tuple(settings.forms_certificate_columns),
        signs=form_signs(settings),
    )


def form_signs(settings: Settings) -> Signs:
    """How the school's signs are read. Raises SettingsError if one of them cannot be read so."""
    try:
        return Signs(
            letters={Presence(one): letter for one, letter in settings.forms_letters.items()},
            attendance={sign: Presence(one) for sign, one in settings.forms_attendance.items()},
            words={word: Meaning(one) for word, one in settings.forms_words.items()},
            scales={name: _scale(numbers) for name, numbers in settings.forms_scales.items()},
        )
    except TwoMeanings as error:
        raise SettingsError(
            "wrong value", f"forms_{error.table}", _ONE_MEANING, {"sign": error.sign}
        ) from None


def _scale(numbers: list[int]) -> Scale:
    highest, *lowest = numbers
    five, four, three = lowest or (0, 0, 0)
    return Scale(highest, (five, four, three) if lowest else None)
