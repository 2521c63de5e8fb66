"""Dictionaries keep their values, their order and whether they are ordered, as pyarrow's own Parquet file does; so do files that are made of them."""

import io
import json
import urllib.request

import duckdb
import numpy as np
import pandas as pd
import polars
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, dictionaries, get, put, run

NAME = "categories.parquet"


def own(table: pa.Table, **options) -> pa.Table:
    sink = io.BytesIO()
    parquet.write_table(table, sink, **options)
    return parquet.read_table(io.BytesIO(sink.getvalue()))


def assert_kept(client, repo, table: pa.Table, got: pa.Table | None = None) -> None:
    """By Flight and in the file it is what pyarrow's own file gives, dictionaries by value and order."""
    put(client, NAME, table)
    in_file = own(table)
    for actual, expected in ((get(client, NAME), got or in_file), (parquet.read_table(repo / NAME), in_file)):
        actual.validate(full=True)
        assert_equal(actual.schema, expected.schema)
        for name in table.column_names:
            assert_equal(actual[name].to_pylist(), table[name].to_pylist())
            assert_equal(dictionaries(actual[name]), dictionaries(expected[name]))
    for read in (lambda path: duckdb.sql(f"select * from '{path}'").to_arrow_table(), lambda path: polars.read_parquet(path).to_arrow()):
        for name in table.column_names:
            assert_equal(read(repo / NAME)[name].to_pylist(), table[name].to_pylist())


def encoded(values: list, categories: list | pa.Array, ordered=False, index=pa.int8()) -> pa.DictionaryArray:
    categories = categories if isinstance(categories, pa.Array) else pa.array(categories)
    places = {value: i for i, value in reversed(list(enumerate(categories.to_pylist())))}
    return pa.DictionaryArray.from_arrays(pa.array([None if v is None else places[v] for v in values], index), categories, ordered=ordered)


SIZES = ["small", "medium", "large"]
ROWS = ["large", None, "small", "large"]


def check_pandas_categories(client, repo):
    for ordered in (True, False):
        frame = pd.DataFrame({"size": pd.Categorical(ROWS, SIZES, ordered=ordered), "n": range(4)})
        assert_kept(client, repo, pa.Table.from_pandas(frame), pa.Table.from_pandas(frame))
        back = get(client, NAME).to_pandas()
        pd.testing.assert_frame_equal(back, frame)
        pd.testing.assert_frame_equal(pd.read_parquet(repo / NAME), frame)
        if ordered:
            assert_equal(back["size"].max(), "large")
            assert_equal((back["size"] > "small").tolist(), [True, False, False, True])


def check_strings_and_bytes_in_every_order(client, repo):
    rng = np.random.default_rng(5)
    for count in (1, 2, 3, 8, 9, 127, 300, 5_000):
        words = [f"word {i} é" for i in rng.permutation(count)]
        values = [None if i % 11 == 5 else words[rng.integers(0, count)] for i in range(3_000)]
        for categories in (pa.array(words), pa.array([w.encode() for w in words])):
            of = categories.to_pylist()
            array = encoded([None if v is None else of[words.index(v)] for v in values], categories, True, pa.int32())
            assert_kept(client, repo, pa.table({"c": array}))


def check_pages_in_order_are_compressed(client, repo):
    words = [f"{'a long category of many letters ' * 4}{i}" for i in range(900, 0, -1)]
    table = pa.table({"c": encoded([words[i * i % 900] for i in range(40_000)], words, True, pa.int16())})
    assert_kept(client, repo, table)
    column = parquet.read_metadata(repo / NAME).row_group(0).column(0)
    assert_equal(column.compression, "ZSTD")
    assert column.total_compressed_size < column.total_uncompressed_size / 2, column


def check_dictionaries_beyond_128_mebibytes_keep_their_order(client, repo):
    """Of those a row group is encoded with as little memory as can be."""
    words = [chr(ord("z") - i % 20) * (1 << 20) + str(i) for i in range(132)]
    array = encoded([words[i] for i in (131, 5, 70, 5)], words, True, pa.int16())
    put(client, NAME, pa.table({"c": array}))
    for table in (get(client, NAME), parquet.read_table(repo / NAME)):
        # Equal or not: they are too long to be printed.
        for chunk in table["c"].chunks:
            assert chunk.type.ordered and chunk.dictionary.to_pylist() == words, "other categories"
        assert table["c"].to_pylist() == array.to_pylist(), "other values"


