"""The metadata of a schema is in the footer itself, beside ARROW:schema, as pyarrow writes it: GeoParquet, pandas and others look there."""

import json
import struct
import urllib.request

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, get, put, run

GEO = {"version": "1.0.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB", "geometry_types": ["Point"]}}}
POINTS = pa.table({"id": [1, 2, 3], "g": [struct.pack("<BI2d", 1, 1, i, i) for i in range(3)]})


def with_metadata(metadata: dict) -> pa.Table:
    return POINTS.replace_schema_metadata(metadata)


TABLES = {
    "geo": with_metadata({"geo": json.dumps(GEO), "note": "x"}),
    "pandas": pa.Table.from_pandas(pd.DataFrame({"a": [1.5]}, index=pd.Index([7], name="i"))),
    "other": with_metadata({"": "no name", "empty": "", "schlüssel": "größe ✓", "long": "x" * 300_000}),
    "none": POINTS,
    "converted": pa.table({"t": pa.array([1], pa.timestamp("s"))}).replace_schema_metadata({"k": "v"}),
}


def pairs(file) -> dict:
    """What a footer has beside ARROW:schema."""
    metadata = dict(parquet.read_metadata(file).metadata or {})
    assert b"ARROW:schema" in metadata
    del metadata[b"ARROW:schema"]
    return metadata


def pairs_of_pyarrow(table: pa.Table) -> dict:
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink)
    return pairs(pa.BufferReader(sink.getvalue()))


def http(location: str, path: str, body: bytes | None = None, method: str = "GET") -> bytes:
    url = location.replace("grpc://", "http://") + path
    return urllib.request.urlopen(urllib.request.Request(url, data=body, method=method)).read()


def check_puts(client, repo):
    for name, table in TABLES.items():
        put(client, "m.parquet", table)
        assert_equal(pairs(repo / "m.parquet"), pairs_of_pyarrow(table))
        assert_equal(get(client, "m.parquet").schema.metadata, table.schema.metadata)


def check_arrow_streams_by_http(location, repo):
    for table in TABLES.values():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        http(location, "/datasets/m.parquet", sink.getvalue().to_pybytes(), "PUT")
        assert_equal(pairs(repo / "m.parquet"), pairs_of_pyarrow(table))


def check_parts_as_parquet(client, location):
    for table in TABLES.values():
        put(client, "m.parquet", table)
        for query in ("limit=1", "columns=" + table.column_names[0], "offset=1"):
            part = http(location, f"/datasets/m.parquet?format=parquet&{query}")
            assert_equal(pairs(pa.BufferReader(part)), pairs_of_pyarrow(table))


def check_parts_of_files_of_others(location, repo):
    """One that has pairs beside ARROW:schema only, as DuckDB and GDAL write, and one that has no ARROW:schema."""
    for store_schema in (True, False):
        with parquet.ParquetWriter(repo / "foreign.parquet", POINTS.schema, store_schema=store_schema) as writer:
            writer.write_table(POINTS)
            writer.add_key_value_metadata({"geo": json.dumps(GEO)})
        part = http(location, "/datasets/foreign.parquet?format=parquet&limit=1")
        assert_equal(json.loads(pairs(pa.BufferReader(part))[b"geo"]), GEO)


def check_files_keep_theirs(location, repo):
    sink = pa.BufferOutputStream()
    parquet.write_table(TABLES["geo"], sink)
    http(location, "/datasets/whole.parquet", sink.getvalue().to_pybytes(), "PUT")
    assert_equal((repo / "whole.parquet").read_bytes(), sink.getvalue().to_pybytes())


def check_a_replacement_has_its_own(client, repo):
    for name in ("geo", "pandas", "none"):
        put(client, "again.parquet", TABLES[name])
        assert_equal(pairs(repo / "again.parquet"), pairs_of_pyarrow(TABLES[name]))


def check_duckdb_sees_a_geometry(client, location, repo):
    put(client, "points.parquet", TABLES["geo"])
    (repo / "part.parquet").write_bytes(http(location, "/datasets/points.parquet?format=parquet&limit=2"))
    for file, count in (("points", 3), ("part", 2)):
        types = duckdb.sql(f"select distinct typeof(g)[:8] from '{repo / file}.parquet'").fetchall()
        assert_equal(types, [("GEOMETRY",)])
        assert_equal(duckdb.sql(f"select count(*) from '{repo / file}.parquet'").fetchall(), [(count,)])


run(globals())
