"""What a school chooses in its forms: formulas, columns, letters and scales."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import BaseModel, Field, field_validator

from config import wishes

CertificateColumn: TypeAlias = Literal[
    "number", "name", "representative", "born", "blank", "marks", "order", "officer", "recipient", "issued",
]  # fmt: skip
"""A column of the sheet for the register of certificates."""
Absence: TypeAlias = Literal["absent", "ill", "good-reason", "late"]
Attendance: TypeAlias = Literal["present", "absent", "ill", "good-reason", "late"]
MarkWord: TypeAlias = Literal["not-assessed", "released", "pass", "fail", "absence", "promise"]
Sign: TypeAlias = Annotated[str, Field(pattern=r"^[^\s\d]\S{0,19}$")]
"""A letter or a word in a cell of a journal."""
Letter: TypeAlias = Annotated[str, Field(pattern=r"^[^\s\d]{1,3}$")]
"""As much as a cell of a journal has room for beside a mark."""
_MOST_MARKS: Final = 100
_WITHOUT_LEVELS, _WITH_LEVELS = 1, 4


class FormsSettings(BaseModel):
    """The choices, with their defaults."""

    forms_coefficients: str = "netschool"
    forms_decimals: int = Field(default=2, ge=0, le=2)
    forms_fewest_marks: list[int] = [3, 5, 7]
    forms_final_differs: float = Field(default=1.0, gt=0, le=100)
    forms_late_correction_days: int = Field(default=7, ge=0, le=366)
    forms_control_works: list[Annotated[str, Field(min_length=1)]] = ["контрольн"]
    forms_certificate_columns: list[CertificateColumn] = list(get_args(CertificateColumn))
    forms_letters: dict[Absence, Letter] = {"absent": "Н", "ill": "Б", "good-reason": "П", "late": "О"}
    forms_attendance: dict[Sign, Attendance] = {}
    forms_words: dict[Sign, MarkWord] = {}
    forms_scales: dict[str, list[int]] = {}

    @field_validator("forms_fewest_marks")
    @classmethod
    def _counts_of_marks(cls, value: list[int]) -> list[int]:
        if not value or not all(0 < one <= _MOST_MARKS for one in value):
            raise ValueError(wishes.COUNTS_OF_MARKS)
        return value

    @field_validator("forms_scales")
    @classmethod
    def _scales_that_fall(cls, value: dict[str, list[int]]) -> dict[str, list[int]]:
        """The highest mark, alone or with the lowest that count as «5», «4» and «3»."""
        for name, numbers in value.items():
            falls = all(above > below for above, below in pairwise(numbers[1:]))
            if (
                not name.strip()
                or len(numbers) not in (_WITHOUT_LEVELS, _WITH_LEVELS)
                or not all(0 < one <= _MOST_MARKS for one in numbers)
                or max(numbers) != numbers[0]
                or not falls
            ):
                raise ValueError(wishes.SCALE)
        return value
