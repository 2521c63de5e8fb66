"""Files that others wrote, with options that are unusual, are served as equal; those that cannot be are refused by name."""

import base64
import json
import os

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet
import pyarrow.parquet.encryption as encryption

from checks import assert_equal, assert_raises, assert_same_table, get, listed, put, run

ROWS = 120_000
rng = np.random.default_rng(7)
numbers = rng.integers(0, 1 << 40, ROWS)
table = pa.table(
    {
        "id": np.arange(ROWS),
        "wide": pa.array(numbers, mask=numbers % 7 == 0),
        "narrow": pa.array(numbers % 100).cast(pa.int32()),
        "float": rng.random(ROWS).astype(np.float32),
        "double": rng.random(ROWS),
        "flag": numbers % 3 == 0,
        "text": pa.array([f"row {i % 5000}" if i % 11 else None for i in range(ROWS)]),
        "bytes": pa.array([b"%d" % i for i in range(ROWS)]),
        "moment": pa.array(numbers, pa.timestamp("us", "UTC")),
        "list": pa.array([list(range(i % 4)) for i in range(ROWS)], pa.list_(pa.field("element", pa.int64()))),
    }
)
flat = table.drop_columns(["list"])


def served(client, repo, expected: pa.Table = table, **options) -> None:
    """A file that pyarrow writes so is served as it is put there."""
    parquet.write_table(expected, repo / "foreign.parquet", **options)
    assert_same_table(get(client, "foreign.parquet"), expected)


def check_every_codec(client, repo):
    for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
        served(client, repo, compression=codec)


def check_data_pages_of_version_2(client, repo):
    for codec in ("none", "zstd"):
        served(client, repo, data_page_version="2.0", compression=codec)


def check_byte_stream_split(client, repo):
    columns = ["float", "double", "id", "narrow"]
    served(client, repo, flat, use_dictionary=False, use_byte_stream_split=columns)


def check_delta_encodings(client, repo):
    encodings = {
        "id": "DELTA_BINARY_PACKED",
        "narrow": "DELTA_BINARY_PACKED",
        "text": "DELTA_BYTE_ARRAY",
        "bytes": "DELTA_LENGTH_BYTE_ARRAY",
        "flag": "RLE",
    }
    served(client, repo, flat, use_dictionary=False, column_encoding=encodings)


def check_one_row_group_with_a_page_index_and_without(client, repo):
    large = pa.concat_tables([flat] * 10).combine_chunks()
    for with_index in (True, False):
        served(client, repo, large, row_group_size=large.num_rows, write_page_index=with_index)


def check_many_small_row_groups(client, repo):
    served(client, repo, row_group_size=500)


def check_no_statistics_and_small_pages(client, repo):
    served(client, repo, write_statistics=False, data_page_size=2048, dictionary_pagesize_limit=4096)


def check_no_arrow_schema_and_old_formats(client, repo):
    for version in ("1.0", "2.4", "2.6"):
        parquet.write_table(flat, repo / "foreign.parquet", version=version, store_schema=False)
        assert_same_table(get(client, "foreign.parquet"), parquet.read_table(repo / "foreign.parquet"))


def check_timestamps_of_96_bits(client, repo):
    parquet.write_table(flat.select(["moment"]), repo / "foreign.parquet", use_deprecated_int96_timestamps=True)
    assert_equal(get(client, "foreign.parquet")["moment"].cast(pa.timestamp("us", "UTC")), flat["moment"])


def check_columns_with_crc_and_sorting(client, repo):
    order = [parquet.SortingColumn(0)]
    served(client, repo, write_page_checksum=True, sorting_columns=order)


def check_files_of_duckdb(client, repo):
    for options in ("", "compression zstd", "parquet_version v2, row_group_size 200000", "compression lz4_raw"):
        extra = f", {options}" if options else ""
        duckdb.sql(f"copy (select * from flat) to '{repo}/duckdb.parquet' (format parquet{extra})")
        expected = duckdb.sql(f"select * from '{repo}/duckdb.parquet'").to_arrow_table()
        assert_values(get(client, "duckdb.parquet"), expected)


def check_files_of_polars(client, repo):
    frame = polars.from_arrow(table)
    for options in ({}, {"compression": "lz4"}, {"row_group_size": ROWS, "statistics": False}, {"data_page_size": 1000}):
        frame.write_parquet(repo / "polars.parquet", **options)
        assert_values(get(client, "polars.parquet"), parquet.read_table(repo / "polars.parquet"))


