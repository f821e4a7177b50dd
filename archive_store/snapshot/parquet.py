"""Sealed tables as Parquet as well: for analysis, never the only copy.

The bytes depend on the version of pyarrow, so Parquet is sealed only when asked for, and the passport names
the version. Rows come from the sealed database and are read back from the file, to the same table digest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from archive_store.errors import ArchiveError
from archive_store.snapshot.canonical_csv import Written, line
from archive_store.snapshot.contents import SealedTable
from archive_store.texts import _

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS_AT_ONCE: Final = 20_000


@dataclass
class ParquetNotInstalled(ArchiveError):
    """Parquet was asked for, but pyarrow is not installed."""


def version() -> str:
    """Which program writes it: it is part of the bytes. Raises ParquetNotInstalled."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise ParquetNotInstalled from error
    return f"pyarrow {pa.__version__}"


def write(folder: Path, database: Path, tables: Iterable[SealedTable]) -> None:
    """Write ``<table>.parquet`` of each table into ``folder``, from the sealed database."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as sealed:
        for table in tables:
            _write(folder / f"{table.name}.parquet", sealed, table)


def read_back(path: Path) -> Written:
    """The rows of a file and the digest of the canonical CSV that they make."""
    from pyarrow import parquet

    digest, rows, size = sha256(), 0, 0
    with parquet.ParquetFile(path) as file:
        for text in _lines(file):
            digest.update(text)
            size += len(text)
        rows = file.metadata.num_rows
    return Written(rows, digest.hexdigest(), size)


def _write(path: Path, sealed: sqlite3.Connection, table: SealedTable) -> None:
    from pyarrow import parquet

    schema = _schema(table)
    found = sealed.execute(f"SELECT * FROM {table.name} ORDER BY rowid")
    with parquet.ParquetWriter(path, schema, compression="zstd", version="2.6", store_schema=False) as file:
        while rows := found.fetchmany(_ROWS_AT_ONCE):
            file.write_batch(_batch(schema, table, rows))


def _schema(table: SealedTable) -> pa.Schema:
    import pyarrow as pa

    types = {"integer": pa.int64(), "truth": pa.bool_()}
    return pa.schema(
        [
            pa.field(
                column.name,
                types.get(column.kind, pa.string()),
                nullable=not column.required,
                metadata={"description": _(column.meaning)},
            )
            for column in table.columns
        ]
    )


def _batch(schema: pa.Schema, table: SealedTable, rows: Sequence[Any]) -> pa.RecordBatch:
    import pyarrow as pa

    arrays = []
    for field, column, values in zip(schema, table.columns, zip(*rows, strict=True), strict=True):
        truths = column.kind == "truth"
        arrays.append(pa.array(map(_truth, values) if truths else values, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _truth(value: int | None) -> bool | None:
    """A truth value as the database has it."""
    return None if value is None else bool(value)


def _lines(file: Any) -> Iterator[bytes]:  # noqa: ANN401 - pyarrow has no types
    yield line(file.schema_arrow.names).encode()
    for batch in file.iter_batches(_ROWS_AT_ONCE):
        columns = [column.to_pylist() for column in batch.columns]
        yield "".join(map(line, zip(*columns, strict=True))).encode()
