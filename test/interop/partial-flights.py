"""Columns, rows and endpoints of a flight, compared with what DuckDB reads of the same file."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_raises, assert_same_table, bytes_read, get, put, run

rows = 1_000_000
random = np.random.default_rng(11)
table = pa.table(
    {
        "id": pa.array(np.arange(rows)),
        "value": pa.array(random.random(rows)),
        "city": pa.array(np.array(["Lima", "Oslo", "Łódź"])[random.integers(0, 3, rows)]),
        "key": pa.array(random.integers(0, 1 << 62, rows)).cast(pa.string()),
        "place": pa.StructArray.from_arrays([pa.array(random.random(rows)), pa.array(random.random(rows))], ["x", "y"]),
        "id.old": pa.array(np.arange(rows)[::-1].copy()),
    }
)


def info_of(client, **command) -> flight.FlightInfo:
    return client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))


def read(location, info) -> pa.Table:
    """All endpoints at the same time, each over a connection of its own, joined in their order."""

    def read_one(endpoint):
        with flight.connect(location) as client:
            return client.do_get(endpoint.ticket).read_all()

    with ThreadPoolExecutor(8) as pool:
        return pa.concat_tables(list(pool.map(read_one, info.endpoints)))


def duckdb_reads(file: Path, columns: list[str], offset: int, limit: int, schema: pa.Schema) -> pa.Table:
    names = ", ".join(f'"{name}"' for name in columns)
    query = f"SELECT {names} FROM read_parquet('{file}') LIMIT {limit} OFFSET {offset}"
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        return connection.sql(query).to_arrow_table().cast(schema)


def assert_as_duckdb(location, client, repo, name, columns=None, offset=0, limit=rows, **rest):
    asked = {"dataset": name, "offset": offset, "limit": limit, **rest}
    if columns is not None:
        asked["columns"] = columns
    info = info_of(client, **asked)
    got = read(location, info)
    chosen = columns or table.column_names
    in_order = [each for each in table.column_names if each in chosen]
    expected = duckdb_reads(repo / name, in_order, offset, limit, got.schema)
    assert_same_table(got, expected)
    assert_same_table(got.replace_schema_metadata(None), table.select(in_order).slice(offset, limit))
    assert_equal(info.total_records, got.num_rows)
    assert info.schema.equals(got.schema, check_metadata=True)


def check_parts_of_a_file_of_hangar_are_as_duckdb_reads_them(client, location, repo):
    put(client, "own.parquet", table)
    for part in (
        {},
        {"columns": ["city"]},
        {"columns": ["place", "id"]},
        {"columns": ["id"]},
        {"columns": ["id.old", "value"], "offset": 999_990},
        {"offset": 123_456, "limit": 98_765},
        {"columns": ["key"], "offset": 0, "limit": 1},
        {"columns": ["id", "city"], "offset": 250_000, "limit": 500_000},
    ):
        for endpoints in (1, 3, 8):
            assert_as_duckdb(location, client, repo, "own.parquet", **part, endpoints=endpoints)


def check_parts_of_a_file_of_pyarrow_are_as_duckdb_reads_them(client, location, repo):
    parquet.write_table(table, repo / "foreign.parquet", row_group_size=300_000)
    for part in (
        {"columns": ["id", "city"]},
        {"columns": ["place"], "offset": 299_999, "limit": 2},
        {"offset": 899_999, "limit": 100_001},
        {"columns": ["key", "value"], "offset": 10_000, "limit": 700_000},
    ):
        for endpoints in (1, 4):
            assert_as_duckdb(location, client, repo, "foreign.parquet", **part, endpoints=endpoints)


def check_rows_past_the_end_are_none(client, location, repo):
    put(client, "own.parquet", table)
    assert_as_duckdb(location, client, repo, "own.parquet", offset=rows + 5, limit=10)
    assert_as_duckdb(location, client, repo, "own.parquet", columns=["id"], limit=0)


def check_info_and_get_schema_agree(client):
    put(client, "own.parquet", table)
    descriptor = flight.FlightDescriptor.for_command(json.dumps({"dataset": "own.parquet", "columns": ["place", "id"]}))
    info = client.get_flight_info(descriptor)
    assert info.schema.equals(client.get_schema(descriptor).schema, check_metadata=True)
    assert_equal(info.schema.names, ["id", "place"])
    assert_equal((info.descriptor, info.total_records, info.total_bytes), (descriptor, rows, -1))


def check_of_a_part_only_a_part_of_the_file_is_read(client, location, repo):
    put(client, "own.parquet", table)
    size = (repo / "own.parquet").stat().st_size

    def read_part(**command):
        read(location, info_of(client, dataset="own.parquet", **command))

    for part, share_max in (
        ({}, 1.2),
        ({"columns": ["city"]}, 0.05),
        ({"offset": 900_000, "limit": 100}, 0.05),
        ({"columns": ["id"], "offset": 900_000, "limit": 100}, 0.05),
        ({"columns": ["id", "city"], "limit": rows // 2, "endpoints": 4}, 0.15),
        ({"limit": rows // 2, "endpoints": 4}, 0.8),
    ):
        read_count = bytes_read(repo, lambda: read_part(**part))
        print(f"{part}: {read_count:,} of {size:,} bytes")
        assert read_count <= share_max * size, f"{part}: {read_count} of {size} bytes"


def check_every_refusal_names_the_field(client):
    put(client, "own.parquet", table.slice(0, 10))
    for command, words in (
        ({"dataset": "own.parquet", "columns": ["nope"]}, '"columns" has "nope"'),
        ({"dataset": "own.parquet", "limit": -1}, '"limit" must be a whole number'),
        ({"dataset": "own.parquet", "where": "id > 3"}, 'unknown field "where"'),
        ({"columns": ["id"]}, '"dataset" must be a string'),
    ):
        assert_raises(pa.ArrowInvalid, lambda: info_of(client, **command), mentions=words)
    assert_raises(pa.ArrowInvalid, lambda: client.get_flight_info(flight.FlightDescriptor.for_command(b"SELECT 1")))


def check_a_ticket_of_a_replaced_dataset_is_refused(client):
    put(client, "own.parquet", table.slice(0, 10))
    ticket = info_of(client, dataset="own.parquet", limit=3).endpoints[0].ticket
    assert_equal(client.do_get(ticket).read_all().num_rows, 3)
    put(client, "own.parquet", table.slice(0, 10))
    assert_raises(pa.ArrowInvalid, lambda: client.do_get(ticket).read_all(), mentions="it was replaced")
    assert_same_table(get(client, "own.parquet").replace_schema_metadata(None), table.slice(0, 10))


run(globals())
