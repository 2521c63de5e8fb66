"""Folders that are read as one dataset: seeded trees of files, compared with DuckDB's read_parquet."""

import datetime
import decimal
import json
import random
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import duckdb
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_raises, run

rng = random.Random(20261129)

TYPES = {
    "i64": pa.int64(),
    "i32": pa.int32(),
    "f64": pa.float64(),
    "s": pa.string(),
    "flag": pa.bool_(),
    "at": pa.timestamp("us"),
    "day": pa.date32(),
    "price": pa.decimal128(12, 2),
    "list": pa.list_(pa.int64()),
    "pair": pa.struct([("a", pa.int64()), ("b", pa.string())]),
}

PARTITIONS = {
    "year": ["2024", "2025", "2026", "__HIVE_DEFAULT_PARTITION__"],
    "city": ["Lima", "S%C3%A3o Paulo", "NY", "__HIVE_DEFAULT_PARTITION__"],
    "month": ["2026-01-01", "2026-02-01"],
}

FILTERS = [
    "i64 > 500",
    "i64 is null",
    "s like 'a%' and f64 < 0.5",
    "not (i64 < 300 or flag = true)",
    "day >= '2026-06-01'",
    "price in (1.25, 2.5)",
    "pair.a > 3",
    "i64 > i32",
]

PARTITION_FILTERS = {
    "year": ["year = 2025", "year is null", "year in (2024, 2026) and i64 > 200", "not (year = 2026)", "year > i64"],
    "city": ["city = 'São Paulo'", "city is not null", "city > 'M' or i64 < 100", "s >= city", "city like 'N%'"],
    "month": ["month = '2026-02-01'", "month < '2026-02-01' and flag = false", "day > month", "at >= month"],
}


def value(name: str):
    if rng.random() < 0.15:
        return None
    number = rng.randint(0, 1000)
    return {
        "i64": number,
        "i32": number - 500,
        "f64": number / 1000,
        "s": rng.choice(["a", "ab", "bc", "Lima", "x" * 20]) + str(number % 7),
        "flag": number % 2 == 0,
        "at": datetime.datetime(2026, 1, 1) + datetime.timedelta(hours=number),
        "day": datetime.date(2026, 1, 1) + datetime.timedelta(days=number % 365),
        "price": decimal.Decimal(number % 10) / 4,
        "list": [number, None, number + 1][: number % 4],
        "pair": {"a": number % 8, "b": str(number)},
    }[name]


def column(name: str, count: int) -> pa.Array:
    array = pa.array([value(name) for _ in range(count)], TYPES[name])
    forms = {"s": [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())]}
    return array.cast(rng.choice(forms.get(name, [TYPES[name]])))


def write_tree(repo, name: str, partitions: list[str]) -> None:
    columns = rng.sample(list(TYPES), rng.randint(4, len(TYPES)))
    for i in range(rng.randint(2, 12)):
        folders = [f"{key}={rng.choice(PARTITIONS[key])}" for key in partitions]
        path = repo / name / "/".join(folders) / f"part-{i}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = rng.sample(columns, rng.randint(1, len(columns)))
        rows = rng.choice([0, 1, 7, 40, 200])
        table = pa.table({each: column(each, rows) for each in mine})
        parquet.write_table(table, path, row_group_size=64, write_page_index=rng.random() < 0.5)


def duck(repo, name: str, columns: str = "*", where: str = "true") -> pa.Table:
    source = f"read_parquet('{repo}/{name}/**/*.parquet', hive_partitioning=true, union_by_name=true, filename='_f', file_row_number=true)"
    exclude = "* exclude (_f, file_row_number)" if columns == "*" else columns
    return duckdb.sql(f"select {exclude} from {source} where {where} order by _f, file_row_number").to_arrow_table()


def read(client, **command) -> pa.Table:
    info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))
    parts = [client.do_get(endpoint.ticket).read_all() for endpoint in info.endpoints]
    for part in parts:
        part.validate(full=True)
        assert_equal(part.schema, info.schema)
    return pa.concat_tables(parts)


def assert_same(found: pa.Table, expected: pa.Table, what: str) -> None:
    assert_equal((what, found.column_names), (what, expected.column_names))
    for name in expected.column_names:
        assert_equal((what, name, found[name].to_pylist()), (what, name, expected[name].to_pylist()))


SCHEMES = [[], ["year"], ["city"], ["year", "city"], ["month"], ["city", "month"], ["year", "month", "city"]] * 3