def assert_values(actual: pa.Table, expected: pa.Table) -> None:
    """Equal values; types may be of other offsets (string and large_string)."""
    assert_equal(actual.schema.names, expected.schema.names)
    for name in expected.schema.names:
        mine, theirs = actual[name], expected[name]
        assert mine.cast(theirs.type).equals(theirs), f"column {name} of {mine.type} differs"


def check_names_and_metadata_that_cannot_be_sent_are_refused_by_name(client, repo):
    nested = pa.array([{"x\0y": 1}])
    for strange, error, why in (
        (pa.table({"s": nested}), pa.ArrowNotImplementedError, "NUL in its name"),
        (pa.table({"a": [1]}, metadata={"key": b"\xff"}), flight.FlightInternalError, "utf-8"),
    ):
        parquet.write_table(strange, repo / "strange.parquet")
        for mentions in ("strange.parquet", why):
            assert_raises(error, lambda: get(client, "strange.parquet"), mentions=mentions)
        assert "strange.parquet" not in listed(client)


class Keys(encryption.KmsClient):
    """Keys that are not secret."""

    def __init__(self, _config):
        super().__init__()

    def wrap_key(self, key, _master):
        return base64.b64encode(key)

    def unwrap_key(self, wrapped, _master):
        return base64.b64decode(wrapped)


def write_encrypted(path, *, plaintext_footer: bool) -> None:
    """A file whose column "text" is encrypted, and its footer with it unless told otherwise."""
    keys = {"footer_key": "f", "column_keys": {"c": ["text"]}, "plaintext_footer": plaintext_footer}
    properties = encryption.CryptoFactory(Keys).file_encryption_properties(
        encryption.KmsConnectionConfig(), encryption.EncryptionConfiguration(**keys)
    )
    with parquet.ParquetWriter(path, flat.schema, encryption_properties=properties) as writer:
        writer.write_table(flat)


def check_an_encrypted_file_is_refused_by_name(client, repo):
    write_encrypted(repo / "locked.parquet", plaintext_footer=False)
    for mentions in ("locked.parquet", "the file is encrypted"):
        assert_raises(pa.ArrowNotImplementedError, lambda: get(client, "locked.parquet"), mentions=mentions)
    assert "locked.parquet" not in listed(client)


def check_of_a_file_with_an_encrypted_column_the_others_are_served(client, repo):
    write_encrypted(repo / "half.parquet", plaintext_footer=True)
    why = 'column "text" is encrypted'
    assert_raises(pa.ArrowNotImplementedError, lambda: get(client, "half.parquet"), mentions=why)
    command = json.dumps({"dataset": "half.parquet", "columns": ["id", "double"]})
    info = client.get_flight_info(flight.FlightDescriptor.for_command(command))
    assert_same_table(client.do_get(info.endpoints[0].ticket).read_all(), flat.select(["id", "double"]))
    (repo / "half.parquet").unlink()


def check_a_truncated_file_is_refused_by_name(client, repo):
    parquet.write_table(table, repo / "whole.parquet")
    whole = (repo / "whole.parquet").read_bytes()
    for name, byte_length in (("half", len(whole) // 2), ("endless", len(whole) - 1), ("short", 6), ("empty", 0)):
        (repo / f"{name}.parquet").write_bytes(whole[:byte_length])
        assert_raises(flight.FlightInternalError, lambda: get(client, f"{name}.parquet"), mentions=f"{name}.parquet")
        assert f"{name}.parquet" not in listed(client)
    assert_same_table(get(client, "whole.parquet"), table)


def check_a_file_without_its_middle_is_refused_and_harms_nobody(client, repo):
    parquet.write_table(table, repo / "hollow.parquet", compression="none", row_group_size=10_000)
    size = os.path.getsize(repo / "hollow.parquet")
    with open(repo / "hollow.parquet", "r+b") as file:
        file.seek(size // 3)
        file.write(b"\xff" * (size // 3))
    assert_raises(flight.FlightInternalError, lambda: get(client, "hollow.parquet"), mentions="hollow.parquet")
    put(client, "other.parquet", table)
    assert_same_table(get(client, "other.parquet"), table)


run(globals())
