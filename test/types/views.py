"""Views of strings, bytes and lists come back as views, in batches of any size, from the middle of a dataset and from others' files."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, get, put, run

ROWS = 120_000
rng = np.random.default_rng(7)
lengths = rng.integers(0, 40, ROWS)
texts = pa.array(["é" * (n // 2) if n % 9 else None for n in lengths], pa.string())
sizes = lengths % 4
starts = np.cumsum(sizes) - sizes
items = pa.array(np.arange(sizes.sum()))
NUMBERS = pa.field("element", pa.int64())
table = pa.table(
    {
        "id": np.arange(ROWS),
        "text": texts.cast(pa.string_view()),
        "bytes": texts.cast(pa.binary()).cast(pa.binary_view()),
        "list": pa.ListViewArray.from_arrays(starts.astype(np.int32), sizes.astype(np.int32), items, pa.list_view(NUMBERS)),
        "large": pa.LargeListViewArray.from_arrays(starts, sizes, items, pa.large_list_view(NUMBERS)),
    }
)


def assert_values(actual: pa.Table, expected: pa.Table) -> None:
    """Equal in schema and values. Value by value, as list views are equal for pyarrow only where they lie alike."""
    actual.validate(full=True)
    assert_equal(actual.schema, expected.schema)
    for name in expected.column_names:
        assert actual[name].to_pylist() == expected[name].to_pylist(), f"column {name} differs"


def check_many_rows(client):
    put(client, "views.parquet", table)
    assert_values(get(client, "views.parquet"), table)


def check_one_batch_that_is_cut(client):
    writer, _ = client.do_put(flight.FlightDescriptor.for_path("cut.parquet"), table.schema)
    with writer:
        writer.write_batch(table.combine_chunks().to_batches()[0])
    assert_values(get(client, "cut.parquet"), table)


def check_views_that_share_values_and_lists_in_any_order(client):
    _, once, data = pa.array(["a value that is shared by all", "short"], pa.string_view()).buffers()
    many = pa.py_buffer(once.to_pybytes()[:32] * 50_000)
    shared = pa.Array.from_buffers(pa.string_view(), 100_000, [None, many, data])
    offsets, sizes = pa.array([3, 0, 2, 0] * 1000, pa.int32()), pa.array([1, 4, 2, 0] * 1000, pa.int32())
    views = pa.ListViewArray.from_arrays(offsets, sizes, pa.array([1, 2, 3, 4]), pa.list_view(NUMBERS))
    for name, array in (("shared.parquet", shared), ("mixed.parquet", views)):
        expected = pa.table({"c": array})
        put(client, name, expected)
        assert_values(get(client, name), expected)


def check_values_larger_than_a_message(client):
    large = pa.table({"c": pa.array(["x" * (5 << 20), None, "y" * 13, "z" * (4 << 20)], pa.string_view())})
    put(client, "large.parquet", large)
    assert_values(get(client, "large.parquet"), large)


def check_rows_from_the_middle(client):
    put(client, "views.parquet", table)
    command = {"dataset": "views.parquet", "columns": ["text", "list"], "offset": 43_457, "limit": 54_321, "endpoints": 3}
    info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))
    parts = [client.do_get(endpoint.ticket).read_all() for endpoint in info.endpoints]
    expected = table.select(["text", "list"]).slice(43_457, 54_321)
    assert_equal(info.schema, expected.schema)
    assert_values(pa.concat_tables(parts), expected)


def check_rows_that_a_filter_leaves(client):
    put(client, "views.parquet", table)
    text = table["text"][8].as_py() or "éé"
    command = {"dataset": "views.parquet", "filter": f"text = '{text}' and id < 50000"}
    info = client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)))
    rows = [i for i, value in enumerate(table["text"].slice(0, 50_000).to_pylist()) if value == text]
    got = pa.concat_tables([client.do_get(endpoint.ticket).read_all() for endpoint in info.endpoints])
    assert_equal(got["id"].to_pylist(), rows)
    assert_equal(got["list"].to_pylist(), [table["list"][row].as_py() for row in rows])


def check_files_of_others(client, repo):
    for options in ({}, {"row_group_size": 10_000, "use_dictionary": False}, {"data_page_version": "2.0"}):
        parquet.write_table(table, repo / "foreign.parquet", **options)
        assert_values(get(client, "foreign.parquet"), parquet.read_table(repo / "foreign.parquet"))


run(globals())
