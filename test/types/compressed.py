"""Record batches whose bodies come compressed are stored like any other; what expands past its limit is refused."""

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight

from checks import assert_equal, assert_raises, assert_same_table, get, listed, put, run
from arrow_types import LEAVES, PLACES, make_table

EXPANDED_BYTES_MAX = 256 << 20


def compressed(codec: str) -> flight.FlightCallOptions:
    return flight.FlightCallOptions(write_options=pa.ipc.IpcWriteOptions(compression=codec))


def stores_equal(client, codec: str, table: pa.Table) -> None:
    put(client, f"{codec}.parquet", table, compressed(codec))
    assert_same_table(get(client, f"{codec}.parquet"), table)


def numbers(row_count: int) -> pa.Table:
    rng = np.random.default_rng(7)
    noise = rng.random(row_count)
    text = pa.array([f"row {i % 1000} of many, all alike" for i in range(row_count)])
    return pa.table({"n": np.arange(row_count), "noise": noise, "text": text})


def check_lz4(client):
    stores_equal(client, "lz4", numbers(300_000))


def check_zstd(client):
    stores_equal(client, "zstd", numbers(300_000))


def check_batches_larger_than_a_row_group(client):
    table = numbers(2_000_000)
    for codec in ("lz4", "zstd"):
        writer, _ = client.do_put(flight.FlightDescriptor.for_path("large.parquet"), table.schema, compressed(codec))
        with writer:
            writer.write_table(table)
        assert_same_table(get(client, "large.parquet"), table)


def check_types(client):
    # Empty buffers, buffers that compression would make larger, dictionaries that are replaced.
    for name in ("int8", "bool", "string", "binary", "large_string", "decimal128(38, 10)", "float"):
        for place in ("column", "required column", "list", "struct", "map"):
            for codec in ("lz4", "zstd"):
                stores_equal(client, codec, make_table(LEAVES[name], PLACES[place], f"{codec} {name} {place}"))
    for codec in ("lz4", "zstd"):
        stores_equal(client, codec, make_table(LEAVES["string"], PLACES["dictionary"], codec))


def check_what_expands_too_far_is_refused(client):
    zeros = pa.table({"n": np.zeros(EXPANDED_BYTES_MAX // 8 + 1, np.int64)})
    for codec in ("lz4", "zstd"):
        writer, _ = client.do_put(flight.FlightDescriptor.for_path("bomb.parquet"), zeros.schema, compressed(codec))

        def put_all() -> None:
            with writer:
                writer.write_table(zeros)

        # pyarrow has no exception of its own for RESOURCE_EXHAUSTED.
        assert_raises(pa.ArrowException, put_all, mentions=f"expands to more than {EXPANDED_BYTES_MAX} bytes")
        assert "bomb.parquet" not in listed(client)


def check_the_server_is_unharmed(client):
    stores_equal(client, "zstd", numbers(1000))
    assert_equal(get(client, "zstd.parquet").num_rows, 1000)


run(globals())
