"""The command ``history``: the life of a value - first seen, changed, withdrawn, by which run and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Annotated, Any, Final

import orjson
import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table

from archive_store import schema
from archive_store.access.log import About
from archive_store.access.log import Kind as Access
from archive_store.asof import AsOf, last_known
from archive_store.catalogue import find_subject, require_year, year_span
from archive_store.history_json import life_json
from archive_store.history_of import Event, Life, lives, moments
from archive_store.record_names import Names
from archive_store.retention.tombstones import tombstones
from archive_store.schema import Entity
from archive_store.texts import N_, _
from connector.cli.destroyed import note_destroyed
from connector.cli.giving import giving, lets_out
from connector.cli.ledger_words import NoSuchRecord
from connector.cli.people import find_person
from connector.cli.session import AsOfOption, Session, When

_WHAT: Final = {
    "first": N_("first seen"),
    "changed": N_("changed"),
    "withdrawn": N_("withdrawn"),
    "again": N_("seen again"),
}
# Of a record that is first seen, what a person wants to see of it.
_TELLING: Final = ("value", "status", "topic", "text", "name", "last_name", "first_name", "day")

AsJson = Annotated[bool, typer.Option("--json", help=_("For programs: one record per line."))]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record whose life can be asked for: by its name on the command line."""

    name: str
    entity: Entity[Any]
    text: str
    of_pupils: bool = True


_KINDS: Final = (
    Kind("mark", schema.MARK, N_("The life of a mark of a lesson, by its id.")),
    Kind("final-mark", schema.FINAL_MARK, N_("The life of a final mark, by its id.")),
    Kind("attendance", schema.ATTENDANCE, N_("The life of attendance, by the ids of lesson and pupil.")),
    Kind("lesson", schema.LESSON, N_("The life of a lesson and its topic, by its id."), of_pupils=False),
    Kind("work", schema.WORK, N_("The life of a work or homework, by its id."), of_pupils=False),
    Kind("person", schema.PERSON, N_("The life of a pupil's name and data, by the pupil's id.")),
    Kind("group", schema.EDU_GROUP, N_("The life of a class or subgroup, by its id."), of_pupils=False),
    Kind("membership", schema.MEMBERSHIP, N_("Who was in a class, by the ids of class and pupil.")),
)
# What is told of a pupil.
_OF_A_PUPIL: Final = (
    schema.PERSON, schema.MEMBERSHIP, schema.FINAL_MARK, schema.MARK, schema.ATTENDANCE, schema.HOMEWORK_TASK,
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = typer.Typer(
        no_args_is_help=True, help=_("The life of a value: first seen, changed, withdrawn, and by which run.")
    )
    for kind in _KINDS:
        commands.command(kind.name, help=_(kind.text))(_command(kind))
    commands.command("pupil", help=_("The life of all that is recorded of a pupil."))(pupil)
    app.add_typer(commands, name="history")


def _command(kind: Kind) -> Callable[..., None]:
    @lets_out(Access.HISTORY)
    def command(
        context: typer.Context,
        ids: Annotated[list[int], typer.Argument(metavar="ID...", help=_("Ids of the platform."))],
        as_of: AsOfOption = None,
        json: AsJson = False,
    ) -> None:
        _of_ids(context.obj, kind, ids, as_of, json=json)

    return command


def _of_ids(session: Session, kind: Kind, ids: list[int], as_of: When | None, *, json: bool) -> None:
    if len(ids) > len(kind.entity.key):
        raise typer.BadParameter(_("Too many ids for this kind of record."), param_hint="ID")
    engine = session.engine()
    with engine.connect() as connection:
        at = session.as_of(connection, as_of)
        table = kind.entity.table
        # A person's part of a key alone (a lesson, a class) means all records of it.
        where = [table.c[name] == value for name, value in zip(kind.entity.key, ids, strict=False)]
        about = _about(connection, kind, ids, at)
        shown = _Shown(connection, at, session)
        with giving(session, engine, at.school_id, Access.HISTORY, about) as given:
            shown.show(lives(connection, kind.entity, at, *where), json=json)
            given.counts["rows"], given.digest = shown.count, shown.digest
        if not shown.count:
            acts = sorted({one.act for one in tombstones(connection, at.school_id)})
            raise NoSuchRecord(kind.name, " ".join(str(one) for one in ids), acts)


def _about(connection: sa.Connection, kind: Kind, ids: list[int], at: AsOf) -> About:
    """Whom records asked for by their ids are about, as far as they are about somebody."""
    known = dict(zip(kind.entity.key, ids, strict=False))
    table = kind.entity.table
    people = {known["person_id"]} if "person_id" in known else set()
    if not people and "person_id" in table.c:
        where = (table.c[name] == value for name, value in known.items())
        query = sa.select(table.c.person_id).distinct().where(table.c.school_id == at.school_id, *where)
        people = set(connection.execute(query).scalars())
    groups = (known["group_id"],) if "group_id" in known and not people else ()
    details = {"ids": " ".join(str(one) for one in ids)}
    return About(f"history {kind.name}", (), groups, tuple(sorted(people)), at.run_id, details)


@lets_out(Access.HISTORY)
def pupil(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar=_("NAME|ID"), help=_("Surname, and name if need be; or id."))],
    year: Annotated[
        int | None, typer.Option(help=_("Academic year, by the calendar year in which it begins."))
    ] = None,
    subject: Annotated[str | None, typer.Option(help=_("Only this subject."))] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Also what was never changed since it was first seen."))
    ] = False,
    as_of: AsOfOption = None,
    json: AsJson = False,
) -> None:
    """Tell what became of a pupil's marks, attendance, final marks and classes."""
    session: Session = context.obj
    engine = session.engine()
    with engine.connect() as connection:
        at = session.as_of(connection, as_of)
        if year is not None:
            require_year(connection, at, year)
        subject_id = None if subject is None else find_subject(connection, at, subject)
        person_id = find_person(connection, at, who, staff=False)
        found = chain.from_iterable(
            lives(connection, entity, at, entity.table.c.person_id == person_id) for entity in _OF_A_PUPIL
        )
        wanted = (life for life in found if _is_wanted(life, year, subject_id, connection, at))
        years = () if year is None else (year,)
        details = {} if subject_id is None else {"subject": str(subject_id)}
        about = About("history pupil", years, (), (person_id,), at.run_id, details)
        shown = _Shown(connection, at, session)
        with giving(session, engine, at.school_id, Access.HISTORY, about) as given:
            shown.show(wanted, json=json, unchanged=everything)
            given.counts["rows"], given.digest = shown.count, shown.digest
        note_destroyed(connection, at.school_id, year)
        if not json and shown.unchanged and not everything:
            text = _("Records that never changed: {count}; they are shown by --all.")
            typer.echo(text.format(count=shown.unchanged))