def check_long_runs_and_many_pages(client, repo):
    values = ["b"] * 70_000 + ["c", "a"] * 30_000 + [None] * 30_000 + ["a"] * 7
    table = pa.table({"c": encoded(values, ["a", "unused", "b", "c"]), "n": pa.array(range(len(values)))})
    assert_kept(client, repo, table)
    command = {"dataset": NAME, "offset": 69_990, "limit": 60_000, "columns": ["c"]}
    info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))
    part = client.do_get(info.endpoints[0].ticket).read_all()
    assert_equal(part["c"].to_pylist(), values[69_990:129_990])
    assert_equal(dictionaries(part["c"]), [(["a", "unused", "b", "c"], False)])
    for text, keep in (("c = 'b'", "b"), ("c = 'unused'", "unused")):
        info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps({"dataset": NAME, "filter": text})))
        got = client.do_get(info.endpoints[0].ticket).read_all()
        assert_equal(got["n"].to_pylist(), [i for i, value in enumerate(values) if value == keep])
    assert_equal(duckdb.sql(f"select count(*) from '{repo / NAME}' where c = 'a'").fetchall(), [(values.count("a"),)])


def check_required_columns_and_columns_of_nulls(client, repo):
    categories = ["z", "y", "x"]
    required = pa.schema([pa.field("c", pa.dictionary(pa.int8(), pa.string()), nullable=False)])
    table = pa.Table.from_arrays([encoded(["x", "z", "x"], categories)], schema=required)
    assert_kept(client, repo, table)
    nulls = pa.table({"c": encoded([None, None], categories, True)})
    put(client, NAME, nulls)
    assert_equal(dictionaries(get(client, NAME)["c"]), [(categories, True)])


def check_in_structs_lists_and_maps(client, repo):
    words = encoded(["b", "d", None, "b", "a", "d"], ["a", "b", "c", "d"], True)
    lists = pa.ListArray.from_arrays(pa.array([0, 2, 2, None, 6], pa.int32()), words, pa.list_(pa.field("element", words.type)))
    structs = pa.StructArray.from_arrays([words.slice(0, 4), pa.array(range(4))], ["w", "n"])
    keys = pa.array([f"k{i}" for i in range(6)])
    maps = pa.MapArray.from_arrays(pa.array([0, 3, 3, 4, 6], pa.int32()), keys, words)
    assert_kept(client, repo, pa.table({"list": lists, "struct": structs, "map": maps, "plain": words.slice(2)}))


def check_nested_in_many_rows(client, repo):
    """So many that encodings are chosen by a sample."""
    words = encoded([f"{i * 7 % 50}" for i in range(60_000)], [f"{i}" for i in range(60)])
    lists = pa.ListArray.from_arrays(pa.array(range(0, 60_001, 2), pa.int32()), words, pa.list_(pa.field("element", words.type)))
    assert_kept(client, repo, pa.table({"list": lists, "n": pa.array(np.random.default_rng(1).random(30_000))}))


def check_deltas_and_replaced_dictionaries(client, repo):
    deltas = flight.FlightCallOptions(write_options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True))
    growing = [["z", "y"], ["z", "y", "x"], ["z", "y", "x", "a", "b"]]
    batches = [pa.record_batch({"c": encoded([words[-1], None, words[0]], words)}) for words in growing]
    put(client, NAME, pa.Table.from_batches(batches), deltas)
    got = get(client, NAME)
    assert_equal(got["c"].to_pylist(), [value for words in growing for value in (words[-1], None, words[0])])
    assert_equal(dictionaries(got["c"])[-1], (growing[-1], False))
    others = [["z", "y", "unused"], ["b", "a"], ["y", "z"]]
    batches = [pa.record_batch({"c": encoded([words[1], words[0]], words)}) for words in others]
    put(client, NAME, pa.Table.from_batches(batches))
    got = get(client, NAME)
    assert_equal(got["c"].to_pylist(), [value for words in others for value in (words[1], words[0])])
    assert_equal(dictionaries(got["c"]), [(words, False) for words in others])


