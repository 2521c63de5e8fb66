"""How pyarrow, DuckDB and Hangar read a file, as values that can be compared."""

import json
import math
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

UNITS = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}


def plain(value):
    """A value as all readers agree to write it."""
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    return ("decimal", str(value.normalize())) if isinstance(value, Decimal) else value


def integers(array, word, scale):
    """Times as integers: Python has neither nanoseconds nor years beyond 9999."""
    whole = array.cast(pa.int32() if array.type.bit_width == 32 else pa.int64()).to_pylist()
    return [None if each is None else (word, each * scale) for each in whole]


def values_of(array):
    """The values of an array, nested ones too."""
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return values_of(array.storage)
    if pa.types.is_dictionary(kind):
        return values_of(array.dictionary_decode())
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind) or pa.types.is_duration(kind):
        return integers(array, "time", UNITS[kind.unit])
    if pa.types.is_date(kind):
        return integers(array, "date", 86_400_000 if kind.bit_width == 32 else 1)
    if pa.types.is_struct(kind):
        rows = zip(*map(values_of, array.flatten())) if kind.num_fields else [()] * len(array)
        names = [field.name for field in kind]
        return [list(zip(names, row)) if valid else None for valid, row in zip(array.is_valid().to_pylist(), rows)]
    if pa.types.is_map(kind):
        entries = pa.StructArray.from_arrays([array.keys, array.items], ["key", "value"])
        offsets = pa.array(array.offsets.to_pylist(), pa.int32())
        lists = values_of(pa.ListArray.from_arrays(offsets, entries))
        return [each if valid else None for valid, each in zip(array.is_valid().to_pylist(), lists)]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        items = iter(values_of(array.flatten()))
        lengths = array.value_lengths().to_pylist()
        return [None if length is None else [next(items) for _ in range(length)] for length in lengths]
    return [plain(each) for each in array.to_pylist()]


def columns_of(table):
    """Names and values by column."""
    return [(name, values_of(column)) for name, column in zip(table.column_names, table.columns)]


def by_pyarrow(path):
    return parquet.ParquetFile(path).read()


def by_duckdb(path):
    # A file that brings the database down takes its connection along.
    with duckdb.connect() as connection:
        return connection.sql(f"select * from read_parquet('{path}')").to_arrow_table()


def by_hangar(client, name, **command):
    descriptor = flight.FlightDescriptor.for_command(json.dumps({"dataset": name, **command}))
    info = client.get_flight_info(descriptor)
    tables = [client.do_get(endpoint.ticket).read_all() for endpoint in info.endpoints]
    for table in tables:
        assert table.schema.equals(info.schema), "GetFlightInfo and DoGet have different schemas"
        table.validate(full=True)
    return pa.concat_tables(tables) if tables else info.schema.empty_table()
