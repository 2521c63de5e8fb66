"""Files in encodings that few writers choose give pyarrow's values, from any row on, and by a filter."""

import json
import random
import urllib.request

import duckdb
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_same_table, get, run
from raw_parquet import DELTA, OPTIONAL, PLAIN, REQUIRED, RLE, encode_delta, encode_page, write_columns

ROWS = 3000
PAGE_ROWS = 1000
# Miniblocks of 32 and 64 values are what most writers have; DuckDB and Databricks' Photon have 256.
BLOCKS = ((128, 4), (128, 2), (256, 4), (128, 1), (256, 1), (512, 4), (1024, 8), (2048, 8), (4096, 1), (384, 3), (384, 4))
rng = random.Random(7)


def sequences(bits: int) -> dict[str, list[int]]:
    """Numbers whose deltas are of every width, down to none at all, and wrap."""
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    wrap = lambda n: (n - low) % (1 << bits) + low
    return {
        "random": [rng.randint(low, high) for _ in range(ROWS)],
        "small": [rng.randint(0, 9) for _ in range(ROWS)],
        "constant": [42] * ROWS,
        "rising": list(range(ROWS)),
        "wrapping": [wrap(i * 2654435761) for i in range(ROWS)],
        "extremes": [(low, high)[i % 2] for i in range(ROWS)],
    }


def select(client, dataset: str, **command) -> pa.Table:
    descriptor = flight.FlightDescriptor.for_command(json.dumps({"dataset": dataset, **command}))
    return client.do_get(client.get_flight_info(descriptor).endpoints[0].ticket).read_all()


def assert_served(client, name: str, table: pa.Table) -> None:
    """All rows, rows from several places on, and each column by itself."""
    assert_same_table(get(client, name), table)
    for offset in (1, 31, 33, 999, 1001, 2500, table.num_rows - 1):
        assert_same_table(select(client, name, offset=offset, limit=200), table.slice(offset, 200))
    for column in table.schema.names[:2]:
        expected = table.select([column]).slice(1500, 10)
        assert_same_table(select(client, name, columns=[column], offset=1500, limit=10), expected)