def check_values_twice_and_nulls_in_dictionaries(client, repo):
    twice = pa.DictionaryArray.from_arrays(pa.array([3, 1, 0, None], pa.int8()), pa.array(["b", "a", "b", "c"]))
    put(client, NAME, pa.table({"c": twice}))
    assert_equal(get(client, NAME)["c"].to_pylist(), ["c", "a", "b", None])
    assert_equal(dictionaries(get(client, NAME)["c"]), [(["b", "a", "c"], False)])
    null = pa.DictionaryArray.from_arrays(pa.array([2, 1, 0], pa.int8()), pa.array(["b", None, "a"]))
    put(client, NAME, pa.table({"c": null}))
    assert_equal(get(client, NAME)["c"].to_pylist(), ["a", None, "b"])
    assert_equal(dictionaries(get(client, NAME)["c"]), [(["b", "a"], False)])


def check_dictionaries_larger_than_a_page_usually_is(client, repo):
    words = [f"{i:06} " + "x" * 100 for i in reversed(range(30_000))]
    array = encoded([words[i * 7 % 30_000] for i in range(60_000)], words, True, pa.int32())
    put(client, NAME, pa.table({"c": array}))
    for got in (get(client, NAME), parquet.read_table(repo / NAME)):
        assert_equal(got["c"].to_pylist(), array.to_pylist())
        assert_equal(dictionaries(got["c"]), [(words, True)])


def check_numbers_and_times_are_values_as_pyarrow_has_them(client, repo):
    of = {
        "int8": pa.array([3, 1, 2], pa.int8()),
        "uint64": pa.array([2**63, 1, 2], pa.uint64()),
        "float": pa.array([0.5, -1.5, 2], pa.float32()),
        "double": pa.array([0.5, -1.5, 2]),
        "bool": pa.array([True, False]),
        "timestamp": pa.array([10**15, 0, 5], pa.timestamp("us", "UTC")),
        "date": pa.array([9, 1, 4], pa.date32()),
        "bytes": pa.array([b"abc", b"abd"], pa.binary(3)),
    }
    for ordered in (True, False):
        columns = {name: encoded([values[1].as_py(), None, values[0].as_py()], values, ordered) for name, values in of.items()}
        table = pa.table(columns)
        assert_kept(client, repo, table)
        assert_equal(get(client, NAME).schema.types, [values.type for values in of.values()])
    keys = encoded([3, 1, 3], pa.array([1, 2, 3]))
    maps = pa.MapArray.from_arrays(pa.array([0, 2, 3], pa.int32()), keys, pa.array(["a", "b", "c"]))
    put(client, NAME, pa.table({"m": maps}))
    assert_equal(get(client, NAME)["m"].to_pylist(), [[(3, "a"), (1, "b")], [(3, "c")]])


def check_files_of_pyarrow_come_back_as_pyarrow_reads_them(client, repo):
    frame = pd.DataFrame({"size": pd.Categorical(ROWS, SIZES, ordered=True), "n": pd.Categorical([3, 1, None, 2], [3, 2, 1, 9], ordered=True)})
    frame.to_parquet(repo / "foreign.parquet")
    expected = pd.read_parquet(repo / "foreign.parquet")
    pd.testing.assert_frame_equal(get(client, "foreign.parquet").to_pandas(), expected)
    table = pa.table({"c": pa.DictionaryArray.from_arrays(pa.array([1, 0], pa.int8()), pa.array([b"abc", b"xyz"], pa.binary(3)))})
    parquet.write_table(table, repo / "foreign.parquet")
    assert_equal(get(client, "foreign.parquet").to_pylist(), table.to_pylist())


def check_parts_as_files_and_arrow_streams(client, location, repo):
    table = pa.Table.from_pandas(pd.DataFrame({"size": pd.Categorical(ROWS, SIZES, ordered=True)}))
    put(client, NAME, table)
    url = location.replace("grpc://", "http://") + f"/datasets/{NAME}"
    part = parquet.read_table(io.BytesIO(urllib.request.urlopen(f"{url}?format=parquet&limit=2").read()))
    assert_equal(dictionaries(part["size"]), [(SIZES, True)])
    stream = urllib.request.urlopen(f"{url}?format=arrow").read()
    assert_equal(dictionaries(pa.ipc.open_stream(stream).read_all()["size"]), [(SIZES, True)])
    urllib.request.urlopen(urllib.request.Request(f"{url}2", data=stream, method="PUT"))
    assert_equal(dictionaries(get(client, NAME + "2")["size"]), [(SIZES, True)])


run(globals())
