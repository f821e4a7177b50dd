"""What profiles list is there to be given, and is what their rules allow."""

from __future__ import annotations

import pytest

from archive_store.export.forms import FORMS, Scope
from archive_store.export.inventory import TABLES
from archive_store.export.profiles import PROFILES, About, Profile
from archive_store.export.without_names import BARE

ALL = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


def test_every_addressee_of_the_issue_has_a_profile() -> None:
    assert list(PROFILES) == ["prosecutor", "rosobrnadzor", "department", "archive", "parent", "school"]


@ALL
def test_every_form_and_table_of_a_profile_exists(profile: Profile) -> None:
    assert set(profile.forms) <= set(FORMS)
    assert set(profile.tables) <= set(TABLES)


@ALL
def test_forms_of_a_pupil_and_of_classes_stand_where_they_belong(profile: Profile) -> None:
    assert all(FORMS[name].scope is not Scope.PUPIL for name in profile.class_forms)
    of_pupils = [FORMS[name] for name in profile.pupil_forms]
    assert all(one.scope is Scope.PUPIL or one.also_of_pupil for one in of_pupils)


@ALL
def test_a_profile_about_pupils_alone_lists_no_form_of_their_class(profile: Profile) -> None:
    if profile.about is About.PUPILS:
        assert profile.class_forms == ()


@ALL
def test_a_profile_without_names_gives_no_rows_of_pupils(profile: Profile) -> None:
    if profile.about is About.TOTALS:
        assert profile.tables == ()
        assert profile.pupil_forms == ()
        assert set(profile.class_forms) <= set(BARE)


@ALL
def test_what_is_kept_out_is_said(profile: Profile) -> None:
    assert profile.kept_out
    assert all(profile.kept_out)