def check_trees_are_read_as_duckdb_reads_them(client, repo):
    for i, partitions in enumerate(SCHEMES):
        write_tree(repo, f"tree{i}", partitions)
        table = client.do_get(flight.Ticket(f"tree{i}/**")).read_all()
        table.validate(full=True)
        assert_same(table, duck(repo, f"tree{i}"), f"tree{i}")


def check_filters_and_columns_of_trees_select_as_duckdb(client, repo):
    checked = 0
    for i, partitions in enumerate(SCHEMES):
        expected = duck(repo, f"tree{i}")
        filters = FILTERS + [each for key in partitions for each in PARTITION_FILTERS[key]]
        for where in filters:
            try:
                rows = duck(repo, f"tree{i}", where=where)
            except duckdb.Error:
                continue  # The tree does not have the column.
            assert_same(read(client, dataset=f"tree{i}/**", filter=where), rows, f"tree{i} {where}")
            names = rng.sample(expected.column_names, rng.randint(1, len(expected.column_names)))
            chosen = [name for name in expected.column_names if name in names]
            offset, limit = rng.randint(0, 30), rng.randint(0, 100)
            part = read(client, dataset=f"tree{i}/**", filter=where, columns=names, offset=offset, limit=limit)
            assert_same(part, rows.select(chosen).slice(offset, limit), f"tree{i} {where} {names} {offset} {limit}")
            checked += rows.num_rows > 0
    assert checked > 100, checked


def check_ranges_and_endpoints_of_trees_have_the_same_rows(client, repo):
    for i in range(len(SCHEMES)):
        expected = duck(repo, f"tree{i}")
        offset, limit, endpoints = rng.randint(0, 60), rng.randint(0, 400), rng.randint(1, 9)
        part = read(client, dataset=f"tree{i}/**", offset=offset, limit=limit, endpoints=endpoints)
        assert_same(part, expected.slice(offset, limit), f"tree{i} {offset} {limit} {endpoints}")


def check_each_file_of_a_tree_has_an_endpoint_if_asked(client, repo):
    for i in range(len(SCHEMES)):
        files = sorted((repo / f"tree{i}").rglob("*.parquet"))
        counts = [parquet.read_metadata(file).num_rows for file in files]
        descriptor = flight.FlightDescriptor.for_command(json.dumps({"dataset": f"tree{i}/**", "endpoints": "files"}))
        parts = [client.do_get(endpoint.ticket).read_all() for endpoint in client.get_flight_info(descriptor).endpoints]
        assert_equal([part.num_rows for part in parts], [count for count in counts if count > 0] or [0])
        assert_same(pa.concat_tables(parts), duck(repo, f"tree{i}"), f"tree{i}")
        if "year" in SCHEMES[i]:
            rows = duck(repo, f"tree{i}", where="year = 2025")
            assert_same(read(client, dataset=f"tree{i}/**", filter="year = 2025", endpoints="files"), rows, f"tree{i} 2025")


def write(repo, name: str, table: pa.Table) -> None:
    path = repo / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(table, path, store_decimal_as_integer=False)


def check_a_column_of_every_type_is_null_where_a_file_lacks_it(client, repo):
    types = [
        pa.null(), pa.bool_(), pa.int8(), pa.uint16(), pa.int32(), pa.uint64(), pa.float16(), pa.float32(),
        pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view(),
        pa.binary(3), pa.date32(), pa.time32("ms"), pa.time64("us"), pa.timestamp("ns", "UTC"), pa.duration("ms"),
        pa.decimal128(9, 2), pa.decimal256(50, 3), pa.list_(pa.string()), pa.large_list(pa.int8()),
        pa.list_(pa.int16(), 3), pa.struct([("a", pa.int8()), ("b", pa.list_(pa.string()))]),
        pa.map_(pa.string(), pa.int32()), pa.dictionary(pa.int8(), pa.string()),
    ]
    columns = {str(i): pa.nulls(5, each) for i, each in enumerate(types)}
    write(repo, "types/a", pa.table({"n": range(3)}))
    write(repo, "types/b", pa.table({"n": range(5), **columns}))
    table = client.do_get(flight.Ticket(b"types/*")).read_all()
    table.validate(full=True)
    assert_equal(table.num_rows, 8)
    for i in range(len(types)):
        assert_equal((str(i), table[str(i)].null_count), (str(i), 8))
    whole = client.do_get(flight.Ticket(b"types/b.parquet")).read_all()
    plain = {name: field.type for name, field in zip(whole.column_names, whole.schema)}
    for field in table.schema:
        expected = plain[field.name]
        assert_equal(field.type, expected.value_type if pa.types.is_dictionary(expected) else expected)


