"""Seconds and dates in milliseconds come back as they were declared, wherever they stand, while files have what others read."""

import json
import urllib.request
from datetime import date, datetime, time, timedelta, timezone

import duckdb
import polars
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, get, put, run

ROWS = 30_000
MOMENTS = [None if i % 7 == 3 else (i - 9_000) * 86_399 for i in range(ROWS)]
TYPES = {
    "moment": (pa.timestamp("s"), MOMENTS),
    "zoned": (pa.timestamp("s", "Europe/Paris"), MOMENTS),
    "clock": (pa.time32("s"), [None if i % 7 == 3 else i * 2 for i in range(ROWS)]),
    "day": (pa.date64(), [None if i % 7 == 3 else (i - 9_000) * 86_400_000 for i in range(ROWS)]),
}


def column(name: str) -> pa.Array:
    type, values = TYPES[name]
    return pa.array(values, pa.int32() if name == "clock" else pa.int64()).cast(type)


def every_place() -> pa.Table:
    columns = {"id": pa.array(range(ROWS))}
    offsets = pa.array([min(3 * i, ROWS) for i in range(ROWS + 1)], pa.int32())
    for name in TYPES:
        array = column(name)
        columns[name] = array
        columns[f"{name} in a list"] = pa.ListArray.from_arrays(offsets, array, pa.list_(pa.field("element", array.type)))
        columns[f"{name} in a struct"] = pa.StructArray.from_arrays([array, pa.array(range(ROWS))], ["x", "n"])
        keys = pa.array([f"{i}" for i in range(ROWS)])
        columns[f"{name} in a map"] = pa.MapArray.from_arrays(offsets, keys, array)
        repeated = pa.array([None if i % 5 == 0 else i % 6 for i in range(ROWS)], pa.int16())
        columns[f"{name} in a dictionary"] = pa.DictionaryArray.from_arrays(repeated, array.slice(11, 6))
    return pa.table(columns)


def without_dictionaries(table: pa.Table) -> pa.Table:
    """Dictionaries of such values are stored as their values."""
    fields = [field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field for field in table.schema]
    return table.cast(pa.schema(fields))


PUT = every_place()
TABLE = without_dictionaries(PUT)


def part(client, **command) -> pa.Table:
    info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps({"dataset": "units.parquet", **command})))
    tables = [client.do_get(endpoint.ticket).read_all() for endpoint in info.endpoints]
    for each in tables:
        assert_equal(each.schema, info.schema)
    return pa.concat_tables(tables)


def assert_same(actual: pa.Table, expected: pa.Table) -> None:
    actual.validate(full=True)
    assert_equal(actual.schema, expected.schema)
    for name in expected.column_names:
        # By their text: pandas has no moments so far away, and Python's datetime loses none of these.
        assert actual[name].to_pylist() == expected[name].to_pylist(), f"column {name} differs"


def check_every_place(client):
    put(client, "units.parquet", PUT)
    assert_same(get(client, "units.parquet"), TABLE)
    assert_equal(client.get_schema(flight.FlightDescriptor.for_path("units.parquet")).schema, TABLE.schema)


def check_slices_and_columns(client):
    names = ["moment", "day in a list", "clock in a struct", "zoned in a dictionary", "day in a map"]
    actual = part(client, columns=names, offset=12_345, limit=6_789, endpoints=3)
    expected = TABLE.select([name for name in TABLE.column_names if name in names]).slice(12_345, 6_789)
    assert_same(actual, expected)


def check_filters(client):
    for name in TYPES:
        values = TABLE[name].to_pylist()
        for row in (9_000, 20_001):
            value = values[row] if values[row] is not None else values[row + 1]
            text = {
                "moment": lambda: value.isoformat(),
                "zoned": lambda: value.astimezone(timezone.utc).isoformat(),
                "clock": lambda: value.isoformat(),
                "day": lambda: value.isoformat(),
            }[name]()
            for path in (name, f'"{name} in a struct".x', f'"{name} in a dictionary"'):
                for operator, keep in (("=", lambda v: v == value), (">=", lambda v: v >= value)):
                    source = TABLE[name] if "dictionary" not in path else TABLE[f"{name} in a dictionary"]
                    ids = [i for i, v in enumerate(source.to_pylist()) if v is not None and keep(v)]
                    got = part(client, columns=["id"], filter=f"{path} {operator} '{text}'")
                    assert got["id"].to_pylist() == ids, f"{path} {operator} '{text}'"


