"""A value that its width holds and its type does not allow would be stored as another one: it is refused, by column and row."""

import urllib.error
import urllib.request

import pyarrow as pa
import pyarrow.flight as flight

from checks import assert_equal, assert_same_table, get, listed, put, run

NAME = "d.parquet"


def array(type: pa.DataType, values: list, width: int) -> pa.Array:
    """Values as they lie in memory, which pyarrow itself would not make; None is a null over the largest integer."""
    top = (1 << (8 * width - 1)) - 1
    data = b"".join((top if value is None else value).to_bytes(width, "little", signed=True) for value in values)
    bits = sum(1 << i for i, value in enumerate(values) if value is not None)
    validity = bits.to_bytes((len(values) + 7) // 8, "little")
    return pa.Array.from_buffers(type, len(values), [pa.py_buffer(validity), pa.py_buffer(data)])


DECIMALS = [
    (pa.decimal32(7, 2), 4, 10**7),
    (pa.decimal32(9, 0), 4, 10**9),
    (pa.decimal64(10, 2), 8, 10**10),
    (pa.decimal64(18, 18), 8, 10**18),
    (pa.decimal128(9, 2), 16, 10**9),
    (pa.decimal128(18, 2), 16, 10**18),
    (pa.decimal128(30, 2), 16, 10**30),
    (pa.decimal128(38, 0), 16, 10**38),
    (pa.decimal256(20, 2), 32, 10**20),
    (pa.decimal256(76, 2), 32, 10**76),
]
TIMES = [
    (pa.time32("s"), 4, 86_400),
    (pa.time32("ms"), 4, 86_400_000),
    (pa.time64("us"), 8, 86_400_000_000),
    (pa.time64("ns"), 8, 86_400_000_000_000),
]
DAY = 86_400_000
# Type, width in bytes, values that are right, and those that are not.
CASES = (
    [(type, width, [0, 1, -1, end - 1, 1 - end], [end, -end, 2 * end]) for type, width, end in DECIMALS]
    + [(type, width, [0, 1, end - 1], [-1, end, end + 1]) for type, width, end in TIMES]
    + [(pa.date64(), 8, [0, DAY, -DAY, 20_000 * DAY], [1, DAY - 1, -1, 2**60 + 1])]
)


def fits(value: int, width: int) -> bool:
    return -(1 << (8 * width - 1)) <= value < 1 << (8 * width - 1)


def refusal(client, table: pa.Table) -> str:
    try:
        put(client, NAME, table)
    except pa.ArrowInvalid as error:
        assert_equal(listed(client), set())
        return str(error)
    raise AssertionError(f"was stored: {table.schema}")


def assert_refused(client, table: pa.Table, *words: str) -> None:
    message = refusal(client, table)
    assert all(word in message for word in words), f"{words} in {message}"


def check_values_at_the_bounds_are_stored(client):
    for type, width, right, _ in CASES:
        column = array(type, [*right, None], width)
        put(client, NAME, pa.table({"c": column}))
        stored = get(client, NAME).column("c").combine_chunks()
        # Types that Parquet has no unit for come back in another one.
        assert_equal(stored.cast(type).to_pylist() == column.to_pylist(), True)
        list(client.do_action(flight.Action("drop_dataset", NAME.encode())))


def check_values_beyond_are_refused_by_column_and_row(client):
    for type, width, right, wrong in CASES:
        for value in wrong:
            if not fits(value, width):
                continue
            values = [None, *right, value]
            assert_refused(client, pa.table({"c": array(type, values, width)}), "column c ", f"row {len(values) - 1}")


def check_the_row_counts_from_the_start_of_the_put(client):
    type, width = pa.decimal128(9, 2), 16
    good = array(type, [1] * 60_000, width)
    batches = [pa.record_batch({"c": good}) for _ in range(40)]
    batches.append(pa.record_batch({"c": array(type, [1] * 7 + [4294967301], width)}))
    table = pa.Table.from_batches(batches)
    assert_refused(client, table, "column c has 42949673.01", f"row {40 * 60_000 + 7}")


def wrong_and_right() -> pa.Array:
    return array(pa.decimal128(9, 2), [1, None, 10**9, 2], 16)


def check_nested_values_are_refused_by_path_and_row(client):
    values = wrong_and_right()
    offsets = [0, 1, 1, 4]
    cases = [
        ("c.a", "row 2", pa.StructArray.from_arrays([values], ["a"])),
        ("c.item", "row 2", pa.ListArray.from_arrays(offsets, values)),
        ("c.item", "row 2", pa.LargeListArray.from_arrays(offsets, values)),
        ("c.item", "row 1", pa.FixedSizeListArray.from_arrays(values, 2)),
        ("c.item", "row 1", pa.ListViewArray.from_arrays([0, 1], [1, 3], values)),
        ("c.entries.value", "row 1", pa.MapArray.from_arrays([0, 2, 4], pa.array(list("abcd")), values)),
        ("c.item.a", "row 2", pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays([values], ["a"]))),
        ("c", "at 2 of its dictionary", pa.DictionaryArray.from_arrays(pa.array([0, 2], pa.int8()), values)),
    ]
    for path, where, column in cases:
        assert_refused(client, pa.table({"c": column}), f"column {path} has 10000000.00", where)


def check_what_nobody_sees_may_be_anything(client):
    values = wrong_and_right()
    hidden = pa.array([False, False, True, False])
    unseen = [
        pa.StructArray.from_arrays([values], ["a"], mask=hidden),
        pa.ListArray.from_arrays([0, 1, 2], values),
        pa.ListArray.from_arrays(pa.array([0, 2, None, 4], pa.int32()), values)[:1],
        pa.ListArray.from_arrays([0, 2, 3, 4], values, mask=pa.array([False, True, False])),
        pa.FixedSizeListArray.from_arrays(values, 2, mask=pa.array([False, True])),
    ]
    for column in unseen:
        put(client, NAME, pa.table({"c": column}))
        list(client.do_action(flight.Action("drop_dataset", NAME.encode())))


def check_an_arrow_stream_is_refused_alike(client, location):
    sink = pa.BufferOutputStream()
    table = pa.table({"c": wrong_and_right()})
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    url = location.replace("grpc+tcp", "http").replace("grpc", "http") + f"/datasets/{NAME}"
    request = urllib.request.Request(url, data=sink.getvalue().to_pybytes(), method="PUT")
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        assert error.code == 400 and "column c has 10000000.00 in row 2" in text, text
    else:
        raise AssertionError("was stored")
    assert_equal(listed(client), set())


run(globals())
