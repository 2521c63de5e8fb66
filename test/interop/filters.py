"""Filters of every operator on every type, seeded, compared with what DuckDB selects in the same file."""

import base64
import datetime as dt
import json
import random
from decimal import Decimal
from urllib.error import HTTPError
from urllib.request import urlopen

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_raises, bytes_read, get, put, run

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


def condition(path) -> dict:
    operators = ["=", "!=", "<", "<=", ">", ">=", "in", "not in", "is null", "is not null"]
    operator = rng.choice(operators + (["starts with"] * 2 if SQL_TYPES[path] == "VARCHAR" else []))
    made = {"column": list(path) if len(path) > 1 or rng.random() < 0.2 else path[0], "op": operator}
    if operator in ("in", "not in"):
        made["value"] = [literal(path) for _ in range(rng.randint(1, 5))]
    elif operator == "starts with":
        made["value"] = literal(path)[: rng.randint(0, 3)]
    elif "null" not in operator:
        made["value"] = literal(path)
    return made


def generated(count: int, without: str = "") -> list[list[dict]]:
    paths = [path for path in SQL_TYPES if path != (without,)]
    single = [[condition(path)] for path in paths for _ in range(2)]
    return single + [[condition(rng.choice(paths)) for _ in range(rng.randint(2, 3))] for _ in range(count)]


def selected(client, name, filter, **rest) -> pa.Table:
    command = {"dataset": name, "filter": filter, **rest}
    info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))
    assert_equal((info.total_records, info.total_bytes), (-1, -1))
    return pa.concat_tables([client.do_get(endpoint.ticket).read_all() for endpoint in info.endpoints])


def assert_as_duckdb(client, repo, name, filters) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1; SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE data AS FROM read_parquet('{repo / name}')")
        some = 0
        for filter in filters:
            where = " AND ".join(map(to_sql, filter))
            expected = [row[0] for row in connection.sql(f"SELECT id FROM data WHERE {where} ORDER BY id").fetchall()]
            actual = selected(client, name, filter, columns=["id"])["id"].to_pylist()
            assert actual == expected, f"{json.dumps(filter)}: {len(actual)} rows, {len(expected)} in DuckDB\n{where}"
            some += 0 < len(expected) < ROWS
        assert some > len(filters) / 3, f"only {some} filters select some of the rows"


def check_filters_of_a_file_of_hangar_select_as_duckdb(client, repo):
    put(client, "own.parquet", table)
    assert_as_duckdb(client, repo, "own.parquet", generated(40))


def check_filters_of_a_file_of_pyarrow_with_small_pages_select_as_duckdb(client, repo):
    parquet.write_table(
        table, repo / "pages.parquet", row_group_size=13_000, data_page_size=2000, write_page_index=True
    )
    assert_as_duckdb(client, repo, "pages.parquet", generated(40))


def check_filters_of_a_file_without_statistics_select_as_duckdb(client, repo):
    parquet.write_table(table, repo / "bare.parquet", write_statistics=False, use_dictionary=False)
    assert_as_duckdb(client, repo, "bare.parquet", generated(20))


def check_filters_of_a_file_of_duckdb_select_as_duckdb(client, repo):
    parquet.write_table(table, repo / "source.parquet")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        # Of uint32 in DuckDB's delta pages parquet-wasm decodes no differences beyond 2^31.
        for name, version, without in (("v1.parquet", "V1", "none"), ("v2.parquet", "V2", "u32")):
            options = f"(FORMAT parquet, ROW_GROUP_SIZE 10240, PARQUET_VERSION {version})"
            rows = f"SELECT * EXCLUDE ({without}) FROM read_parquet('{repo}/source.parquet')"
            connection.execute(f"COPY ({rows}) TO '{repo / name}' {options}")
            assert_as_duckdb(client, repo, name, generated(20, without))


def check_what_is_selected_is_whole(client):
    """Rows of every type, nested ones too, are those that were put."""
    put(client, "own.parquet", table)
    whole = get(client, "own.parquet")
    for filter in ("i8 is null and flag = true", "place.deep.\"b c\" starts with 'b'", "id >= 39990", "id < 0"):
        got = selected(client, "own.parquet", filter)
        assert got.schema.equals(whole.schema, check_metadata=True)
        got.validate(full=True)
        expected = whole.take(got["id"])
        assert_equal(repr(got.to_pylist()), repr(expected.to_pylist()))


