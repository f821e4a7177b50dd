"""What a school chooses in the formulas of its forms, from the settings."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from archive_store.forms.rules import COEFFICIENTS, Rules, coefficients
from archive_store.texts import N_
from config.settings import Settings, SettingsError

_COEFFICIENTS: Final = N_("one of these: {known}; or five whole numbers up to 100, such as 100/64/36/14/8")


def form_rules(settings: Settings) -> Rules:
    """The rules. Raises SettingsError if there is no such set of coefficients."""
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
    )
