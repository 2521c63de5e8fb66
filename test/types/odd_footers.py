"""Footers that other readers take are taken; what is not supported is refused by column, and by what it is."""

import json
import urllib.error
import urllib.request

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_raises, assert_same_table, get, run
from raw_parquet import BINARY, CODECS, DELTA_LENGTH, I32, I64, LIST, PLAIN, RLE, STRUCT
from raw_parquet import chunks_of, encode_page, read_file, write_columns, write_file

ROWS = 20_000
rng = np.random.default_rng(7)
table = pa.table(
    {
        "id": np.arange(ROWS),
        "few": pa.array(rng.integers(0, 50, ROWS), mask=np.arange(ROWS) % 7 == 0),
        "text": pa.array([f"row {i % 500}" for i in range(ROWS)]),
        "list": pa.array([list(range(i % 4)) for i in range(ROWS)], pa.list_(pa.field("element", pa.int64()))),
    }
)

numbers_of_all = table


def select(client, dataset: str, **command) -> pa.Table:
    descriptor = flight.FlightDescriptor.for_command(json.dumps({"dataset": dataset, **command}))
    return client.do_get(client.get_flight_info(descriptor).endpoints[0].ticket).read_all()


def upload(location: str, path) -> tuple[int, str]:
    url = location.replace("grpc://", "http://") + "/datasets/uploaded.parquet"
    request = urllib.request.Request(url, data=path.read_bytes(), method="PUT")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def assert_served(client, location, path, change, in_duckdb=True, **options) -> None:
    """A file whose footer is changed so is served as pyarrow and DuckDB read it, whole and in parts, and taken as upload."""
    parquet.write_table(table, path, row_group_size=8000, **options)
    body, footer = read_file(path)
    change(footer)
    write_file(path, body, footer)
    assert_same_table(parquet.read_table(path), table)
    if in_duckdb:
        sums = "sum(id), sum(few), count(few), min(text), max(text), sum(len(list))"
        query = lambda source: duckdb.sql(f"select {sums} from {source}").fetchall()
        assert_equal(query(f"'{path}'"), query("numbers_of_all"))
    assert_same_table(get(client, path.name), table)
    assert_same_table(select(client, path.name, offset=12_345, limit=9), table.slice(12_345, 9))
    for name in table.schema.names:
        assert_same_table(select(client, path.name, columns=[name]), table.select([name]))
    assert_equal(select(client, path.name, filter="id = 17000", columns=["few"]), table.select(["few"]).slice(17_000, 1))
    assert upload(location, path)[0] in (201, 204)
    path.unlink()


def check_a_dictionary_at_offset_0_is_none(client, location, repo):
    def without_dictionary(footer):
        for chunk in chunks_of(footer):
            chunk[11] = (I64, 0)

    def with_dictionary(footer):
        for chunk in chunks_of(footer):
            if 11 in chunk:
                chunk[9], chunk[11] = chunk[11], (I64, 0)

    for index in (False, True):
        assert_served(client, location, repo / "zero.parquet", without_dictionary, use_dictionary=False, write_page_index=index)
    assert_served(client, location, repo / "zero.parquet", with_dictionary)


def check_a_dictionary_behind_its_pages_is_none(client, location, repo):
    def change(footer):
        for chunk in chunks_of(footer):
            chunk[11] = chunk[9]

    assert_served(client, location, repo / "behind.parquet", change, use_dictionary=False)


def check_rows_are_counted_by_their_row_groups(client, repo):
    for count in (0, 5, 1 << 40):
        parquet.write_table(table, repo / "count.parquet")
        body, footer = read_file(repo / "count.parquet")
        footer[3] = (I64, count)
        write_file(repo / "count.parquet", body, footer)
        assert_same_table(get(client, "count.parquet"), table)


def check_empty_lists_may_have_no_type(client, location, repo):
    """As fastparquet writes the row groups of a file without rows."""
    path = repo / "empty.parquet"
    with parquet.ParquetWriter(path, table.schema):
        pass
    body, footer = read_file(path)
    footer[4] = footer[5] = (LIST, (0, []))
    write_file(path, body, footer)
    got = get(client, "empty.parquet")
    assert_equal((got.num_rows, got.schema.names), (0, table.schema.names))
    assert upload(location, path)[0] in (201, 204)


def check_fields_of_other_types_than_parquet_has_are_left_out(client, location, repo):
    """As Dremio writes them: a list where Parquet has since put the length of a bloom filter."""

    def change(footer):
        for chunk in chunks_of(footer):
            chunk[15] = (LIST, (STRUCT, [{1: (I32, 7)}]))
            chunk[16] = (BINARY, "size")

    assert_served(client, location, repo / "fields.parquet", change)


def check_page_indexes_that_are_none_are_left_out(client, location, repo):
    def change(footer):
        for group in footer[4][1][1]:
            for chunk in group[1][1][1]:
                chunk[4], chunk[6] = (I64, 40), (I64, 50)

    # A filter of pyarrow's does not look at them either.
    assert_served(client, location, repo / "index.parquet", change, write_page_index=True)


