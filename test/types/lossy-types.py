"""Intervals keep their months, and timestamps in INT96 their years, nested ones too, wherever a schema or a value is told."""

import datetime as dt
import json

import duckdb
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, get, run
from logical_leaves import int96
from parquet_tree import INT96, Node, write_tree

MOMENTS = [dt.datetime(9999, 12, 31, 23, 59, 59), dt.datetime(1, 1, 1), dt.datetime(2024, 5, 6, 7, 8, 9, 10), None, dt.datetime(1600, 2, 3)]


def asked(client, name, **command):
    descriptor = flight.FlightDescriptor.for_command(json.dumps({"dataset": name, **command}))
    info = client.get_flight_info(descriptor)
    tables = [client.do_get(endpoint.ticket).read_all() for endpoint in info.endpoints]
    for table in tables:
        assert_equal(table.schema, info.schema)
    return pa.concat_tables(tables)


def check_timestamps_in_int96_keep_their_years(client, repo):
    us = pa.array(MOMENTS, pa.timestamp("us"))
    table = pa.table(
        {
            "flat": us,
            "precise": pa.array([1, -1, 1_700_000_000_123_456_789, None, 0], pa.timestamp("ns")),
            "list": pa.array([MOMENTS, [], None, [MOMENTS[0]], [None]], pa.list_(pa.timestamp("us"))),
            "struct": pa.StructArray.from_arrays([pa.array(range(5)), us], ["id", "when"]),
            "价格": us,
        }
    )
    path = repo / "int96.parquet"
    parquet.write_table(table, path, use_deprecated_int96_timestamps=True, store_schema=False, row_group_size=2)
    got = get(client, "int96.parquet")
    kept = parquet.read_table(path, coerce_int96_timestamp_unit="us")
    for name in ("flat", "list", "struct", "价格"):
        assert_equal(got.schema.field(name).type, kept.schema.field(name).type)
        assert_equal(got[name].to_pylist(), table[name].to_pylist())
    # What nanoseconds hold keeps them.
    assert_equal(got["precise"].cast(pa.int64()).to_pylist(), table["precise"].cast(pa.int64()).to_pylist())
    late = asked(client, "int96.parquet", filter="flat >= '9999-01-01'", columns=["flat"])
    assert_equal(late.to_pylist(), [{"flat": MOMENTS[0]}])
    assert_equal(asked(client, "int96.parquet", offset=3, limit=1)["价格"].to_pylist(), [None])


def check_timestamps_in_int96_stay_nanoseconds_where_all_are(client, repo):
    table = pa.table({"when": pa.array([1, None, 2**63 - 2_000_000_000], pa.timestamp("ns"))})
    path = repo / "near.parquet"
    parquet.write_table(table, path, use_deprecated_int96_timestamps=True, store_schema=False)
    assert_equal(get(client, "near.parquet")["when"], table["when"])


def check_timestamps_of_spark_keep_their_years(client, repo):
    """The values of int96_from_spark.parquet in apache/parquet-testing; its last year is beyond Python's own."""
    hour = 3_600 * 10**9
    days = lambda *day: (dt.date(*day) - dt.date(1970, 1, 1)).days
    year_290000 = days(2000, 12, 31) + (290_000 - 2_000) // 400 * 146_097
    of_spark = [
        (days(2024, 1, 1), 20 * hour + (34 * 60 + 56) * 10**9 + 123_456_000),
        (days(2024, 1, 1), hour),
        (days(9999, 12, 31), 3 * hour),
        (days(2024, 12, 30), 23 * hour),
        None,
        (year_290000, hour),
    ]
    rows = [{"a": None if each is None else int96(each)[0]} for each in of_spark]
    write_tree(repo / "spark.parquet", [Node("a", physical=INT96)], rows, created_by="parquet-mr version 1.13.1")
    expected = [None if each is None else each[0] * 86_400_000_000 + each[1] // 1000 for each in of_spark]
    got = get(client, "spark.parquet")["a"]
    assert_equal((got.type, got.cast(pa.int64()).to_pylist()), (pa.timestamp("us"), expected))
    assert_equal(parquet.read_table(repo / "spark.parquet", coerce_int96_timestamp_unit="us")["a"], got)
    assert_equal(duckdb.sql(f"select epoch_us(a) from '{repo}/spark.parquet'").fetchall(), [(value,) for value in expected])
    late = asked(client, "spark.parquet", filter="a > '9999-12-31'")["a"].cast(pa.int64()).to_pylist()
    assert_equal(late, [expected[2], expected[5]])


def check_intervals_keep_their_months(client, repo):
    path = repo / "intervals.parquet"
    rows = "(1, interval '1 year 2 months 3 days 4 seconds'), (2, interval '5 months'), (3, interval '1 month 1 day'), (4, null)"
    nested = "[iv, null] as list, {'a': id, 'b': iv} as struct, map {'k': iv} as map"
    duckdb.sql(f"copy (select id, iv, {nested} from (values {rows}) v(id, iv)) to '{path}' (format parquet)")
    expected = [(14, 3, 4_000_000_000), (5, 0, 0), (1, 1, 0), None]
    got = get(client, "intervals.parquet")
    schema = client.get_schema(flight.FlightDescriptor.for_path("intervals.parquet")).schema
    assert_equal(schema.field("iv").type, pa.month_day_nano_interval())
    assert_equal(got.schema, schema)
    plain = lambda value: None if value is None else tuple(value)
    rows = got.to_pylist()
    assert_equal([plain(row["iv"]) for row in rows], expected)
    assert_equal([[plain(each) for each in row["list"]] for row in rows], [[each, None] for each in expected])
    assert_equal([plain(row["struct"]["b"]) for row in rows], expected)
    assert_equal([plain(dict(row["map"])["k"]) for row in rows], expected)
    some = asked(client, "intervals.parquet", columns=["iv"], filter="iv is not null")
    assert_equal([plain(value) for value in some["iv"].to_pylist()], expected[:3])
    assert_equal(asked(client, "intervals.parquet", columns=["iv"], offset=2, limit=1)["iv"].to_pylist(), [(1, 1, 0)])


run(globals())
