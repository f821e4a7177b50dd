"""Run the migrations on the connection that the caller has opened."""

from __future__ import annotations

from alembic import context

from archive_store.schema import METADATA

for index in (index for table in METADATA.tables.values() for index in table.indexes):
    # For a new migration that is made from the tables.
    index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
