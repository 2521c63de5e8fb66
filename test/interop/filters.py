"""Filters of every operator on every type, seeded, compared with what DuckDB selects in the same file."""

import json
from urllib.error import HTTPError
from urllib.request import urlopen

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_raises, bytes_read, get, put, run
from filter_data import ROWS, SQL_TYPES, assert_as_duckdb, literal, rng, selected, table, to_sql


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


def generated(count: int, without: str = "") -> list[tuple[list[dict], str]]:
    paths = [path for path in SQL_TYPES if path != (without,)]
    single = [[condition(path)] for path in paths for _ in range(2)]
    several = [[condition(rng.choice(paths)) for _ in range(rng.randint(2, 3))] for _ in range(count)]
    return [(filter, " AND ".join(map(to_sql, filter))) for filter in single + several]


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
        ("not (id >= 100 and id < 999900)", 200, 0.15),
        ("id between 500 and 599 or not id < 999990", 110, 0.15),
        ("id < 100 and (value < 2 or key like '%')", 100, 0.15),
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
        ("i8 >", "at character 5: expected a number, a 'string', TRUE, FALSE or a column, found the end"),
        ("i8 = 1 i8 = 2", 'at character 8: expected AND, OR or the end, found "i8"'),
        ("text = 'abc", "at character 8: a string is not closed"),
        ("nope = 1", "at character 1: nope is not a column of the dataset"),
        ("i8 = 1 and place.y = 1", 'at character 12: place.y is not a field of "place"'),
        ("i8 = 'one'", "at character 6: 'one' is not a valid int8"),
        ("text = 1", "at character 8: 1 is not a valid string in quotes"),
        ("ts_us > '2020-01-01T00:00:00Z'", "is not a valid timestamp[us]"),
        ("ts_zone > '2020-01-01'", "say the time zone; ts_zone is in Asia/Tokyo: '2020-01-01 Asia/Tokyo' or '2020-01-01Z'"),
        ("place = 1", "only IS NULL and IS NOT NULL"),
        ("i8 starts with '1'", "STARTS WITH needs a string"),
        ([{"column": "i8", "op": "~", "value": 1}], "in condition 1: \"op\" must be one of"),
        ([{"column": "i8", "op": "is null"}, {"column": "i8", "op": "in", "value": []}], "in condition 2"),
        ([{"column": "i64", "op": "=", "value": 2**60}], "write it as a string"),
        ([], "must have at least one condition"),
        (7, '"filter" must be text, a list or an object'),
        ({"or": [{"column": "texxt", "op": "is null"}]}, "in condition 1: texxt is not a column of the dataset; did you mean text?"),
        ("I8 = 1 or i16 = 2", "at character 1: I8 is not a column of the dataset; did you mean i8?"),
        ('text = "CMT"', "at character 8: CMT is not a column of the dataset; a string is put in single quotes: 'CMT'"),
    ):
        assert_raises(pa.ArrowInvalid, lambda: selected(client, "own.parquet", filter), mentions=words)


run(globals())
