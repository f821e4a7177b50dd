"""The log of access: the log of disclosures goes on in it, chained entry to entry."""

from __future__ import annotations

from hashlib import sha256

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    access = op.create_table(
        "access",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ..."),
        sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
        sa.Column("account", sa.Text(), nullable=False, comment="account of the operating system"),
        sa.Column("person", sa.Text(), nullable=False, comment="post and name of who reads"),
        sa.Column("kind", sa.Text(), nullable=False, comment="export, data, history, person-card ..."),
        sa.Column("state", sa.Text(), nullable=False, comment="begun, given, failed"),
        sa.Column("begun", sa.Integer(), comment="number of the entry that this one ends"),
        sa.Column("about", sa.Text(), nullable=False, comment="whom and what, in ids and counts (JSON)"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False, comment="number and date of what was asked"),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False, comment="folder, file, carrier, or stdout"),
        sa.Column("digest", sa.LargeBinary(length=32), comment="SHA-256 of what was given"),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False, comment="chained to the entry before"),
        sa.PrimaryKeyConstraint("school_id", "number", name=op.f("pk_access")),
    )
    _take_over(op.get_bind(), access)
    op.drop_table("disclosure")


def _take_over(connection: sa.Connection, access: sa.Table) -> None:
    """Chain the disclosures on record, in their order; the ledger's entries go on vouching for them."""
    columns = ["school_id", "number", "at", "user", "action", "scope", "target", "digest"]
    disclosure = sa.table("disclosure", *(sa.column(name) for name in columns))
    query = sa.select(disclosure).order_by(disclosure.c.school_id, disclosure.c.number)
    heads: dict[int, bytes] = {}
    for row in connection.execute(query).all():
        digest = None if row.digest is None else bytes(row.digest)
        values = [
            row.number, row.at, row.user, "", row.action, "given", None, row.scope, "", "", "", row.target,
            digest.hex() if digest else None,
        ]  # fmt: skip
        head = sha256(heads.get(row.school_id, bytes(32)) + orjson.dumps(values)).digest()
        heads[row.school_id] = head
        names = (
            "number", "at", "account", "person", "kind", "state", "begun", "about", "purpose", "request",
            "addressee", "target",
        )  # fmt: skip
        filled = dict(zip(names, values[:-1], strict=True))
        connection.execute(
            access.insert().values(school_id=row.school_id, digest=digest, head=head, **filled)
        )


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError
