"""Whether the school that the settings name is one of those that the token's owner belongs to."""

from __future__ import annotations

from archive_store import schema
from connector.api import calls
from connector.api.client import Client
from connector.api.errors import REFUSALS
from connector.api.models import ContextSchool, UserContext
from connector.api.parsing import parse
from connector.cli.settings_words import OtherSchool
from connector.sync import reference
from connector.sync.source import Source
from connector.sync.summary import Summary


def schools_of_owner(client: Client) -> list[ContextSchool]:
    """The schools that the token's owner belongs to, as the platform says. Raises ApiError."""
    call = calls.context()
    return parse(UserContext, client.fetch(call), call.label).schools


def named(schools: list[ContextSchool]) -> list[str]:
    """Schools as a person is told of them."""
    return [f"{school.id} ({school.name})" for school in schools]


def demand_own_school(source: Source, summary: Summary) -> None:
    """After a run that was refused the school and brought no class: ask whose token it is.

    Not before a run: it would be a call for nothing every night. Raises OtherSchool if the owner belongs to
    other schools alone, ApiError.
    """
    refused = {one.slice.kind for one in summary.failures if isinstance(one.error, REFUSALS)}
    groups = summary.changes.get(schema.EDU_GROUP.name)
    if reference.SCHOOL not in refused or (groups and groups.new + groups.unchanged + groups.changed):
        return
    schools = schools_of_owner(source.client)
    if source.school_id not in [school.id for school in schools]:
        raise OtherSchool(source.school_id, named(schools))