def check_dictionaries_in_lists_and_structs_become_plain_values(client, repo):
    """Also in a folder of one file, to which only a partition is added."""
    words = pa.array(["Lima", "Oslo", "Lima", None]).dictionary_encode()
    columns = {
        "list": pa.ListArray.from_arrays(pa.array([0, 1, 1, 4]), words),
        "pair": pa.StructArray.from_arrays([words.slice(0, 3), pa.array([1, 2, 3])], ["word", "n"]),
        "top": words.slice(0, 3),
    }
    for count, year in enumerate((2025, 2026), 1):
        write(repo, f"nested/year={year}/a", pa.table(columns))
        table = client.do_get(flight.Ticket(b"nested/**")).read_all()
        table.validate(full=True)
        types = [str(table.schema.field(name).type) for name in ("list", "pair")]
        assert_equal(types, ["list<element: string>", "struct<word: string, n: int64>"])
        assert_same(table.select(list(columns)), pa.concat_tables([pa.table(columns)] * count), "nested")
        rows = read(client, dataset="nested/**", filter=f"year = {year} and pair.n = 2", columns=["list"])
        assert_equal(rows.to_pylist(), [{"list": []}])


def check_types_that_hold_the_same_values_become_one(client, repo):
    words = ["Lima", None, "a long name of a place", "Oslo"]
    pairs = {
        "view": (pa.string_view(), pa.string(), pa.string(), words),
        "large": (pa.string(), pa.large_string(), pa.large_string(), words),
        "bytes": (pa.binary_view(), pa.large_binary(), pa.large_binary(), [b"x", None, b"", b"yyyyyyyyyyyyyyyyyy"]),
        "category": (pa.dictionary(pa.int8(), pa.string()), pa.string(), pa.string(), words),
        "categories": (pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.int16(), pa.string()), pa.string(), words),
        "same": (pa.dictionary(pa.int8(), pa.string()),) * 3 + (words,),
        "zone": (pa.timestamp("us", "UTC"), pa.timestamp("us", "Europe/Berlin"), pa.timestamp("us", "UTC"), [1, None, 3, 4]),
        "price": (pa.decimal128(9, 2), pa.decimal128(12, 2), pa.decimal128(12, 2), [decimal.Decimal("1.25"), None] * 2),
        "nothing": (pa.null(), pa.int32(), pa.int32(), [None, None, None, None]),
        "words": (pa.list_(pa.string_view()), pa.list_(pa.string()), pa.list_(pa.string()), [words, None, [], ["x"]]),
    }
    for i in range(2):
        other = ["Bern", "Lima", None, "Oslo"] if i == 1 else None
        table = {name: pa.array(other if other and name in ("category", "categories", "same") else pair[3], pair[i]) for name, pair in pairs.items()}
        write(repo, f"pairs/{i}", pa.table({"n": range(4), **table}))
    found = client.do_get(flight.Ticket(b"pairs/*")).read_all()
    found.validate(full=True)
    parts = [client.do_get(flight.Ticket(f"pairs/{i}.parquet".encode())).read_all() for i in range(2)]
    for name, (_, _, expected, _) in pairs.items():
        assert_equal((name, found.schema.field(name).type), (name, expected))
        assert_equal((name, found[name].to_pylist()), (name, [v for part in parts for v in part[name].cast(expected).to_pylist()]))
    rows = read(client, dataset="pairs/*", filter="category = 'Lima' or same = 'Bern'", columns=["n", "same"])
    assert_equal(rows.to_pylist(), [{"n": 0, "same": "Lima"}, {"n": 0, "same": "Bern"}, {"n": 1, "same": "Lima"}])


def check_other_types_are_refused_with_both_files(client, repo):
    write(repo, "odd/a", pa.table({"n": pa.array([1], pa.int32())}))
    write(repo, "odd/b", pa.table({"n": pa.array(["1"])}))
    words = ["odd/a.parquet", "odd/b.parquet", "int32", "string"]
    for each in words:
        assert_raises(pa.ArrowInvalid, lambda: client.do_get(flight.Ticket(b"odd/*")).read_all(), mentions=each)


def check_the_flight_info_has_the_sums(client, repo):
    info = client.get_flight_info(flight.FlightDescriptor.for_path("tree0", "**"))
    files = sorted((repo / "tree0").rglob("*.parquet"))
    assert_equal(info.total_records, sum(parquet.read_metadata(file).num_rows for file in files))
    assert_equal(info.total_bytes, sum(file.stat().st_size for file in files))
    assert_equal([endpoint.ticket.ticket for endpoint in info.endpoints], [b"tree0/**"])
    assert_equal(client.get_schema(info.descriptor).schema, info.schema)


run(globals())
