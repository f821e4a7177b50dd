"""A school's own look, from the settings."""

from __future__ import annotations

from archive_store.render.look import HEAD, Look, read_logo
from archive_store.texts import _
from config import wishes
from config.errors import SettingsError
from config.settings import Settings


def look_of(settings: Settings) -> Look:
    """The look with its logo read. Raises BadLogo; SettingsError for a form that does not exist."""
    from archive_store.export.forms import FORMS

    own = settings.look
    for name in own.signers:
        if name not in FORMS:
            raise SettingsError(
                "wrong value", f"look.signers.{name}", wishes.ONE_OF, {"choices": ", ".join(FORMS)}
            )
    # The forms name the offices in their own words, unless the school says who signs them.
    of_head = (own.head_office, _(HEAD), _("Head"), _("True copy. Head"))
    of_deputy = (own.deputy_office, _("Deputy head"))
    known = [*((office, own.head) for office in of_head), *((office, own.deputy) for office in of_deputy)]
    return Look(
        name=own.name,
        address=own.address,
        contacts=own.contacts,
        details=tuple(own.details),
        head_office=own.head_office,
        head=own.head,
        executor=own.executor,
        offices={office: person for office, person in known if office and person},
        signers={name: tuple(offices) for name, offices in own.signers.items()},
        logo=read_logo(settings.logo) if settings.logo else None,
    )
