"""What becomes of a table on several ways, in few words, one JSON line a table."""

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import duckdb
import polars
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import dictionaries, drop, put

SAME = "="
NAME = "case.parquet"


def report(client: flight.FlightClient, repo: Path, case: dict, table: pa.Table, leaf=lambda type: type) -> None:
    """
    Prints `case` with what becomes of the table, whose column tells its type by `leaf`:

    - `itself`: what pyarrow's write_table and read_table give back,
    - `hangar`: what put and get give back, `refused` where the put was, with `message`,
    - `pyarrow`, `duckdb`, `polars`: what they read in the file, next to what they read in pyarrow's own.
    """
    own = repo.parent / f"{repo.name}-own.parquet"

    def write_own() -> pa.Table:
        own.unlink(missing_ok=True)
        parquet.write_table(table, own)
        return parquet.read_table(own)

    row = case | {"itself": outcome(write_own, table, leaf)}
    refusal = refused(lambda: put(client, NAME, table))
    if refusal is not None:
        own.unlink(missing_ok=True)
        print(json.dumps(row | {"hangar": "refused", "message": refusal}), flush=True)
        return
    row["hangar"] = outcome(lambda: fetch(client), table, leaf, with_metadata=True)
    for name, read in READERS.items():
        theirs = result(lambda: read(own)) if own.exists() and row["itself"] != "refused" else None
        row[name] = beside(result(lambda: read(repo / NAME)), theirs, table, leaf)
    drop(client, NAME)
    own.unlink(missing_ok=True)
    print(json.dumps(row), flush=True)


def fetch(client: flight.FlightClient) -> pa.Table:
    """The dataset, which has one schema on every way to it."""
    descriptor = flight.FlightDescriptor.for_path(NAME)
    info = client.get_flight_info(descriptor)
    table = client.do_get(info.endpoints[0].ticket).read_all()
    table.validate(full=True)
    for schema in (info.schema, client.get_schema(descriptor).schema):
        assert schema.equals(table.schema, check_metadata=True), f"{schema} is not {table.schema}"
    return table


READERS: dict[str, Callable[[Path], pa.Table]] = {
    "pyarrow": lambda path: parquet.ParquetFile(path).read(),
    "duckdb": lambda path: duckdb.sql(f"select * from '{path}'").to_arrow_table(),
    "polars": lambda path: polars.read_parquet(path).to_arrow(),
}


def refused(act: Callable[[], object]) -> str | None:
    """The message of INVALID_ARGUMENT, or None where there is none."""
    try:
        act()
    except pa.ArrowInvalid as error:
        return str(error).split(". gRPC client")[0]
    return None


def result(read: Callable[[], pa.Table]) -> pa.Table | None:
    """What is read, or None where it cannot be; polars panics with what is no Exception."""
    try:
        return read()
    except KeyboardInterrupt:
        raise
    except BaseException:
        return None


def outcome(read: Callable[[], pa.Table], table: pa.Table, leaf, with_metadata: bool = False) -> str:
    try:
        actual = read()
    except (pa.ArrowException, OSError) as error:
        return "refused" if not with_metadata else f"error: {error}"
    if not is_equal(actual, table, with_dictionaries=False):
        return "other values"
    if not is_equal(actual, table):
        return "other dictionaries"
    if actual.schema.equals(table.schema, check_metadata=with_metadata):
        return SAME
    return ", ".join(dict.fromkeys(str(leaf(type)) for type in actual.schema.types))


def beside(actual: pa.Table | None, own: pa.Table | None, table: pa.Table, leaf) -> str:
    """How a reader's table compares with what it reads in pyarrow's own file, or with what was put where there is none."""
    if actual is None:
        return "unreadable" if own is not None else "unreadable, as pyarrow's"
    if own is not None and actual.schema.types == own.schema.types and is_equal(actual, own):
        return SAME
    types = ", ".join(dict.fromkeys(str(leaf(type)) for type in actual.schema.types))
    return types if is_equal(actual, table) else f"{types}, other values"


def is_equal(a: pa.Table, b: pa.Table, with_dictionaries: bool = True) -> bool:
    if a.schema.names != b.schema.names or a.num_rows != b.num_rows:
        return False
    return all(is_equal_column(mine, theirs, with_dictionaries) for mine, theirs in zip(a.columns, b.columns))


def is_equal_column(a: pa.ChunkedArray, b: pa.ChunkedArray, with_dictionaries: bool) -> bool:
    try:
        if with_dictionaries and has_dictionary(a.type) and has_dictionary(b.type) and dictionaries(a) != dictionaries(b):
            return False
        return plain(a.to_pylist()) == plain(b.to_pylist())
    except ValueError:
        # Python's dict cannot hold a struct that has one name twice.
        return a.equals(b)


def has_dictionary(type: pa.DataType) -> bool:
    return pa.types.is_dictionary(type) or any(has_dictionary(type.field(i).type) for i in range(type.num_fields))


def plain(value: object) -> object:
    """A value without what tells its type: structs and the entries of maps are tuples, points of time are in UTC."""
    if isinstance(value, dict):
        return tuple(plain(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return tuple(plain(item) for item in value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)
    return value