class _Shown:
    """Lives on the screen, or as JSON; counts and digests them for the log of access."""

    def __init__(self, connection: sa.Connection, at: AsOf, session: Session) -> None:
        self._connection, self._at = connection, at
        self._zone = session.settings.zone
        self._moments = moments(connection, at.school_id)
        self._names = Names(connection, at)
        self.count = 0
        self.unchanged = 0
        self._digest = sha256()

    def show(self, found: Iterable[Life], *, json: bool, unchanged: bool = True) -> None:
        """Show lives one by one; those that never changed only if wanted."""
        console = Console(markup=False, highlight=False, soft_wrap=True)
        for life in found:
            self.count += 1
            if not life.ever_changed:
                self.unchanged += 1
                if not unchanged:
                    continue
            line = orjson.dumps(life_json(life, self._moments))
            self._digest.update(line + b"\n")
            if json:
                typer.echo(line.decode())
            else:
                self._print(life, console)

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was shown, as lines of JSON, whatever it was shown as."""
        return self._digest.digest()

    def _print(self, life: Life, console: Console) -> None:
        key = " ".join(str(one) for one in life.key)
        console.print(f"{self._names.of_record(life.entity, life.last_record)}  [{key}]")
        table = Table(box=None, pad_edge=False, show_header=False)
        for event in life.events:
            table.add_row(
                f"  {self._local(event)}", str(event.run_id), _(_WHAT[event.what]), self._what(event)
            )
        console.print(table)

    def _what(self, event: Event) -> str:
        if event.what == "first":
            values = event.record._asdict() if event.record is not None else {}
            told = ((name, values[name]) for name in _TELLING if values.get(name) is not None)
            return "; ".join(f"{name}: {value}" for name, value in told)
        return "; ".join(f"{one.field}: {_shown(one.was)} -> {_shown(one.now)}" for one in event.changes)

    def _local(self, event: Event) -> str:
        moment = datetime.fromisoformat(self._moments[event.run_id])
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M}"


def _is_wanted(
    life: Life, year: int | None, subject_id: int | None, connection: sa.Connection, at: AsOf
) -> bool:
    record = life.last_record
    if subject_id is not None and getattr(record, "subject_id", None) != subject_id:
        return False
    if year is None or not hasattr(record, "group_id"):
        return True
    if hasattr(record, "day"):
        first, last = year_span(year)
        return bool(first <= record.day <= last)
    return _year_of(connection, at, record.group_id) == year


def _year_of(connection: sa.Connection, at: AsOf, group_id: int) -> int | None:
    groups: Iterator[Any] = last_known(
        connection, schema.EDU_GROUP, at, schema.EDU_GROUP.table.c.group_id == group_id
    )
    return next((group.study_year for group in groups), None)


def _shown(value: object) -> str:
    return "—" if value is None else str(value)
