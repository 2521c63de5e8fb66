"""Columns of any name are read: all of them, each by itself, and by a filter on another, however their names begin."""

import json
import unicodedata

import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_same_table, get, put, run
from raw_parquet import BINARY, read_file, write_file

NAMES = (
    ["价格", "价格_usd"],
    ["日付", "日付2", "日"],
    ["é", "éa", "é.a", "é.é"],
    ["größe", "größe_cm"],
    ["😀", "😀😀", "a😀", "a"],
    ["a", "a.b", "a.b.c", ".", "a."],
    ["a", "A", "ａ"],
    [unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")],
    ["", "x", ".x"],
    [" ", "  ", "\t", "\n", '"', "'", "\\"],
    ["a\0b", "a", "a\0"],
    ["column 0", "column 1", "column 10", "é"],
)


def column_values(i: int) -> list[pa.Array]:
    """Values of several types, nested ones whose fields have names that begin each other too."""
    inner = pa.array([{"é": i, "éa": "x", "é.a": [i], "": None}] * 3)
    return [pa.array([i, i + 1, None]), pa.array([f"{i}", None, ""]), pa.array([[i], [], None]), inner]


def tables():
    """One table of each kind of values for each list of names."""
    for names in NAMES:
        for kind in range(4):
            yield pa.table([column_values(i)[kind] for i in range(len(names))], names=names)


def select(client, dataset: str, **command) -> pa.Table:
    descriptor = flight.FlightDescriptor.for_command(json.dumps({"dataset": dataset, **command}))
    return client.do_get(client.get_flight_info(descriptor).endpoints[0].ticket).read_all()


def assert_each_is_read(client, dataset: str, table: pa.Table) -> None:
    assert_same_table(get(client, dataset), table)
    for name in table.schema.names:
        assert_same_table(select(client, dataset, columns=[name]), table.select([name]))
    assert_same_table(select(client, dataset, offset=1, limit=1), table.slice(1, 1))


def check_columns_that_were_put_are_each_read(client):
    for table in tables():
        if "\0" not in "".join(table.schema.names):
            put(client, "names", table)
            assert_each_is_read(client, "names", table)


def check_columns_that_others_wrote_are_each_read(client, repo):
    for i, table in enumerate(tables()):
        parquet.write_table(table, repo / f"{i}.parquet", store_schema=i % 2 == 0)
        assert_each_is_read(client, f"{i}.parquet", parquet.read_table(repo / f"{i}.parquet"))
        (repo / f"{i}.parquet").unlink()


def check_a_filter_looks_at_the_column_that_it_names(client, repo):
    table = pa.table({"价格": [1, 2, 3], "价格_usd": [4, 5, 6], "价": [7, 8, 9]})
    parquet.write_table(table, repo / "prices.parquet")
    for name, value, row in (("价格", 2, 1), ("价格_usd", 6, 2), ("价", 7, 0)):
        kept = select(client, "prices.parquet", columns=["价"], filter=f'"{name}" = {value}')
        assert_same_table(kept, table.select(["价"]).slice(row, 1))


def check_columns_of_one_name_are_all_read(client, repo):
    inner = pa.StructArray.from_arrays([pa.array([1, 2]), pa.array(["x", "y"])], names=["é", "é"])
    table = pa.table([pa.array([1, 2]), pa.array(["a", "b"]), pa.array([3, 4]), inner], names=["a", "a", "é", "s"])
    parquet.write_table(table, repo / "twice.parquet")
    assert_same_table(get(client, "twice.parquet"), table)
    assert_equal(select(client, "twice.parquet", columns=["é"])["é"], table["é"])
    assert_equal(select(client, "twice.parquet", columns=["s"])["s"], table["s"])


def check_names_of_the_schema_count_where_the_arrow_schema_has_others(client, repo):
    """Fields are found by their place, in structs, lists and maps too."""
    inner = pa.array([{"x": 1, "y": "a"}, None, {"x": None, "y": "b"}])
    lists = pa.array([[{"x": 1, "y": "a"}], [], None], pa.list_(inner.type))
    maps = pa.array([[("k", {"x": 1, "y": "a"})], [], None], pa.map_(pa.string(), inner.type))
    table = pa.table({"struct": inner, "list": lists, "map": maps, "x": [1, 2, 3], "time": pa.array([1, 2, 3], pa.timestamp("s", "UTC"))})
    for name in ("", "é", "a.b", "x" * 300):
        parquet.write_table(table, repo / "renamed.parquet")
        body, footer = read_file(repo / "renamed.parquet")
        for element in footer[2][1][1][1:]:
            if element[4][1] == b"x":
                element[4] = (BINARY, name)
        write_file(repo / "renamed.parquet", body, footer)
        expected = parquet.read_table(repo / "renamed.parquet")
        got = get(client, "renamed.parquet")
        assert_equal(got.schema.names, expected.schema.names)
        assert_equal(got.schema.types[:4], expected.schema.types[:4])
        assert_equal(got.to_pydict(), expected.to_pydict())
        assert_equal(select(client, "renamed.parquet", columns=["list"]).to_pydict(), expected.select(["list"]).to_pydict())


run(globals())
