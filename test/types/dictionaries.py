"""Dictionaries that grow and that are replaced while they are put keep their values, and become files that others read."""

import duckdb
import polars
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, dictionaries, get, put, run


def options(**more) -> flight.FlightCallOptions:
    return flight.FlightCallOptions(write_options=pa.ipc.IpcWriteOptions(**more))


DELTAS = options(emit_dictionary_deltas=True)


def encoded(values: list, dictionary: list, type: pa.DataType) -> pa.Array:
    indices = [None if value is None else dictionary.index(value) for value in values]
    return pa.DictionaryArray.from_arrays(pa.array(indices, type), pa.array(dictionary))


def growing(batch_count: int, index_type: pa.DataType) -> pa.Table:
    """Each batch has the dictionary of the one before, and two values more."""
    batches = []
    for batch in range(batch_count):
        words = [f"word {i}" for i in range(2 * batch + 2)]
        values = [words[-1], None, words[0], words[-2], words[len(words) // 2]]
        batches.append(pa.record_batch({"c": encoded(values, words, index_type), "n": pa.array([batch] * 5)}))
    return pa.Table.from_batches(batches)


def replaced(batch_count: int, index_type: pa.DataType) -> pa.Table:
    batches = []
    for batch in range(batch_count):
        words = [f"{batch}: {i}" for i in range(3)]
        batches.append(pa.record_batch({"c": encoded([words[2], None, words[0]], words, index_type)}))
    return pa.Table.from_batches(batches)


def grown(array) -> list:
    """What dictionaries grow to: of those that begin alike the longest. The earlier ones are not kept apart."""
    found = dictionaries(array)
    return [each for i, each in enumerate(found) if not any(len(other[0]) > len(each[0]) and other[0][: len(each[0])] == each[0] for other in found[i:])]


def assert_stored(client, repo, table: pa.Table, call: flight.FlightCallOptions | None) -> None:
    put(client, "dictionaries.parquet", table, call)
    expected = table.to_pylist()
    got = get(client, "dictionaries.parquet")
    got.validate(full=True)
    assert_equal(got.schema, table.schema)
    assert_equal(got.to_pylist(), expected)
    for name in table.column_names:
        assert_equal(grown(got[name]), grown(table[name]))
    file = repo / "dictionaries.parquet"
    assert_equal(parquet.read_table(file).to_pylist(), expected)
    assert_equal(duckdb.sql(f"select * from '{file}'").to_arrow_table().to_pylist(), expected)
    assert_equal(polars.read_parquet(file).to_dicts(), expected)


def check_that_grow(client, repo):
    for index_type in (pa.int8(), pa.uint16(), pa.int32()):
        for call in (DELTAS, None):
            assert_stored(client, repo, growing(40, index_type), call)


def check_that_are_replaced(client, repo):
    for index_type in (pa.int8(), pa.int32()):
        for call in (DELTAS, None):
            assert_stored(client, repo, replaced(30, index_type), call)


def check_that_grow_then_are_replaced_and_grow_again(client, repo):
    table = pa.concat_tables([growing(5, pa.int8()).select(["c"]), replaced(2, pa.int8()), growing(7, pa.int8()).select(["c"])])
    assert_stored(client, repo, table, DELTAS)


def check_deltas_in_lists_and_structs(client, repo):
    batches = []
    for batch in growing(10, pa.int16()).to_batches():
        lists = pa.ListArray.from_arrays(pa.array([0, 2, 2, 5], pa.int32()), batch["c"]).cast(
            pa.list_(pa.field("element", batch["c"].type))
        )
        structs = pa.StructArray.from_arrays([batch["c"].slice(0, 3)], ["x"])
        batches.append(pa.record_batch({"list": lists, "struct": structs}))
    assert_stored(client, repo, pa.Table.from_batches(batches), None)


def check_compressed_deltas(client, repo):
    assert_stored(client, repo, growing(20, pa.int8()), options(emit_dictionary_deltas=True, compression="zstd"))


def check_deltas_of_values_that_are_stored_plain(client, repo):
    batches = []
    for batch in range(6):
        flags = pa.array([bytes([i] * 3) for i in range(batch + 2)], pa.binary(3))
        array = pa.DictionaryArray.from_arrays(pa.array([0, None, batch + 1], pa.int8()), flags)
        batches.append(pa.record_batch({"c": array}))
    table = pa.Table.from_batches(batches)
    put(client, "plain.parquet", table, DELTAS)
    got = get(client, "plain.parquet")
    assert_equal(got.schema.field("c").type, pa.binary(3))
    assert_equal(got.to_pylist(), table.to_pylist())


run(globals())
