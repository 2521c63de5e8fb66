"""Row groups that are far larger than what is decoded at a time, and rows that are larger than anything should be."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_raises, assert_same_table, get, put, run

ROWS = 4_000_000
rng = np.random.default_rng(7)


def write_one_group(path, table: pa.Table, **options) -> None:
    parquet.write_table(table, path, row_group_size=ROWS, **options)
    assert_equal(parquet.read_metadata(path).num_row_groups, 1)


def check_a_group_of_4_million_rows_without_a_page_index(client, repo):
    numbers = rng.integers(0, 1 << 50, ROWS)
    table = pa.table(
        {
            "number": numbers,
            "null": pa.array(numbers, mask=numbers % 5 == 0),
            "double": rng.random(ROWS),
            "word": pa.array(["left", "right", "straight on"]).take(pa.array(numbers % 3)),
            "struct": pa.StructArray.from_arrays([pa.array(numbers % 7), pa.array(numbers % 2 == 0)], ["x", "y"]),
        }
    )
    for options in ({"compression": "none"}, {"compression": "zstd", "data_page_version": "2.0"}):
        write_one_group(repo / "million.parquet", table, **options)
        assert_same_table(get(client, "million.parquet"), table)
    for offset in (0, 1_234_567, ROWS - 10):
        command = {"dataset": "million.parquet", "offset": offset, "limit": 50_000, "columns": ["null", "word", "struct"]}
        info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))
        part = client.do_get(info.endpoints[0].ticket).read_all()
        assert_same_table(part, table.select(command["columns"]).slice(offset, 50_000))


def check_lists_in_a_large_group_whose_pages_do_not_tell_where_rows_begin(client, repo):
    rows = 1_500_000
    items = pa.array(rng.integers(0, 1 << 50, 2 * rows))
    lists = pa.ListArray.from_arrays(pa.array(np.arange(rows + 1) * 2, pa.int32()), items)
    table = pa.table({"id": np.arange(rows), "list": lists}).cast(LISTS)
    for version in ("1.0", "2.0"):
        write_one_group(repo / "lists.parquet", table, compression="none", use_dictionary=False, data_page_version=version)
        assert_same_table(get(client, "lists.parquet"), table)


LISTS = pa.schema([("id", pa.int64()), ("list", pa.list_(pa.field("element", pa.int64())))])


def check_a_group_that_decodes_to_2_gigabytes(client, repo):
    words = pa.array(["x" * 490 + f"{i:010}" for i in range(1000)])
    indices = pa.array(rng.integers(0, 1000, ROWS), pa.int32())
    table = pa.table({"id": np.arange(ROWS), "word": pa.DictionaryArray.from_arrays(indices, words)})
    # Without Arrow's schema, so that the column is one of strings.
    write_one_group(repo / "decoded.parquet", table, store_schema=False)
    seen = 0
    for chunk in client.do_get(flight.Ticket(b"decoded.parquet")):
        batch = chunk.data
        assert_equal(batch["id"][0].as_py(), seen)
        assert batch["word"].equals(words.take(indices.slice(seen, batch.num_rows)))
        seen += batch.num_rows
    assert_equal(seen, ROWS)


def check_rows_that_are_suddenly_large(client, repo):
    words = pa.array(["x", "y" * 200_000])
    indices = pa.array([0] * 20_000 + [1] * 2_000, pa.int32())
    write_one_group(repo / "sudden.parquet", pa.table({"c": pa.DictionaryArray.from_arrays(indices, words)}), store_schema=False)
    seen = 0
    for chunk in client.do_get(flight.Ticket(b"sudden.parquet")):
        assert chunk.data["c"].equals(words.take(indices.slice(seen, chunk.data.num_rows)))
        seen += chunk.data.num_rows
    assert_equal(seen, len(indices))


def check_a_row_larger_than_a_message_ends_the_read_behind_the_rows_before(client, repo):
    table = pa.table({"c": [b"small", b"x" * 600_000_000]})
    write_one_group(repo / "row.parquet", table)
    reader = client.do_get(flight.Ticket(b"row.parquet"))
    assert_equal(reader.read_chunk().data["c"].to_pylist(), [b"small"])
    # pyarrow has no exception of its own for RESOURCE_EXHAUSTED.
    assert_raises(pa.ArrowException, reader.read_chunk, mentions="row 1 of row group 0")


def check_a_row_larger_than_is_stored_is_refused(client):
    table = pa.table({"c": [b"small", b"x" * (257 << 20)]})
    assert_raises(pa.ArrowException, lambda: put(client, "refused.parquet", table), mentions="the maximum is 268435456")


def check_a_large_row_is_stored(client):
    table = pa.table({"c": [b"small", b"x" * (200 << 20)]})
    put(client, "stored.parquet", table)
    assert_same_table(get(client, "stored.parquet"), table)


run(globals())