def delta_column(name: str, values: list[int | None], bits: int, **options) -> dict:
    """A column of deltas, in pages that may each have blocks of another size."""
    blocks, version, codec = options["blocks"], options.get("version", 1), options.get("codec", "none")
    is_optional = None in values
    pages = []
    for i in range(0, len(values), PAGE_ROWS):
        part = values[i : i + PAGE_ROWS]
        block, miniblocks = blocks[i // PAGE_ROWS % len(blocks)]
        present = [value for value in part if value is not None]
        encoded = encode_delta(present, bits=bits, block=block, miniblocks=miniblocks)
        levels = [int(value is not None) for value in part] if is_optional else None
        pages.append(encode_page(encoded, DELTA, levels, count=len(part), version=version, codec=codec))
    repetition = OPTIONAL if is_optional else REQUIRED
    return {"name": name, "type": f"int{bits}", "repetition": repetition, "codec": codec, "encodings": [DELTA, RLE], "pages": pages}


def with_nulls(values: list[int]) -> list[int | None]:
    return [None if i % 7 == 0 or 1200 < i < 1900 else value for i, value in enumerate(values)]


def assert_written(client, repo, columns: dict[str, tuple[list, int]], **options) -> None:
    """Writes deltas by hand; serves what pyarrow reads of them, which are the values that were written."""
    path = repo / "delta.parquet"
    write_columns(path, ROWS, [delta_column(name, values, bits, **options) for name, (values, bits) in columns.items()])
    table = parquet.read_table(path)
    for name, (values, _) in columns.items():
        assert_equal(table[name].to_pylist(), values)
    assert_served(client, "delta.parquet", table)
    path.unlink()


def check_deltas_in_blocks_of_every_size(client, repo):
    numbers = {f"{name}{bits}": (values, bits) for bits in (32, 64) for name, values in sequences(bits).items()}
    for blocks in BLOCKS:
        assert_written(client, repo, numbers, blocks=[blocks])


def check_deltas_with_nulls_in_both_versions_of_pages_and_every_codec(client, repo):
    values = {"a": (with_nulls(sequences(32)["random"]), 32), "b": (sequences(64)["small"], 64)}
    for version in (1, 2):
        for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4_raw"):
            for blocks in ((128, 4), (2048, 8)):
                assert_written(client, repo, values, blocks=[blocks], version=version, codec=codec)


def check_pages_of_a_column_may_have_blocks_of_different_sizes(client, repo):
    values = {"a": (with_nulls(sequences(64)["random"]), 64), "b": (sequences(32)["wrapping"], 32)}
    for blocks in ([(128, 4), (2048, 8)], [(2048, 8), (128, 4)], [(128, 4), (256, 4), (384, 4)]):
        assert_written(client, repo, values, blocks=blocks)


def check_a_filter_finds_rows_of_deltas_that_cannot_be_skipped(client, repo):
    values = sequences(64)["random"]
    blocks = [(2048, 8)]
    columns = [delta_column("a", values, 64, blocks=blocks), delta_column("b", list(range(ROWS)), 32, blocks=blocks)]
    write_columns(repo / "delta.parquet", ROWS, columns, created_by="parquet-mr compatible Photon version 0.2")
    for row in (0, 1, 1500, ROWS - 1):
        assert_equal(select(client, "delta.parquet", filter=f"b = {row}").to_pylist(), [{"a": values[row], "b": row}])


def check_deltas_before_and_behind_pages_of_other_encodings(client, repo):
    numbers = sequences(64)["random"]
    plain = lambda part: b"".join(value.to_bytes(8, "little", signed=True) for value in part)
    for first in (PLAIN, DELTA):
        pages = []
        for i, start in enumerate(range(0, ROWS, PAGE_ROWS)):
            part = numbers[start : start + PAGE_ROWS]
            is_delta = (i % 2 == 0) == (first == DELTA)
            encoded = encode_delta(part, bits=64, block=2048, miniblocks=8) if is_delta else plain(part)
            pages.append(encode_page(encoded, DELTA if is_delta else PLAIN, None, count=len(part)))
        column = {"name": "a", "type": "int64", "encodings": [PLAIN, DELTA, RLE], "pages": pages}
        write_columns(repo / "mixed.parquet", ROWS, [column])
        assert_equal(parquet.read_table(repo / "mixed.parquet")["a"].to_pylist(), numbers)
        assert_served(client, "mixed.parquet", parquet.read_table(repo / "mixed.parquet"))
        (repo / "mixed.parquet").unlink()


def check_every_other_encoding_of_pyarrow_and_of_duckdb(client, repo):
    numbers = pa.table(
        {
            "i": pa.array(with_nulls(sequences(32)["random"]), pa.int32()),
            "l": pa.array(with_nulls(sequences(64)["random"])),
            "f": pa.array([rng.random() for _ in range(ROWS)], pa.float32()),
            "d": pa.array([None if i % 5 == 0 else rng.random() for i in range(ROWS)]),
            "b": pa.array([None if i % 3 == 0 else i % 2 == 0 for i in range(ROWS)]),
            "t": pa.array([None if i % 11 == 0 else f"text {i * 7919 % 1003}" for i in range(ROWS)]),
            "w": pa.array([i.to_bytes(12, "big") for i in range(ROWS)], pa.binary(12)),
            "h": pa.array([float(i) for i in range(ROWS)], pa.float16()),
        }
    )
    split = {name: "BYTE_STREAM_SPLIT" for name in ("i", "l", "f", "d", "w", "h")}
    delta = {"i": "DELTA_BINARY_PACKED", "l": "DELTA_BINARY_PACKED", "b": "RLE", "t": "DELTA_BYTE_ARRAY", "w": "DELTA_BYTE_ARRAY"}
    for encodings in (split, delta, {"t": "DELTA_LENGTH_BYTE_ARRAY", "b": "PLAIN"}):
        for version in ("1.0", "2.0"):
            options = {"data_page_version": version, "data_page_size": 4000, "use_dictionary": False}
            parquet.write_table(numbers, repo / "other.parquet", column_encoding=encodings, **options)
            assert_served(client, "other.parquet", numbers)
            (repo / "other.parquet").unlink()
    # DuckDB takes no halves, and writes deltas of INT32 that nobody but itself reads where they have more bits.
    small = pa.array(with_nulls(sequences(32)["small"]), pa.int32())
    known = numbers.drop_columns(["h", "w"]).set_column(0, "i", small)
    query = f"copy (select * from known) to '{repo}/duck.parquet'"
    duckdb.sql(f"{query} (format parquet, parquet_version v2, dictionary_size_limit 1)")
    assert_served(client, "duck.parquet", parquet.read_table(repo / "duck.parquet"))


def check_such_a_file_is_taken_as_an_upload(location, client, repo):
    rows = 40_000
    values = [i * 7919 % 1_000_003 for i in range(rows)]
    blocks = [(2048, 8)]
    pages = [encode_page(encode_delta(values, bits=64, block=2048, miniblocks=8), DELTA, None, count=rows)]
    column = {"name": "a", "type": "int64", "encodings": [DELTA], "pages": pages}
    write_columns(repo / "local.parquet", rows, [column], created_by="parquet-mr compatible Photon version 0.2")
    url = location.replace("grpc://", "http://") + "/datasets/uploaded.parquet"
    request = urllib.request.Request(url, data=(repo / "local.parquet").read_bytes(), method="PUT")
    assert_equal(urllib.request.urlopen(request).status, 201)
    assert_equal(select(client, "uploaded.parquet", offset=30_000, limit=2)["a"].to_pylist(), values[30_000:30_002])
    assert_same_table(get(client, "uploaded.parquet"), parquet.read_table(repo / "local.parquet"))


run(globals())