def check_bare_repeated_fields_are_required_lists(client, repo):
    item = pa.list_(pa.field("element", pa.int64(), nullable=False))
    lists = pa.array([list(range(i % 4)) for i in range(ROWS)], item)
    schema = pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("list", item, nullable=False)])
    for name, change in (("leaf", drop_list), ("group", drop_annotation)):
        path = repo / f"bare-{name}.parquet"
        parquet.write_table(pa.table([table["id"], lists], schema=schema), path, store_schema=False)
        body, footer = read_file(path)
        change(footer)
        write_file(path, body, footer)
        expected = parquet.read_table(path)
        assert_equal(expected.schema.field("list").nullable, False)
        assert_same_table(get(client, path.name), expected)
        assert_same_table(select(client, path.name, columns=["list"], offset=777, limit=50), expected.select(["list"]).slice(777, 50))


def drop_list(footer) -> None:
    """Makes `repeated int64 list` of `required group list (LIST) { repeated group list { required int64 element } }`."""
    root, number, _, _, leaf = footer[2][1][1]
    footer[2] = (LIST, (STRUCT, [root, number, leaf | {3: (I32, 2), 4: (BINARY, "list")}]))
    chunks_of(footer)[1][3] = (LIST, (BINARY, ["list"]))


def drop_annotation(footer) -> None:
    """Makes a struct with a repeated group of it."""
    for element in footer[2][1][1]:
        for field in (6, 10):
            element.pop(field, None)


def check_chunks_that_old_writers_made_too_short_are_read_to_their_end(client, location, repo):
    def change(footer):
        footer[6] = (BINARY, "parquet-mr version 1.2.8 (build abc)")
        for chunk in chunks_of(footer):
            if 11 in chunk:
                chunk[7] = (I64, chunk[7][1] - 14)

    assert_served(client, location, repo / "short.parquet", change, compression="none")


def check_a_codec_that_is_not_supported_is_named_with_its_column(client, location, repo):
    for codec, name, is_known in ((CODECS["lzo"], "LZO", True), (42, "UNKNOWN (42)", False)):
        path = repo / "codec.parquet"
        parquet.write_table(table.select(["id", "text"]), path, compression="none")
        body, footer = read_file(path)
        chunks_of(footer)[1][4] = (I32, codec)
        write_file(path, body, footer)
        for mentions in ('column "text"', name):
            assert_raises(pa.ArrowNotImplementedError, lambda: get(client, path.name), mentions=mentions)
        if is_known:
            assert_same_table(select(client, path.name, columns=["id"]), table.select(["id"]))
        status, words = upload(location, path)
        assert_equal(status, 400)
        assert name in words and "text" in words, words
        path.unlink()


def check_an_encoding_that_is_not_supported_is_named_with_its_column(client, location, repo):
    number = lambda i: i.to_bytes(8, "little")
    plain = encode_page(b"".join(map(number, range(100))), PLAIN, None, count=100)
    id_column = {"name": "id", "type": "int64", "encodings": [PLAIN], "pages": [plain]}
    for encoding, name in ((12, "UNKNOWN (12)"), (RLE, "RLE"), (DELTA_LENGTH, "DELTA_LENGTH_BYTE_ARRAY")):
        page = encode_page(bytes(800), encoding, None, count=100)
        odd = {"name": "odd", "type": "int64", "encodings": [encoding], "pages": [page]}
        write_columns(repo / "encoding.parquet", 100, [id_column, odd])
        for mentions in ('column "odd"', "INT64", name):
            assert_raises(pa.ArrowNotImplementedError, lambda: get(client, "encoding.parquet"), mentions=mentions)
        assert_equal(select(client, "encoding.parquet", columns=["id"])["id"].to_pylist(), list(range(100)))
        status, words = upload(location, repo / "encoding.parquet")
        assert status == 400 and name in words, (status, words)
        (repo / "encoding.parquet").unlink()


def check_an_encoding_that_a_footer_names_and_no_page_has_is_no_matter(client, location, repo):
    def change(footer):
        for chunk in chunks_of(footer):
            chunk[2] = (LIST, (I32, [*chunk[2][1][1], 12]))

    assert_served(client, location, repo / "named.parquet", change, in_duckdb=False)


def check_deltas_of_more_bits_than_their_numbers_are_named(client, repo):
    numbers = pa.table({"wide": pa.array([(-1) ** i * (2**31 - 1) for i in range(5000)], pa.int32())})
    options = "format parquet, parquet_version v2, dictionary_size_limit 1"
    duckdb.sql(f"copy (select * from numbers) to '{repo}/wide.parquet' ({options})")
    assert_raises(OSError, lambda: parquet.read_table(repo / "wide.parquet"))
    for mentions in ('column "wide"', "INT32", "DELTA_BINARY_PACKED"):
        assert_raises(pa.ArrowNotImplementedError, lambda: get(client, "wide.parquet"), mentions=mentions)


def check_types_that_are_not_supported_are_named_with_their_column(client, location, repo):
    frame = polars.DataFrame({"a": [1, 2]}).with_columns(polars.col("a").cast(polars.Int128).alias("big"))
    frame.write_parquet(repo / "type.parquet")
    parquet.write_table(table.select(["id"]), repo / "physical.parquet", store_schema=False)
    body, footer = read_file(repo / "physical.parquet")
    footer[2][1][1][1][1] = (I32, 8)
    write_file(repo / "physical.parquet", body, footer)
    for name, words in (("type", ('column "big"', "Int128")), ("physical", ('column "id"', "physical type 8"))):
        for mentions in words:
            assert_raises(pa.ArrowNotImplementedError, lambda: get(client, f"{name}.parquet"), mentions=mentions)
        status, answer = upload(location, repo / f"{name}.parquet")
        assert status == 400 and words[1] in answer, (status, answer)


run(globals())