def check_offset_and_limit_count_rows_that_match(client):
    put(client, "own.parquet", table)
    matching = selected(client, "own.parquet", "u8 in (7, 99, 200)", columns=["id"])["id"].to_pylist()
    assert len(matching) > 300
    for offset, limit in ((0, 5), (100, 150), (250, None), (len(matching) - 1, 10), (len(matching), 10), (3, 0)):
        part = {"offset": offset} | ({} if limit is None else {"limit": limit})
        got = selected(client, "own.parquet", "u8 in (7, 99, 200)", columns=["id"], endpoints=4, **part)
        assert_equal(got["id"].to_pylist(), matching[offset:][:limit])


def check_endpoints_divide_what_is_asked_about(client):
    put(client, "own.parquet", table)
    command = {"dataset": "own.parquet", "filter": "flag = true", "endpoints": 4, "columns": ["id"]}
    info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))
    counts = [client.do_get(endpoint.ticket).read_all().num_rows for endpoint in info.endpoints]
    assert len(counts) == 4 and counts[0] == 0 and counts[3] > 8000, counts


def check_endpoints_name_files_where_they_are_asked_to(client):
    put(client, "a b.parquet", table)
    for part in ({"limit": 1000, "offset": 5, "endpoints": 3}, {"filter": "u8 in (7, 99)", "offset": 3, "limit": 9}):
        command = {"dataset": "a b.parquet", "columns": ["id", "text"], "files": True, **part}
        info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))
        for endpoint in info.endpoints:
            file = endpoint.locations[-1].uri.decode()
            assert file.startswith("http://"), file
            got = pa.ipc.open_stream(urlopen(file)).read_all()
            assert_equal(got, client.do_get(endpoint.ticket).read_all())
    put(client, "a b.parquet", table)
    assert_raises(HTTPError, lambda: urlopen(file), mentions="409")


def check_a_list_is_null_or_not(client):
    put(client, "own.parquet", table)
    got = selected(client, "own.parquet", "list is null and place is not null", columns=["id"])
    assert_equal(got["id"].to_pylist(), [i for i in range(ROWS) if i % 3 == 0 and i % 5 != 0])


def check_of_pages_that_cannot_match_nothing_is_read(client, repo):
    rows = 1_000_000
    random = np.random.default_rng(3)
    big = pa.table(
        {
            "id": pa.array(np.arange(rows)),
            "value": pa.array(random.random(rows)),
            "key": pa.array(random.integers(0, 1 << 62, rows)).cast(pa.string()),
        }
    )
    put(client, "big.parquet", big)
    size = (repo / "big.parquet").stat().st_size
    for filter, row_count, share_max in (
        ("id >= 700000 and id < 700100", 100, 0.1),
        ("id = 5", 1, 0.1),
        ("id in (10, 999990)", 2, 0.15),
        ("id > 5000000", 0, 0.05),
        ("value < 2", rows, 1.3),
    ):
        counts = []
        read = bytes_read(repo, lambda: counts.append(selected(client, "big.parquet", filter).num_rows))
        print(f"{filter}: {read:,} of {size:,} bytes")
        assert_equal(counts, [row_count])
        assert read <= share_max * size, f"{filter}: {read} of {size} bytes"


def check_mistakes_are_told_with_their_place(client):
    put(client, "own.parquet", table.slice(0, 10))
    for filter, words in (
        ("", "at character 1: expected the name of a column, found the end"),
        ("i8 >", "at character 5: expected a number, a 'string', TRUE or FALSE, found the end"),
        ("i8 = 1 or i8 = 2", 'at character 8: expected AND or the end, found "or"'),
        ("text = 'abc", "at character 8: a string is not closed"),
        ("nope = 1", "at character 1: nope is not a column of the dataset"),
        ("i8 = 1 and place.y = 1", 'at character 12: place.y is not a field of "place"'),
        ("i8 = 'one'", "at character 6: 'one' is not a valid int8"),
        ("text = 1", "at character 8: 1 is not a valid string in quotes"),
        ("ts_us > '2020-01-01T00:00:00Z'", "is not a valid timestamp[us]"),
        ("ts_zone > '2020-01-01T00:00:00'", "with Z or an offset"),
        ("place = 1", "only IS NULL and IS NOT NULL"),
        ("i8 starts with '1'", "STARTS WITH needs a string"),
        ([{"column": "i8", "op": "~", "value": 1}], "in condition 1: \"op\" must be one of"),
        ([{"column": "i8", "op": "is null"}, {"column": "i8", "op": "in", "value": []}], "in condition 2"),
        ([{"column": "i64", "op": "=", "value": 2**60}], "write it as a string"),
        ([], "must have at least one condition"),
        (7, '"filter" must be text or a list'),
    ):
        assert_raises(pa.ArrowInvalid, lambda: selected(client, "own.parquet", filter), mentions=words)


run(globals())
