"""A table of many types for filters, random conditions over it, and what DuckDB says of them."""

import base64
import datetime as dt
import json
import random
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.flight as flight

from checks import assert_equal

ROWS = 40_000
rng = random.Random(7)


def column(type: pa.DataType, make, nulls=0.1) -> pa.Array:
    return pa.array([None if rng.random() < nulls else make(i) for i in range(ROWS)], type)


def number(low, high):
    """Values that rise with the row, so that pages differ, with some noise."""
    return lambda i: max(low, min(high, int(low + (high - low) * (i / ROWS) + rng.randint(-3, 3))))


def floating(i):
    return rng.choice([float("nan"), float("inf"), float("-inf"), -0.0, 0.0]) if rng.random() < 0.05 else i / 8 - 2000


EPOCH = dt.datetime(1970, 1, 1)


def moment(step, zone=None):
    start = EPOCH.replace(tzinfo=zone)
    return lambda i: start + step * (i * 37 - 400_000)


def digits(scale, count):
    return lambda i: Decimal(rng.choice([1, -1]) * rng.randint(0, 10**count - 1)).scaleb(-scale, None) + i


# Of each type: values, and as what DuckDB reads it.
MS, US = dt.timedelta(milliseconds=1), dt.timedelta(microseconds=1)
COLUMNS = {
    "i8": (column(pa.int8(), number(-128, 127)), "TINYINT"),
    "u8": (column(pa.uint8(), number(0, 255)), "UTINYINT"),
    "i16": (column(pa.int16(), number(-(2**15), 2**15 - 1)), "SMALLINT"),
    "u16": (column(pa.uint16(), number(0, 2**16 - 1)), "USMALLINT"),
    "i32": (column(pa.int32(), number(-(2**31), 2**31 - 1)), "INTEGER"),
    "u32": (column(pa.uint32(), number(0, 2**32 - 1)), "UINTEGER"),
    "i64": (column(pa.int64(), number(-(2**63), 2**63 - 1)), "BIGINT"),
    "u64": (column(pa.uint64(), number(0, 2**64 - 1)), "UBIGINT"),
    "f32": (column(pa.float32(), floating), "FLOAT"),
    "f64": (column(pa.float64(), floating), "DOUBLE"),
    "d9": (column(pa.decimal128(9, 2), digits(2, 4)), "DECIMAL(9,2)"),
    "d18": (column(pa.decimal128(18, 4), digits(4, 12)), "DECIMAL(18,4)"),
    "d38": (column(pa.decimal128(38, 10), digits(10, 30)), "DECIMAL(38,10)"),
    "text": (column(pa.string(), lambda i: f"{'abcé'[i * 4 // ROWS]}{'x🍑' * rng.randint(0, 2)}{i % 100}"), "VARCHAR"),
    "blob": (column(pa.binary(), lambda i: bytes([i * 256 // ROWS]) + rng.randbytes(rng.randint(0, 3))), "BLOB"),
    "flag": (column(pa.bool_(), lambda i: i > ROWS // 2), "BOOLEAN"),
    "day": (column(pa.date32(), lambda i: dt.date(1960, 1, 1) + dt.timedelta(days=i // 3)), "DATE"),
    "clock": (column(pa.time64("us"), lambda i: (EPOCH + US * (i * 2_000_000 + 7)).time()), "TIME"),
    "ts_ms": (column(pa.timestamp("ms"), moment(MS)), "TIMESTAMP"),
    "ts_us": (column(pa.timestamp("us"), moment(US)), "TIMESTAMP"),
    "ts_ns": (column(pa.timestamp("ns"), moment(US)), "TIMESTAMP_NS"),
    "ts_zone": (column(pa.timestamp("us", "Asia/Tokyo"), moment(US, dt.timezone.utc)), "TIMESTAMPTZ"),
    "none": (pa.nulls(ROWS, pa.int32()), "INTEGER"),
    "word": (column(pa.string(), lambda i: rng.choice(["Lima", "Oslo", "Łódź", ""])).dictionary_encode(), "VARCHAR"),
}
ids = pa.array(np.arange(ROWS))
inner = COLUMNS["i32"][0]
place = pa.StructArray.from_arrays(
    [inner, pa.StructArray.from_arrays([COLUMNS["text"][0]], ["b c"], mask=pa.array([i % 7 == 0 for i in range(ROWS)]))],
    ["x", "deep"],
    mask=pa.array([i % 5 == 0 for i in range(ROWS)]),
)
lists = pa.array([None if i % 3 == 0 else [i] for i in range(ROWS)])
table = pa.table({"id": ids, **{name: values for name, (values, _) in COLUMNS.items()}, "place": place, "list": lists})
SQL_TYPES = {(name,): type for name, (_, type) in COLUMNS.items()}
SQL_TYPES |= {("id",): "BIGINT", ("place", "x"): "INTEGER", ("place", "deep", "b c"): "VARCHAR"}
SOURCES = {(name,): values for name, (values, _) in COLUMNS.items()} | {("id",): ids}
SOURCES |= {("place", "x"): inner, ("place", "deep", "b c"): COLUMNS["text"][0]}


def literal(path) -> str | bool | float:
    """A value of the column, or one close to it, as JSON has it."""
    type = SQL_TYPES[path]
    if path == ("none",):
        return 1
    value = None
    while value is None:
        value = SOURCES[path][rng.randrange(ROWS)].as_py()
    if type == "BOOLEAN":
        return value
    if "INT" in type:
        close = value + rng.choice([0, 0, 0, Decimal("0.5"), -Decimal("0.5"), 1])
        return str(close)
    if type in ("FLOAT", "DOUBLE"):
        return repr(value).replace("nan", "NaN").replace("inf", "Infinity")
    if type.startswith("DECIMAL"):
        return f"{value:f}" if rng.random() < 0.7 else f"{value:f}5" if type != "DECIMAL(38,10)" else f"{value:f}"
    if type == "BLOB":
        # Short ones are often hexadecimal as well, which is refused.
        return rng.choice([f"base64:{base64.b64encode(value).decode()}", f"0x{value.hex()}"])
    if type == "DATE" or type == "TIME" or type == "VARCHAR":
        return str(value)
    value = value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
    if type == "TIMESTAMPTZ":
        if rng.random() < 0.3:
            zone = rng.choice(["America/New_York", "Asia/Kolkata"])
            return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S.%f} {zone}"
        return value.astimezone(dt.timezone(dt.timedelta(hours=rng.choice([0, -3, 9])))).isoformat()
    close = value + US * rng.choice([0, 0, 1, -1])
    return close.isoformat(sep=rng.choice("T "))


def to_sql_value(type: str, value) -> str:
    if type == "BLOB":
        return f"from_base64('{value[7:]}')" if value.startswith("base64:") else f"unhex('{value[2:]}')"
    if "INT" in type or type.startswith("DECIMAL"):
        return str(value)
    return f"CAST('{value}' AS {type})"


def to_sql(condition) -> str:
    path = tuple(condition["column"]) if isinstance(condition["column"], list) else (condition["column"],)
    name = '"' + '"."'.join(path) + '"'
    operator, value = condition["op"], condition.get("value")
    if value is None:
        return f"{name} {operator}"
    type = SQL_TYPES[path]
    if isinstance(value, list):
        # A list in DuckDB has one type, to which values are rounded.
        test = " OR ".join(f"{name} = {to_sql_value(type, each)}" for each in value)
        return f"({test})" if operator == "in" else f"NOT ({test})"
    if operator == "starts with":
        return f"starts_with({name}, '{value}')"
    return f"{name} {operator} {to_sql_value(type, value)}"


def selected(client, name, filter, **rest) -> pa.Table:
    command = {"dataset": name, "filter": filter, **rest}
    info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))
    assert_equal((info.total_records, info.total_bytes), (-1, -1))
    return pa.concat_tables([client.do_get(endpoint.ticket).read_all() for endpoint in info.endpoints])


def assert_as_duckdb(client, repo, name, filters) -> None:
    """@param filters - pairs: a filter, and the same in SQL"""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1; SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE data AS FROM read_parquet('{repo / name}')")
        some = 0
        for filter, where in filters:
            expected = [row[0] for row in connection.sql(f"SELECT id FROM data WHERE {where} ORDER BY id").fetchall()]
            actual = selected(client, name, filter, columns=["id"])["id"].to_pylist()
            assert actual == expected, f"{json.dumps(filter)}: {len(actual)} rows, {len(expected)} in DuckDB\n{where}"
            some += 0 < len(expected) < ROWS
        assert some > len(filters) / 3, f"only {some} filters select some of the rows"