def check_a_filter_between_two_seconds(client):
    """No value is there, though the file has milliseconds."""
    assert_equal(part(client, filter="moment = '1970-01-01T00:00:00.500'").num_rows, 0)
    assert_equal(part(client, filter="moment > '1970-01-01T00:00:00.500' and moment < '1970-01-01T00:00:00.900'").num_rows, 0)


def check_rows_and_statistics(client, location):
    url = location.replace("grpc://", "http://")
    rows = urllib.request.urlopen(f"{url}/datasets/units.parquet?format=ndjson&offset=9000&limit=1").read()
    row = json.loads(rows)
    assert_equal([row[name] for name in ("moment", "zoned", "clock", "day")], ["1970-01-01T00:00:00", "1970-01-01T00:00:00Z", "05:00:00", "1970-01-01"])
    request = urllib.request.Request(
        f"{url}/hangar.v1.DatasetService/GetDataset", b'{"name":"units.parquet","statistics":true}', {"content-type": "application/json"}
    )
    columns = {tuple(each["path"]): each for each in json.loads(urllib.request.urlopen(request).read())["statistics"]["columns"]}
    for name in TYPES:
        for path in ((name,), (f"{name} in a struct", "x")):
            first, last = min(v for v in TABLE[name].to_pylist() if v is not None), max(v for v in TABLE[name].to_pylist() if v is not None)
            to_text = lambda v: v.astimezone(timezone.utc).isoformat().replace("+00:00", "Z") if isinstance(v, datetime) and v.tzinfo else v.isoformat()
            assert_equal([columns[path]["min"], columns[path]["max"]], [to_text(first), to_text(last)])


def check_others_see_milliseconds_and_days(client, repo):
    own = repo.parent / "units-own.parquet"
    parquet.write_table(PUT, own)
    file = repo / "units.parquet"
    mine, theirs = parquet.read_table(file), parquet.read_table(own)
    for name in TYPES:
        assert_equal(mine[name].type, theirs[name].type)
        assert mine[name].equals(theirs[name])
        for read in (lambda path: duckdb.sql(f"select * from '{path}'").to_arrow_table(), lambda path: polars.read_parquet(path, columns=[name]).to_arrow()):
            assert_equal(read(file)[name].type, read(own)[name].type)
            assert_equal(read(file)[name].to_pylist(), read(own)[name].to_pylist())
    own.unlink()


def check_files_of_pyarrow_come_back_as_declared(client, repo):
    plain = TABLE.select([name for name in TABLE.column_names if "dictionary" not in name])
    for options in ({}, {"row_group_size": 7_000, "data_page_version": "2.0"}, {"use_dictionary": False}, {"version": "1.0"}):
        parquet.write_table(plain, repo / "foreign.parquet", **options)
        assert_same(get(client, "foreign.parquet"), plain)


def check_a_part_as_a_file_declares_the_same(client, repo, location):
    url = location.replace("grpc://", "http://") + "/datasets/units.parquet?format=parquet&limit=100"
    (repo / "part.parquet").write_bytes(urllib.request.urlopen(url).read())
    assert_same(get(client, "part.parquet"), TABLE.slice(0, 100))


def check_columns_with_other_names_and_views(client):
    table = pa.table({"a.b": column("moment"), "时间": column("day"), "text": pa.array(["é"] * ROWS, pa.string_view()), "": column("clock")})
    put(client, "names.parquet", table)
    assert_same(get(client, "names.parquet"), table)


def check_values_that_milliseconds_cannot_hold_are_refused(client):
    far = pa.array([0, None, 2**63 - 1], pa.int64()).cast(pa.timestamp("s"))
    structs = pa.StructArray.from_arrays([far], ["x"])
    lists = pa.ListArray.from_arrays(pa.array([0, 0, 0, 3], pa.int32()), far)
    for array, words in ((far, "column c has 9223372036854775807 in row 2"), (structs, "column c.x has 9223372036854775807 in row 2"), (lists, "column c.item has 9223372036854775807 in row 2")):
        try:
            put(client, "far.parquet", pa.table({"c": array}))
        except pa.ArrowInvalid as error:
            assert words in str(error) and "64-bit milliseconds" in str(error), error
        else:
            raise AssertionError("it was stored")


def check_the_row_is_that_of_the_put(client):
    batches = [pa.record_batch({"c": pa.array([0] * 5, pa.int64()).cast(pa.timestamp("s"))})] * 3
    last = pa.record_batch({"c": pa.array([0, -(2**62)], pa.int64()).cast(pa.timestamp("s"))})
    try:
        put(client, "far.parquet", pa.Table.from_batches([*batches, last]))
    except pa.ArrowInvalid as error:
        assert "column c has -4611686018427387904 in row 16" in str(error), error
    else:
        raise AssertionError("it was stored")


run(globals())
